"""Which column of an unknown table is which of ours: by its heading, and its values must agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

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
        "|numero_commande|pedido|id_pedido",
    ),
    "customer_id": (
        "customer_id",
        "customer|customer_no|customer_number|client_id|client|user_id|user|buyer_id|buyer|shopper_id|household_id"
        "|account_id|member_id|visitor_id|cust_id|kundennummer|kunden_id|kunde|id_client|cliente|id_cliente",
        "email|customer_email|e_mail|customer_name|billing_email",
    ),
    "date": (
        "date",
        "order_date|ordered_at|order_timestamp|purchase_date|purchased_at|transaction_date|transaction_timestamp"
        "|invoice_date|sale_date|sales_date|order_time|order_datetime|date_ordered|datetime|bestelldatum|datum"
        "|date_commande|fecha|fecha_pedido|data_pedido|order_purchase_timestamp",
        "created_at|created|timestamp|time|day|placed_at|paid_at|month",
    ),
    "revenue": (
        "revenue",
        "line_total|line_amount|net_revenue|net_sales|sales_value|net_amount|sales_amount|item_total|line_revenue",
        "sales|amount|turnover|umsatz|betrag|montant|importe|valor|subtotal|net_total|chiffre_daffaires|ventes|ventas",
        "total|total_amount|order_total|total_price|price_paid|dollar_value|total_sales|spend|payment_value|gesamt",
    ),
    "quantity": (
        "quantity",
        "qty|units|pieces|item_quantity|order_quantity|quantity_ordered|menge|anzahl|quantite|cantidad",
        "count|items|number_of_items",
    ),
    "unit_price": (
        "unit_price",
        "price_each|item_price|price_per_unit|price_per_item|selling_price|unit_cost_price|price_unit",
        "price|preis|einzelpreis|prix|prix_unitaire|precio|precio_unitario|preco",
    ),
    "discount": ("discount", "discount_amount|discount_value|line_discount|rabatt|remise|descuento"),
    "refund": ("refund", "refunded|refund_amount|refunded_amount|amount_refunded"),
    "shipping": ("shipping", "shipping_cost|shipping_amount|shipping_price|freight|freight_value|postage|delivery_fee"),
    "cost": ("cost", "unit_cost_total|cogs|cost_of_goods|line_cost|cost_amount"),
    "product": (
        "product",
        "sku|stock_code|product_code|item_code|article_code",
        "product_id|item_id|product_no|item_no|article_no|artikelnummer|asin|isbn",
        "product_name|item_name|item|article|artikel|produit|producto|title",
        "description",
    ),
    PRODUCT_NAME: (
        "product_name",
        "item_name|product_title|item_title|article_name|artikelname|artikelbezeichnung|produktname|nom_produit",
        "item|article|artikel|produit|producto|title|bezeichnung",
        "description|product_description|item_description|beschreibung|designation|descripcion",
    ),
    "category": (
        "category",
        "product_category|category_name|kategorie|categorie|categoria",
        "department|product_type",
    ),
    "channel": ("channel", "sales_channel|source|utm_source|marketing_channel|traffic_source|order_channel|kanal"),
    "payment_method": ("payment_method", "payment_type|payment|pay_method|zahlungsart|mode_paiement|metodo_pago"),
    "segment": ("segment", "customer_segment|customer_type|loyalty_tier|tier"),
    "region": (
        "region",
        "state|country|shipping_country|shipping_region|billing_country|customer_state|customer_country|land|pays|pais",
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
            f"taken ({OPTION.format(ours='revenue', theirs=_quoted(whole))} takes it instead)."
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
    option = OPTION.format(ours=ours, theirs=_quoted(fits[0]))
    return f"Is {ours} the column {' or '.join(map(repr, fits))}? Say with {option}, for example."


def _bare(heading: str) -> str:
    """A heading without its doubled count, unit or currency: `Revenue (EUR)`, `revenue (2)`, `price_usd`."""
    return heading.split("(")[0].split("[")[0].strip() or heading


def _quoted(heading: str) -> str:
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
