"""How Shoplight looks and how it writes numbers: colours, formats, chart options and CSS in one place."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from engine.metrics import Unit
from engine.selection import Against
from engine.words import MINUS, MONTHS, NARROW, WHOLE_COINS, day, symbol
from engine.words import days as days

# Fonts of the visitor's system only: no page may need the internet. `system-ui` is left out: Linux may map it
# to a wide face, and a canvas then shows another font than the text around it.
FONT = 'Inter, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", sans-serif'

NO_VALUE = "–"


# ---------------------------------------------------------------- colours


@dataclass(frozen=True)
class Palette:
    """The colours of one mode; text colours keep 4.5:1 and marks 3:1 on `surface` (a test computes it)."""

    canvas: str
    surface: str
    raised: str
    ink: str
    muted: str
    faint: str
    line: str
    grid: str
    accent: str
    accent_soft: str
    on_accent: str
    before: str
    good: str
    good_soft: str
    bad: str
    bad_soft: str
    calm_soft: str
    series: tuple[str, ...]
    heat: tuple[str, ...]


LIGHT = Palette(
    canvas="#f5f6f8",
    surface="#ffffff",
    raised="#ffffff",
    ink="#121826",
    muted="#465063",
    faint="#626d80",
    line="#e3e6eb",
    grid="#eef0f3",
    accent="#2d5be3",
    accent_soft="#e8eefd",
    on_accent="#ffffff",
    before="#8490a3",
    good="#066f45",
    good_soft="#e4f5ec",
    bad="#b3261e",
    bad_soft="#fdecea",
    calm_soft="#eff1f4",
    series=("#2d5be3", "#0b7f74", "#b4560f", "#7a3fd0", "#b81f6c", "#6b7688"),
    heat=("#f1f5ff", "#dbe5ff", "#bccfff", "#94b1fb", "#6a8ff3", "#456fe8", "#2d55cf", "#2141a6", "#19327f"),
)
DARK = Palette(
    canvas="#0d1117",
    surface="#161b24",
    raised="#1d2430",
    ink="#f0f3f8",
    muted="#b9c1ce",
    faint="#96a1b3",
    line="#2b3341",
    grid="#232a36",
    accent="#7fa0ff",
    accent_soft="#202c4d",
    on_accent="#0d1117",
    before="#707c91",
    good="#4fd094",
    good_soft="#12321f",
    bad="#ff8278",
    bad_soft="#3d1a18",
    calm_soft="#262d39",
    series=("#7fa0ff", "#3fc9b8", "#f0a05a", "#b898f8", "#f27bb6", "#96a1b3"),
    heat=("#1b2230", "#1f2c4a", "#243763", "#2b4584", "#3556a8", "#4369cb", "#5a83e6", "#7fa0ff", "#b4c8ff"),
)


def palette(dark: bool = False) -> Palette:
    """The colours of the light or the dark mode."""
    return DARK if dark else LIGHT


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two `#rrggbb` colours, 1 to 21 (WCAG 2.2, 1.4.3)."""
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def readable_on(background: str) -> str:
    """Ink or white, whichever reads better on that colour."""
    return max((LIGHT.ink, "#ffffff"), key=lambda text: contrast(text, background))


def heat_color(share: float, dark: bool = False) -> str:
    """The colour of a value that lies at `share` (0 to 1) of the heatmap's scale."""
    steps = palette(dark).heat
    return steps[min(int(max(share, 0.0) * len(steps)), len(steps) - 1)]


def correlation_color(value: float, dark: bool = False) -> str:
    """The colour of a correlation from -1 to 1: the surface at 0, towards the bad colour below it, the accent above."""
    colors = palette(dark)
    end = colors.accent if value >= 0 else colors.bad
    # Half a correlation is a strong one for a shop's orders; the root lets small ones be seen.
    return _mixed(colors.calm_soft, end, min(math.sqrt(abs(value) / 0.6), 1.0))


def _mixed(one: str, other: str, part: float) -> str:
    pairs = ((int(one[i : i + 2], 16), int(other[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * part):02x}" for a, b in pairs)


def _luminance(color: str) -> float:
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# ---------------------------------------------------------------- numbers for people

_SCALES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))


def number(value: float | None, unit: Unit, currency: str | None = None, *, exact: bool = False) -> str:
    """A metric's value as a person reads it; never scientific.

    Parameters
    ----------
    value : in the metric's own unit; None and NaN give a dash
    unit : the metric's unit
    currency : three-letter code of the shop's money, None where the shop does not say
    exact : all digits (tooltips, tables) rather than three significant ones (cards, axes)
    """
    if value is None or not math.isfinite(value):
        return NO_VALUE
    body = _WRITE[unit](abs(value), currency, exact)
    return f"{MINUS}{body}" if value < 0 and any(c in "123456789" for c in body) else body


def change(relative: float | None) -> str:
    """A relative change with its sign: `+12.3%`, `−4.0%`, `±0%`, `×12` from ten times on."""
    if relative is None or not math.isfinite(relative):
        return NO_VALUE
    if relative >= 9:
        return f"×{_grouped(relative + 1, 0)}"
    body = f"{abs(relative):.1%}"
    if body == "0.0%":
        return "±0%"
    return f"{'+' if relative > 0 else MINUS}{body}"


def share(part: float) -> str:
    """A share of a whole, without decimals: `71%`, `−28%`."""
    body = f"{abs(part):.0%}"
    return f"{MINUS}{body}" if part < 0 and body != "0%" else body


def signed(value: float | None, unit: Unit, currency: str | None = None, *, exact: bool = False) -> str:
    """A difference in a metric's own unit with its sign: `+€1,234`, `−12`, `±0`."""
    said = number(value, unit, currency, exact=exact)
    if said == NO_VALUE or said.startswith(MINUS):
        return said
    return f"{'+' if any(c in '123456789' for c in said) else '±'}{said}"


def short(value: float, decimals: int = 0) -> str:
    """Three significant digits with k, M, B or T from ten thousand on; `decimals` below a thousand."""
    if value < 999.5 or (decimals == 0 and value < 9_999.5):
        return _grouped(value, decimals)
    if value < 9_999.5:
        return _grouped(value, 0)
    for scale, letter in _SCALES:
        # 999,950 is 1M, not 1,000k: the letter is chosen after rounding.
        if value >= scale * 0.9995 or letter == "k":
            scaled = value / scale
            return f"{_grouped(scaled, 2 if scaled < 9.995 else 1 if scaled < 99.95 else 0)}{letter}"
    raise AssertionError("the scales end with k")


def _grouped(value: float, decimals: int) -> str:
    return f"{value:,.{decimals}f}"


def _money(value: float, currency: str | None, exact: bool) -> str:
    coins = 0 if currency in WHOLE_COINS else 2
    return symbol(currency) + (_grouped(value, coins) if exact else short(value, coins))


def _count(value: float, currency: str | None, exact: bool) -> str:
    return _grouped(value, 0) if exact else short(value)


def _rate(value: float, currency: str | None, exact: bool) -> str:
    percent = value * 100
    return f"{_grouped(percent, 2 if exact or 0 < percent < 0.1 else 1)}%"


def _days(value: float, currency: str | None, exact: bool) -> str:
    return f"{_grouped(value, 2 if exact else 1)}{NARROW}days"


def _plain(value: float, currency: str | None, exact: bool) -> str:
    return _grouped(value, 2) if exact else short(value, 2)


_WRITE = {
    Unit.MONEY: _money, Unit.COUNT: _count, Unit.RATE: _rate, Unit.DAYS: _days,
    Unit.SCORE: lambda value, currency, exact: _grouped(value, 2), Unit.NUMBER: _plain,
}  # fmt: skip


# ---------------------------------------------------------------- dates for people

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

AGAINST_WORDS = {
    Against.PREVIOUS: "Previous period", Against.YEAR: "Same days last year",
    Against.TO_DATE: "Period to date", Against.NONE: "No comparison",
}  # fmt: skip
GRAIN_WORDS = {"day": "Day", "week": "Week", "month": "Month"}


def bucket(start: date, grain: str) -> str:
    """The name of one bucket of a trend."""
    if grain == "year":
        return str(start.year)
    if grain == "quarter":
        return f"Q{(start.month + 2) // 3} {start.year}"
    if grain == "month":
        return f"{MONTHS[start.month - 1]} {start.year}"
    if grain == "week":
        return f"Week of {day(start)}"
    return f"{WEEKDAYS[start.weekday()]} {day(start)}"


# ---------------------------------------------------------------- axes

# A label of 45 px and its gap fit six times into the 300 px a phone leaves for the plot.
MOST_LABELS = 6


def value_ticks(top: float, low: float = 0.0, count: int = 5) -> list[float]:
    """Round numbers that cover `low` to `top`: steps of 1, 2, 2.5 or 5 times a power of ten."""
    span = top - low
    if not math.isfinite(span) or span <= 0:
        return [low, low + 1.0]
    rough = span / count
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power >= rough * 0.999999)
    first, last = math.floor(low / step + 1e-9), math.ceil(top / step - 1e-9)
    return [i * step for i in range(first, last + 1)]


def tick_labels(ticks: Sequence[float], unit: Unit, currency: str | None = None) -> dict[float, str]:
    """One short label a tick, all with the same letter and as few decimals as tell them apart."""
    top = max((abs(t) for t in ticks), default=0.0)
    factor, letter = (100.0, "%") if unit is Unit.RATE else (1.0, "")
    for scale, name in () if unit is Unit.RATE else _SCALES:
        if top >= scale and (name != "k" or top >= 10_000):
            factor, letter = 1 / scale, name
            break
    scaled = [abs(t) * factor for t in ticks]
    decimals = next((d for d in range(5) if all(abs(round(s, d) - s) < 1e-9 * max(top * factor, 1) for s in scaled)), 4)
    sign = symbol(currency) if unit is Unit.MONEY else ""
    return {
        t: f"{MINUS if t < 0 else ''}{sign}{_grouped(s, decimals)}{letter if s else letter.strip('kMBT')}"
        for t, s in zip(ticks, scaled, strict=True)
    }


def date_ticks(starts: Sequence[date], grain: str, most: int = MOST_LABELS) -> list[tuple[date, str]]:
    """At most `most` buckets to label, evenly apart, the year said at the first one and where it turns."""
    if not starts:
        return []
    every = max(1, math.ceil(len(starts) / most))
    picked = list(starts)[::every]
    labelled, year = [], None
    for start in picked:
        text = MONTHS[start.month - 1] if grain == "month" else day(start, year=False)
        labelled.append((start, f"{text}\n{start.year}" if start.year != year else text))
        year = start.year
    return labelled


def milliseconds(day_: date) -> float:
    """What a time axis counts in: milliseconds since 1970."""
    return (day_ - date(1970, 1, 1)) / timedelta(milliseconds=1)


# ---------------------------------------------------------------- css


def _variables(colors: Palette) -> str:
    single = {k: v for k, v in asdict(colors).items() if isinstance(v, str)}
    names = "".join(f"--sl-{k.replace('_', '-')}:{v};" for k, v in single.items())
    return names + "".join(f"--sl-series-{i}:{c};" for i, c in enumerate(colors.series))


# Islands carry both modes: the host's class decides, so a switch costs one class, not a style sheet.
ISLAND_CSS = f"""
:host{{{_variables(LIGHT)}color-scheme:light;display:block;font-family:{FONT}!important;color:var(--sl-ink)!important;
font-size:14px;line-height:1.4;-webkit-font-smoothing:antialiased}}
:host(.sl-dark){{{_variables(DARK)}color-scheme:dark}}
*{{box-sizing:border-box}}
button{{font:inherit;color:inherit;background:none;border:0;padding:0;margin:0;cursor:pointer;text-align:inherit}}
:focus-visible{{outline:2px solid var(--sl-accent);outline-offset:2px;border-radius:6px}}
.hidden{{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}}
@media (prefers-reduced-motion:no-preference){{button{{transition:background-color .12s,border-color .12s}}}}
"""


def page_css(dark: bool = False) -> str:
    """Rules for the page around the views."""
    colors = palette(dark)
    return f"body{{font-family:{FONT};background:{colors.canvas};color:{colors.ink}}}"


def card_styles(dark: bool = False) -> dict[str, str]:
    """The surface a chart and its heading lie on."""
    colors = palette(dark)
    return {
        "background": colors.surface, "border": f"1px solid {colors.line}", "border-radius": "14px",
        "box-shadow": "0 1px 2px rgba(16,24,40,.04)", "overflow": "hidden",
    }  # fmt: skip


# ---------------------------------------------------------------- charts


def series_colors(count: int, dark: bool = False) -> list[str]:
    """One colour a series; the last of the palette is kept for the rest of them all."""
    colors = palette(dark).series
    return [colors[min(i, len(colors) - 1)] for i in range(count)]


def style_axes(figure, dark: bool = False) -> None:
    """Fonts, grid and background of a Bokeh figure; called once at building and at each change of mode."""
    colors = palette(dark)
    figure.update(background_fill_color=None, border_fill_color=None, outline_line_color=None)
    for axis in figure.axis:
        axis.update(
            axis_line_color=None, major_tick_line_color=None, minor_tick_line_color=None, axis_label=None,
            major_label_text_color=colors.faint, major_label_text_font=FONT, major_label_text_font_size="12px",
        )  # fmt: skip
    for grid in figure.grid:
        grid.update(grid_line_color=colors.grid)


def legend(names: Iterable[str], dark: bool = False, *, before: str | None = None) -> list[dict[str, object]]:
    """Entries for a view's heading: one a series, and the dashed line of the comparison."""
    names = list(names)
    entries: list[dict[str, object]] = [
        {"name": name, "color": color} for name, color in zip(names, series_colors(len(names), dark), strict=True)
    ]
    return entries + ([{"name": before, "color": palette(dark).before, "dashed": True}] if before else [])
