"""The one boundary between text from the data and anything that reads HTML.

Every string in a shop's tables can have been typed by a stranger: a product, a coupon, a customer's
name. Views hand such text only to channels that never interpret it (text nodes of an island, columns
of a data source, options of a select) or through `safe`.
"""

from __future__ import annotations

import unicodedata
from html import escape

# Longer names are cut where they are shown as HTML; 200 characters fill a card twice.
LONGEST = 200

# Direction overrides can make a name read as another one ("exe.gnp" for "png.exe"); none is needed to show text.
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


def plain(text: object, longest: int = LONGEST) -> str:
    """One line of readable text: no control characters or direction marks, cut with an ellipsis.

    Safe for channels that never interpret HTML; `safe` is for those that do.
    """
    cleaned = "".join(_readable(c) for c in str(text)).strip()
    return cleaned if len(cleaned) <= longest else cleaned[: longest - 1].rstrip() + "…"


def safe(text: object, longest: int = LONGEST) -> str:
    """The text as HTML that shows exactly itself: the only way data may enter a pane that reads HTML.

    Markdown's own marks, `{{ }}` and `$` are turned into entities as well, so that a pane which reads
    Markdown or templates shows them and does not act on them.
    """
    return "".join(_ENTITIES.get(c, c) for c in escape(plain(text, longest), quote=True))


_ENTITIES = {c: f"&#{ord(c)};" for c in "`*_[](){}$\\~|!"} | {"\x00": ""}


def _readable(character: str) -> str:
    if character in _DIRECTION_MARKS:
        return ""
    if character in "\n\r\t" or unicodedata.category(character) in ("Zl", "Zp"):
        return " "
    # Cs: half of a surrogate pair cannot be sent as UTF-8 and would break the page's channel.
    return "" if unicodedata.category(character) in ("Cc", "Cs") else character
