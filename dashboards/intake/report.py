"""A load's report in words and tables: what became of every row and of the money, formatted for people."""

from __future__ import annotations

from typing import Any

from components import theme
from components.safe import plain
from engine.metrics import Unit
from engine.store import Load

_WORDS = {"published": "In use", "undone": "Taken back", "open": "Unfinished"}

# What the tables of the store are to a shop owner.
_TABLES = {
    "transactions": "Order lines and refunds",
    "customers": "Customers",
    "spend": "Advertising spend, by day and channel",
    "products": "Names of products",
}

# Stored kinds of lines, in the order in which they are counted off.
_KINDS = {
    "sale": ("Sold", "counts as revenue"),
    "refund": ("Given back", "kept as refunds, on their own day"),
    "cancelled": ("Cancelled or unavailable", "kept, outside revenue"),
    "other": ("No sale of goods", "postage, fees, corrections: kept, outside revenue"),
}

_FORMATS = {
    "online_retail": "Online Retail",
    "olist": "Olist",
    "cdnow": "CDNOW",
    "shopify": "Shopify",
    "amazon": "Amazon",
    "seed": "two tables",
    "generic": "a table",
    "demo": "demo data",
}


def described(load: Load) -> dict[str, Any]:
    """One load as the list of loads shows it."""
    report, currency = load.report, load.currency
    return {
        "id": load.load_id,
        "title": _sentence(plain(load.source, 120)) if load.format == "demo" else plain(load.source, 120),
        "meta": _meta(load),
        "status": load.status,
        "word": _WORDS.get(load.status, load.status),
        "facts": _facts(load),
        "tables": [t for t in (_tables(report), _ladder(report, currency), _where(report, currency)) if t],
        "balance": _balance(report.get("money"), currency),
        "aside": _aside(report.get("aside") or [], currency),
        "notes": [plain(note, 400) for note in report.get("notes") or []],
    }


def format_name(name: str) -> str:
    """What a person calls a format."""
    return _FORMATS.get(name, plain(name.replace("_", " "), 40))


def amount(value: float | None, currency: str | None) -> str:
    """Money with all its digits."""
    return theme.number(value, Unit.MONEY, currency, exact=True)


def signed(value: float, written: str) -> str:
    """A difference with its sign; nothing is neither more nor less."""
    return f"+{written}" if value > 0 else written


def moment(stamp: str) -> str:
    """`22 Nov 2026, 11:14 UTC` of `2026-11-22 11:14:29`."""
    from datetime import datetime

    try:
        when = datetime.fromisoformat(stamp)
    except ValueError:
        return plain(stamp, 40)
    return f"{theme.day(when.date())}, {when:%H:%M} UTC"


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _meta(load: Load) -> str:
    parts = [f"Load {load.load_id}", format_name(load.format), moment(load.published_at or load.started_at)]
    return plain(" · ".join(parts + ([load.currency] if load.currency else [])))


def _facts(load: Load) -> list[tuple[str, str]]:
    report = load.report
    facts = [("Rows read", f"{load.rows_read:,}"), ("Rows stored", f"{load.rows_stored:,}")]
    facts += [(label, f"{report[key]:,}") for key, label in _COUNTS if report.get(key)]
    sold = (report.get("stored") or {}).get("sale")
    return facts + ([("Revenue", amount(sold.get("money"), load.currency))] if sold else [])


_COUNTS = (("rows_known", "Known already"), ("rows_aside", "Set aside"))


def _tables(report: dict) -> dict | None:
    counts = report.get("tables") or {}
    rows = [{"cells": [_TABLES.get(name, plain(name, 40)), f"{rows:,}"]} for name, rows in counts.items() if rows]
    return {"title": "What is in it", "head": ["Table", "Rows"], "rows": rows} if rows else None


def _ladder(report: dict, currency: str | None) -> dict | None:
    steps = report.get("steps") or []
    if not steps:
        return None
    counted = [k for k in ("orders", "customers") if any(step.get(k) is not None for step in steps)]
    head = ["Step", "Rows", "Money", *(key.capitalize() for key in counted)]
    rows = [_rung(step, counted, currency) for step in steps]
    return {"title": "From the file to revenue", "head": head, "rows": rows}


def _rung(step: dict, counted: list[str], currency: str | None) -> dict[str, Any]:
    change, label = step.get("change"), plain(step["label"])
    orders = [f"{step[key]:,}" if step.get(key) is not None else "" for key in counted]
    if change:
        rows, money = change["rows"], change.get("money") or 0.0
        written = f"{theme.number(rows, Unit.COUNT, exact=True)}"
        return {"cells": [label, signed(rows, written), signed(money, amount(money, currency)), *orders]}
    cells = [_sentence(label), f"{step['rows']:,}", amount(step.get("money"), currency), *orders]
    return {"cells": cells, "total": True}


def _where(report: dict, currency: str | None) -> dict | None:
    money, stored = report.get("money"), report.get("stored")
    if not money or not stored:
        return None
    kinds = [*(k for k in _KINDS if k in stored), *(k for k in stored if k not in _KINDS)]
    rows = [_part(*_KINDS.get(kind, (plain(kind, 40), "")), stored[kind], currency) for kind in kinds]
    if report.get("rows_known"):
        known = {"rows": report["rows_known"], "money": money.get("known")}
        rows.append(_part("Known already", "the same lines came with an earlier load", known, currency))
    if report.get("rows_aside"):
        aside = {"rows": report["rows_aside"], "money": money.get("aside")}
        rows.append(_part("Set aside", "not stored; the reasons are below", aside, currency))
    whole = {"cells": ["In the file", f"{report.get('rows_read', 0):,}", amount(money.get("in_file"), currency)]}
    head = ["Lines", "Rows", "Money"]
    return {"title": "Where every line went", "head": head, "rows": [*rows, whole | {"total": True}]}


def _part(label: str, note: str, counted: dict, currency: str | None) -> dict[str, Any]:
    return {"cells": [label, f"{counted['rows']:,}", amount(counted.get("money"), currency)], "note": note}


def _balance(money: dict | None, currency: str | None) -> dict | None:
    if not money:
        return None
    if money.get("balanced"):
        words = (
            f"Balanced: the {amount(money.get('in_file'), currency)} in the file are all accounted for, to the cent."
        )
    else:
        stored = sum(money.get(key) or 0.0 for key in ("stored", "known", "aside"))
        words = (
            f"Does not balance: {amount(money.get('in_file'), currency)} in the file, "
            f"{amount(stored, currency)} stored and set aside."
        )
    return {"words": words, "balanced": bool(money.get("balanced"))}


def _aside(parts: list[dict], currency: str | None) -> dict | None:
    if not parts:
        return None
    rows = [
        {
            "cells": [_sentence(plain(part["reason"])), f"{part['rows']:,}", amount(part.get("money"), currency)],
            "note": _example(part.get("example") or {}),
        }
        for part in parts
    ]
    return {"title": "Set aside, and why", "head": ["Reason, with an example", "Rows", "Money"], "rows": rows}


def _example(example: dict) -> str:
    if not example:
        return ""
    file, column, value = (plain(example.get(key) or "", 80) for key in ("file", "column", "value"))
    return f"{file}, line {example.get('line')}{f', column {column}' if column else ''}: {value}"
