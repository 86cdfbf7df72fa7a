"""Names that a stranger could have typed into a shop, and a shop made of them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from engine.store import Store

_ACT = "__hit(1)"

PAYLOADS: tuple[str, ...] = (
    f"<img src=x onerror={_ACT}>",
    f"<IMG SRC=x ONERROR={_ACT}//",
    f"<svg onload={_ACT}>",
    f"<svg><script>{_ACT}</script></svg>",
    f"<script>{_ACT}</script>",
    f"</script><script>{_ACT}</script>",
    f"</textarea><script>{_ACT}</script>",
    f"</title><script>{_ACT}</script>",
    f"</style><script>{_ACT}</script>",
    f'"><script>{_ACT}</script>',
    f"'><img src=x onerror={_ACT}>",
    f'" onmouseover="{_ACT}" x="',
    f"' autofocus onfocus='{_ACT}",
    f"<body onload={_ACT}>",
    f'<iframe src="javascript:parent.{_ACT}"></iframe>',
    f'<iframe srcdoc="<script>parent.{_ACT}</script>"></iframe>',
    f'<a href="javascript:{_ACT}">click</a>',
    f"<a href=javascript&colon;{_ACT}>click</a>",
    f"<details open ontoggle={_ACT}>",
    f"<video><source onerror={_ACT}></video>",
    f"<audio src=x onerror={_ACT}>",
    f"<input autofocus onfocus={_ACT}>",
    f"<marquee onstart={_ACT}>",
    f'<object data="javascript:{_ACT}"></object>',
    f'<embed src="javascript:{_ACT}">',
    f'<form action="javascript:{_ACT}"><button>go</button></form>',
    f"<math><mtext><img src=x onerror={_ACT}></mtext></math>",
    f"<style>@import 'javascript:{_ACT}';*{{color:red}}</style>",
    f"<style onload={_ACT}></style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<img src=http://evil.example/pixel.gif>",
    f"<template><img src=x onerror={_ACT}></template>",
    f"[link](javascript:{_ACT})",
    "![pixel](http://evil.example/pixel.gif)",
    "# heading **bold** `code` <b>b</b>",
    f"{{{{constructor.constructor('{_ACT}')()}}}}",
    f"${{{_ACT}}}",
    "{% for x in ().__class__ %}{{ x }}{% endfor %}",
    "@{y}{safe} @name $index %d %s {0}",
    f"javascript:{_ACT}",
    f"&lt;img src=x onerror={_ACT}&gt;",
    f"&#60;script&#62;{_ACT}&#60;/script&#62;",
    "\u202egnp.exe\u202c \u2066name\u2069",
    "zero\u200bwidth\ufeff and \u0000nul \u0007bell",
    "\ud83d\ude00 emoji and \u0627\u0644\u0639\u0631\u0628\u064a\u0629",
    "W" * 10_000,
    f"{'a' * 5_000}<img src=x onerror={_ACT}>",
    "__proto__",
    "constructor",
)

DIMENSIONS = ("region", "segment", "category", "channel", "payment_method", "age_group", "product")

# As many names as the shortest list on the page shows; each group of names sells in a month of its own.
GROUP = 6
MONTHS: tuple[tuple[date, tuple[str, ...]], ...] = tuple(
    (date(2024 + i // 12, i % 12 + 1, 1), PAYLOADS[i * GROUP : (i + 1) * GROUP])
    for i in range(-(-len(PAYLOADS) // GROUP))
)


def make(path: Path) -> Path:
    """A shop in which every name is hostile, the loads' names and reports included."""
    lines = [line for start, names in MONTHS for line in _month(start, names)]
    columns = (
        "transaction_id",
        "order_id",
        "customer_id",
        "date",
        "kind",
        "amount_units",
        "revenue_units",
        *DIMENSIONS,
    )
    store = Store.create(path)
    with store.writer() as writer, writer.load(PAYLOADS[0], PAYLOADS[2], sha256="0" * 64, currency="EUR") as load:
        load.put_lines(columns, lines)
        load.put_products(("product", "name"), _names_of_products())
        load.publish({"rows_read": len(lines), "rows_stored": len(lines)} | _report())
    return path


def _month(start: date, names: tuple[str, ...]):
    for day in range(28):
        for i, _ in enumerate(names):
            values = [_stored(names[(i + k) % len(names)]) for k in range(len(DIMENSIONS))]
            at = f"{start + timedelta(days=day)} {day % 24:02d}:00:00"
            key = f"{start:%y%m}-{day}-{i}"
            yield (key, key, f"c{i}", at, "sale", 10_000 * (10 + i), 10_000 * (10 + i), *values)


def _names_of_products() -> list[tuple[str, str]]:
    """Each product is called what another one is coded as."""
    stored = [_stored(name) for name in PAYLOADS]
    return list(dict(zip(stored, [*stored[GROUP:], *stored[:GROUP]], strict=True)).items())


def _stored(name: str) -> str:
    """As a text column can hold it: SQLite's own text ends at a NUL for some readers, halves are no UTF-8."""
    return name.replace("\x00", "").encode("utf-8", "ignore").decode()


def _report() -> dict:
    example = {"file": PAYLOADS[9], "line": 3, "column": PAYLOADS[10], "value": PAYLOADS[4]}
    aside = [{"reason": name, "rows": 1, "money": 1.5, "example": example} for name in PAYLOADS[:8]]
    steps = [{"label": name, "change": None, "rows": 1, "money": 2.0} for name in PAYLOADS[8:16]]
    money = {"in_file": 1.0, "stored": 1.0, "known": 0.0, "aside": 0.0, "balanced": True}
    return {"aside": aside, "steps": steps, "notes": list(PAYLOADS[16:30]), "money": money}
