"""The HTML around the pages: what the browser paints before any script has arrived."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import asdict
from functools import cache
from pathlib import Path

from markupsafe import Markup
from panel.io.resources import _env

from components.theme import DARK, LIGHT, Palette, page_css

HERE = Path(__file__).parent

# No page draws formulas or in WebGL: 2.0 MB of the 4.8 MB a browser would fetch and parse.
UNUSED = re.compile(r"<script[^>]+bokeh-(?:mathjax|gl)\.[^>]*></script>\s*")


@cache
def template():
    """The page's template; its scripts and styles are part of it, so it works under any server."""
    _env.filters["needed"] = lambda scripts: Markup(UNUSED.sub("", str(scripts)))
    return _env.from_string((HERE / "browser" / "page.html").read_text(encoding="utf-8"))


@cache
def fixed() -> dict[str, Markup]:
    """Parts that are the same for every visitor."""
    return {
        "shell_css": Markup(css()),
        "early_script": Markup(_read("early.js")),
        "shell_script": Markup(_read("shell.js")),
        "icon": Markup("data:image/x-icon;base64," + b64encode((HERE / "favicon.ico").read_bytes()).decode()),
    }


def css() -> str:
    """The shell's style sheet with both modes' colours; one class on the root element switches."""
    return "\n".join(
        (
            f":root{{{_variables(LIGHT)}}}",
            f":root.sl-dark{{{_variables(DARK)}}}",
            page_css(),
            _read("style.css"),
        )
    )


def _read(name: str) -> str:
    return (HERE / "browser" / name).read_text(encoding="utf-8")


def _variables(colors: Palette) -> str:
    pairs = ((k, v) for k, v in asdict(colors).items() if isinstance(v, str))
    return "".join(f"--sl-{name.replace('_', '-')}:{value};" for name, value in pairs)
