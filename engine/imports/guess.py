"""Which column of an unknown table is which of ours: by its heading, and its values must agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import pyarrow as pa

from data.schema import TRANSACTIONS, Kind
from engine.imports import dates, numbers
from engine.imports.batch import Batch
from engine.imports.formats._base import PRODUCT_NAME, folded

# For each of our columns, tiers of headings: within the best tier that matches, two matches are a question.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "transaction_id": ("transaction_id", "line_id|order_line_id|lineitem_id|item_line_id|row_id"),
    "order_id": (
        "order_id",
        "order|order_no|order_number|order_nr|invoice|invoice_no|invoice_id|invoice_number|basket_id|receipt|receipt_id"
        "|receipt_no|bill_no|ticket|ticket_id|sale_id|sales_id|purchase_id|bestellnummer|rechnungsnummer|commande"
        "|numero_commande|pedido|id_pedido|numero_pedido|bestellung|bestellnr|auftragsnummer|belegnummer|ordine"
        "|numero_ordine|bestelnummer",
    ),
    "customer_id": (
        "customer_id",
        "customer|customer_no|customer_number|client_id|client|user_id|user|buyer_id|buyer|shopper_id|household_id"
        "|account_id|member_id|visitor_id|cust_id|kundennummer|kunden_id|kunde|id_client|cliente|id_cliente",
        "email|customer_email|e_mail|billing_email|buyer_email|kundennr|codigo_cliente|klantnummer",
        "customer_name|client_name|buyer_username|nome_cliente",
    ),
    "date": (
        "date",
        "order_date|ordered_at|order_timestamp|purchase_date|purchased_at|transaction_date|transaction_timestamp"
        "|invoice_date|sale_date|sales_date|order_time|order_datetime|date_ordered|datetime|bestelldatum|datum"
        "|date_commande|fecha|fecha_pedido|data_pedido|data_do_pedido|data_da_compra|data_venda|data|data_ordine"
        "|rechnungsdatum|auftragsdatum|besteldatum|order_purchase_timestamp",
        "created_at|created|timestamp|time|day|placed_at|paid_at|month",
    ),
    "revenue": (
        "revenue",
        "line_total|line_amount|net_revenue|net_sales|sales_value|net_amount|sales_amount|item_total|line_revenue|n_revenue",
        "sales|amount|turnover|umsatz|betrag|montant|importe|valor|subtotal|net_total|chiffre_daffaires|ventes|ventas",
        "total|total_amount|order_total|total_price|price_paid|dollar_value|total_sales|spend|payment_value|gesamt|valor_total"
        "|totale|total_ttc",
    ),
    "quantity": (
        "quantity",
        "qty|units|pieces|item_quantity|order_quantity|quantity_ordered|menge|anzahl|stuckzahl|quantite|cantidad"
        "|quantidade|quantita|aantal",
        "count|items|number_of_items|items_sold",
    ),
    "unit_price": (
        "unit_price",
        "price_each|item_price|price_per_unit|price_per_item|selling_price|unit_cost_price|price_unit",
        "price|preis|einzelpreis|prix|prix_unitaire|precio|precio_unitario|preco"
        "|preco_unitario|valor_unitario|stuckpreis|prezzo|prezzo_unitario|prijs",
    ),
    "discount": ("discount", "discount_amount|discount_value|line_discount|rabatt|remise|descuento|desconto|sconto"),
    "refund": ("refund", "refunded|refund_amount|refunded_amount|amount_refunded"),
    "shipping": (
        "shipping",
        "shipping_cost|shipping_amount|shipping_price|freight|freight_value|postage|delivery_fee"
        "|versand|versandkosten|frais_de_port|frete",
    ),
    "cost": ("cost", "unit_cost_total|cogs|cost_of_goods|line_cost|cost_amount"),
    "product": (
        "product",
        "sku|stock_code|product_code|item_code|article_code",
        "product_id|item_id|product_no|item_no|article_no|artikelnummer|asin|isbn",
        "product_name|item_name|item|article|artikel|produit|producto|produto|prodotto|title",
        "description|designation",
    ),
    PRODUCT_NAME: (
        "product_name",
        "item_name|product_title|item_title|article_name|artikelname|artikelbezeichnung|produktname|nom_produit",
        "item|article|artikel|produit|producto|produto|prodotto|title|bezeichnung",
        "description|product_description|item_description|beschreibung|designation|descripcion",
    ),
    "category": (
        "category",
        "product_category|category_name|kategorie|categorie|categoria",
        "department|product_type",
    ),
    "channel": ("channel", "sales_channel|source|utm_source|marketing_channel|traffic_source|order_channel|kanal"),
    "payment_method": (
        "payment_method",
        "payment_type|payment|pay_method|zahlungsart|mode_paiement|metodo_pago|forma_de_pagamento",
    ),
    "segment": ("segment", "customer_segment|customer_type|loyalty_tier|tier"),
    "region": (
        "region",
        "state|country|shipping_country|shipping_region|billing_country|customer_state|customer_country|ship_to_country|land|pays"
        "|pais|estado|uf",
        "city|market|territory|store_id",
    ),
    "age_group": ("age_group", "age_range|age_band|age_bracket|altersgruppe"),
    "status": ("status", "order_status|state_of_order", "financial_status|payment_status", "fulfillment_status"),
    "currency": ("currency", "currency_code|order_currency|waehrung|devise|moneda"),
    "delivery_days": ("delivery_days", "days_to_deliver|delivery_time_days|days_for_shipping_real|lieferzeit_tage"),
    "promised_days": ("promised_days", "days_for_shipment_scheduled"),
    "satisfaction_score": ("satisfaction_score", "satisfaction|review_score|rating|customer_rating|csat|stars"),
}

# What these say decides what counts as whose money: in doubt about them nothing is read. In doubt about others
# (a region that could be the state or the country) the column is left out, and the report says so.
DECISIVE = frozenset(
    ("transaction_id", "order_id", "customer_id", "date", "revenue", "quantity", "unit_price", "discount", "status")
)

KINDS = {column.name: column.kind for column in TRANSACTIONS} | {PRODUCT_NAME: Kind.TEXT}
# A column that means the same by another name must hold what it promises in half of its cells (a column of
# one row in three bad is still the right one: those rows are set aside by name); one of our own name in any.
AGREEMENT = 0.5
CENT = Decimal("0.01")
OPTION = "--map {ours}={theirs}"


@dataclass
class Guess:
    """A guessed mapping: ours -> theirs, why, and what could not be decided."""

    mapping: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def settle(self, ours: str, theirs: str, reason: str) -> None:
        self.mapping[ours] = theirs
        self.reasons[ours] = reason


def guess(header: Sequence[str], sample: Batch, given: dict[str, str]) -> Guess:
    """Our columns in a table's header.

    Parameters
    ----------
    header : the table's headings
    sample : its first rows, under those headings
    given : what the person settled, ours -> theirs; "" where the file has none
    """
    found = Guess()
    for ours, theirs in given.items():
        if theirs:
            found.settle(ours, theirs, "you said so")
    taken = set(found.mapping.values())
    for ours, tiers in SYNONYMS.items():
        if ours not in given:
            _by_heading(found, ours, tiers, [h for h in header if h not in taken], sample)
            taken.add(found.mapping.get(ours, ""))
    _prefer_price(found, given)
    _doubt_shares(found, [h for h in header if h not in taken], sample, given)
    _after_discount(found, sample, given)
    if "date" not in found.mapping and "date" not in given and not found.questions:
        _date_by_values(found, [h for h in header if h not in taken], sample)
    return found


def _prefer_price(found: Guess, given: dict[str, str]) -> None:
    """Quantity x price is the line's; a column called `total` is often the whole order's, on each of its lines."""
    whole = found.mapping.get("revenue")
    words = {folded(word) for word in SYNONYMS["revenue"][-1].split("|")}
    if not whole or "revenue" in given or folded(_bare(whole)) not in words:
        return
    if {"quantity", "unit_price"} <= set(found.mapping):
        del found.mapping["revenue"], found.reasons["revenue"]
        found.notes.append(
            f"The money of a line is {found.mapping['quantity']} x {found.mapping['unit_price']}; {whole!r} is not "
            f"taken ({OPTION.format(ours='revenue', theirs=quoted(whole))} takes it instead)."
        )


def _doubt_shares(found: Guess, free: Sequence[str], sample: Batch, given: dict[str, str]) -> None:
    """A discount of `10%` or `0.1` is a share of the price: taken as money it would be almost nothing."""
    if "discount" in given:
        return
    words = {folded(word) for tier in SYNONYMS["discount"] for word in tier.split("|")}
    column = found.mapping.get("discount") or next((h for h in free if folded(_bare(h)) in words), None)
    share = _a_share(_filled(sample.columns[column])) if column else None
    if share is None:
        return
    found.mapping.pop("discount", None)
    if "revenue" in found.mapping:
        found.notes.append(f"{column!r} holds shares such as {share!r}, not money: discount is left empty.")
        return
    found.questions.append(
        f"Is {column!r} ({share!r}) a share of the price? Only money can be taken off: name the line's money after "
        f"discount with {OPTION.format(ours='revenue', theirs='COLUMN')}; if it is money, say "
        f"{OPTION.format(ours='discount', theirs=quoted(column))}."
    )


def _a_share(values: Sequence[str]) -> str | None:
    """One of these values that shows that they are shares; None where they are money, or one alone may be."""
    percent = next((v for v in values if v.endswith("%")), None)
    if percent:
        return percent
    figures = [numbers.read_one(v.replace(",", "."), ".") for v in values]
    if any(isinstance(f, str) or (f is not None and not 0 <= f < 1) for f in figures):
        return None
    given = [v for v, f in zip(values, figures, strict=True) if f]
    return given[0] if len(given) > 1 else None


def _after_discount(found: Guess, sample: Batch, given: dict[str, str]) -> None:
    """Money that is quantity x price even where a discount was given is the money before it."""
    names = ("quantity", "unit_price", "discount", "revenue")
    if "revenue" in given or not set(names) <= set(found.mapping):
        return
    columns = [sample.columns[found.mapping[name]] for name in names]
    sign = sum((numbers.evidence(c) for c in columns), numbers.Evidence()).decimal or "."
    rows = [
        [numbers.read_one(value, sign) for value in row] for row in zip(*map(pa.Array.to_pylist, columns), strict=True)
    ]
    cut = [row for row in rows if all(isinstance(cell, Decimal) for cell in row) and row[2]]
    before = [row for row in cut if abs(row[0] * row[1] - row[3]) < CENT]
    if cut and len(before) > AGREEMENT * len(cut):
        whole = found.mapping.pop("revenue")
        found.notes.append(
            f"{whole!r} is the money before the discount: a line's is {found.mapping['quantity']} x "
            f"{found.mapping['unit_price']} - {found.mapping['discount']} "
            f"({OPTION.format(ours='revenue', theirs=quoted(whole))} takes it instead)."
        )


def _by_heading(found: Guess, ours: str, tiers: Sequence[str], header: Sequence[str], sample: Batch) -> None:
    for tier in tiers:
        words = {folded(word) for word in tier.split("|")}
        near = [h for h in header if folded(_bare(h)) in words]
        least = 0.0 if tier is tiers[0] else AGREEMENT
        fits = [h for h in near if _agrees(ours, sample.columns[h], least)]
        if len(fits) == 1:
            found.settle(
                ours, fits[0], "its heading" if folded(fits[0]) == folded(ours) else "its heading means the same"
            )
            return
        if len(fits) > 1:
            question = _question(ours, fits)
            if ours in DECISIVE:
                found.questions.append(question)
            else:
                found.notes.append(f"{ours} is left empty. {question}")
            return


def _question(ours: str, fits: Sequence[str]) -> str:
    option = OPTION.format(ours=ours, theirs=quoted(fits[0]))
    return f"Is {ours} the column {' or '.join(map(repr, fits))}? Say with {option}, for example."


def _bare(heading: str) -> str:
    """A heading without its doubled count, unit or currency: `Revenue (EUR)`, `revenue (2)`, `price_usd`."""
    return heading.split("(")[0].split("[")[0].strip() or heading


def quoted(heading: str) -> str:
    return f'"{heading}"' if " " in heading else heading


def _date_by_values(found: Guess, header: Sequence[str], sample: Batch) -> None:
    fits = [h for h in header if _share_of_dates(sample.columns[h]) > 0.95]
    if len(fits) == 1:
        found.settle("date", fits[0], "the only column of dates")
    elif fits:
        found.questions.append(_question("date", fits))


def _agrees(ours: str, text: pa.Array, least: float) -> bool:
    """Whether the values can be what the heading says; a column without any value cannot."""
    kind = KINDS[ours]
    if kind is Kind.TEXT:
        return True
    share = _share_of_dates(text) if kind in (Kind.DATE, Kind.MOMENT) else _share_of_numbers(text)
    return share > least or not _filled(text)


def _filled(text: pa.Array) -> list[str]:
    return [value for value in text.to_pylist() if value]


def _share_of_dates(text: pa.Array) -> float:
    values = _filled(text)
    found = dates.read(pa.array(values, pa.string()), True).present
    other = dates.read(pa.array(values, pa.string()), False).present
    return float(np.mean(found | other)) if values else 0.0


def _share_of_numbers(text: pa.Array) -> float:
    values = _filled(text)
    good = sum(any(not isinstance(numbers.read_one(v, d), str) for d in ".,") for v in values)
    return good / len(values) if values else 0.0
