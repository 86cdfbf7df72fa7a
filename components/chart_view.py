"""What every chart shares: its surface, its heading with the legend, and the words when there is nothing to draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import panel as pn

from components import theme
from components.island import Island, styled
from components.live_chart import Blueprint, LiveChart
from components.safe import plain
from components.view import View

_CSS = """
.head{display:flex;flex-wrap:wrap;gap:6px 16px;align-items:flex-start;justify-content:space-between;padding:16px 18px 4px}
h3{margin:0;font-size:15px;font-weight:650;letter-spacing:-.005em;line-height:1.35}
.legend{display:flex;flex-wrap:wrap;gap:2px 14px;margin-top:3px;font-size:12.5px;color:var(--sl-faint)}
.legend span{display:inline-flex;align-items:center;gap:6px;min-width:0}
.legend i{flex:none;width:14px;height:0;border-top:2.5px solid}
.legend i.dashed{border-top:2px dashed}
.legend i.tick{width:2.5px;height:12px;border:0;background:currentColor;border-radius:2px}
.segments{display:inline-flex;padding:2px;border-radius:9px;background:var(--sl-calm-soft)}
.segments button{padding:4px 11px;border-radius:7px;font-size:12.5px;font-weight:550;color:var(--sl-muted);min-height:28px}
.segments button[aria-pressed=true]{background:var(--sl-raised);color:var(--sl-ink);box-shadow:0 1px 2px rgba(16,24,40,.12)}
.segments button:hover{color:var(--sl-ink)}
.message{display:flex;flex-direction:column;align-items:center;justify-content:center;gap:10px;text-align:center;
padding:20px 28px 36px;color:var(--sl-muted);font-size:14px}
.message svg{color:var(--sl-before)}
.message p{margin:0;max-width:42ch}
@media(max-width:520px){.head{padding:14px 14px 2px}}
"""


class ChartHeading(Island):
    """Title, legend and controls of a chart; and, when there is nothing to draw, the reason in its place."""

    _stylesheets = styled(_CSS)
    _esm = Island.module("""
    export function render({ model, el }) {
      const root = h("div", {})
      el.append(root)
      follow(model, (it) => paint(root,
        h("div", { class: "head" },
          h("div", { style: { "min-width": "0" } },
            h("h3", { title: it.note }, it.title || ""),
            (it.legend || []).length ? h("div", { class: "legend" }, it.legend.map((entry) => h("span", {},
              h("i", { class: entry.tick ? "tick" : entry.dashed ? "dashed" : "", style: { "border-color": entry.color, color: entry.color } }),
              entry.name))) : null),
          (it.controls || []).map((c) => h("div", { class: "segments", role: "group", "aria-label": c.label },
            c.options.map(([value, label]) => h("button", { type: "button", "data-key": c.control + value,
              "aria-pressed": String(value === c.value), click: () => model.send_msg({ control: c.control, value }) }, label))))),
        it.message ? h("div", { class: "message", role: "status", style: { "min-height": it.height + "px" } },
          h("svg", { viewBox: "0 0 48 32", width: 48, height: 32, "aria-hidden": "true" },
            h("path", { d: "M4 28h40M10 28v-8M19 28V14M28 28v-5M37 28V9", fill: "none", stroke: "currentColor",
                        "stroke-width": "2", "stroke-linecap": "round", "stroke-dasharray": "3 4" })),
          h("p", {}, it.message)) : null))
    }
    """)


class ChartView(View):
    """A view whose answer is one live chart under a heading.

    Subclasses name a `blueprint` and a `height`, and in `show` call `heading`, then either `empty` with a
    sentence or `full` after feeding `self.chart`.
    """

    blueprint: ClassVar[Blueprint]
    height: ClassVar[int] = 280

    def build(self) -> None:
        self.chart = LiveChart(self.blueprint, height=self.height, dark=self.state.dark)
        self._heading = ChartHeading()
        self._heading.say = self.picked
        self._card = pn.Column(
            self._heading, self.chart.pane, styles=theme.card_styles(self.state.dark),
            sizing_mode="stretch_width", margin=0, css_classes=["sl-card"],
        )  # fmt: skip
        self._shown: dict[str, Any] = {}

    def __panel__(self) -> pn.viewable.Viewable:
        return self._card

    def heading(
        self,
        title: str,
        *,
        note: str = "",
        legend: Sequence[dict] = (),
        controls: Sequence[dict] = (),
    ) -> None:
        """Say what the chart shows; sent together with `full` or `empty`."""
        self._shown = {"title": plain(title), "note": note, "legend": list(legend), "controls": list(controls)}

    @staticmethod
    def choices(control: str, label: str, options: Sequence[tuple[str, str]], value: str) -> dict:
        """A row of buttons in the heading; a click arrives in `picked` as `{control, value}`."""
        return {"control": control, "label": label, "options": [list(o) for o in options], "value": value}

    def full(self) -> None:
        """Show the chart."""
        self._heading.tell(self._shown)
        self.chart.pane.visible = True

    def empty(self, sentence: str) -> None:
        """Show the sentence where the chart would be, just as high, so that nothing on the page jumps."""
        self.chart.pane.visible = False
        self._heading.tell({**self._shown, "legend": [], "message": plain(sentence, 400), "height": self.height})

    def problem(self, sentence: str) -> None:
        self._shown = self._shown or {"title": type(self).__name__}
        self.empty(sentence)

    def picked(self, message: dict) -> None:
        """A control of the heading was used."""

    def recolor(self, dark: bool) -> None:
        self.chart.recolor(dark)
        self._heading.darken(dark)
        self._card.styles = theme.card_styles(dark)
        if self._shown:
            self.refresh()
