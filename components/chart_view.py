"""What every chart shares: its surface, its heading with the legend, and the words when there is nothing to draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import panel as pn
import param

from components import theme
from components.island import Island, Quiet, module, styled
from components.live_chart import Blueprint, LiveChart
from components.safe import plain
from components.view import View


class ChartHeading(Island):
    """Title, legend and controls of a chart; and, when there is nothing to draw, the reason in its place."""

    _stylesheets = styled("chart_heading")
    _esm = module("chart_heading")


class ChartView(View):
    """A view whose answer is one live chart under a heading.

    Subclasses name a `blueprint` and a `height`, and in `show` call `heading`, then either `empty` with a
    sentence or `full` after feeding `self.chart`.
    """

    blueprint: ClassVar[Blueprint]
    height: ClassVar[int] = 280
    title = param.String(default="", doc="Said while there is no answer yet; an answer brings its own.")

    def build(self) -> None:
        self.chart = LiveChart(self.blueprint, height=self.height, dark=self.state.dark)
        self._heading = ChartHeading()
        self._heading.say = self.picked
        self._card = Quiet(
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
        self.chart.reveal(True)

    def empty(self, sentence: str, *, height: int | None = None) -> None:
        """Show the sentence where the chart would be, just as high, so that nothing on the page jumps.

        Parameters
        ----------
        height : pixels, where there will be no chart whatever is picked but another metric
        """
        self.chart.reveal(False)
        told = {"legend": [], "message": plain(sentence, 400), "height": height or self.height}
        self._heading.tell({**self._shown, **told})

    def problem(self, sentence: str) -> None:
        self._shown = self._shown or {"title": self.title}
        self.empty(sentence)

    def picked(self, message: dict) -> None:
        """A control of the heading was used."""

    def recolor(self, dark: bool) -> None:
        self.chart.recolor(dark)
        self._heading.darken(dark)
        self._card.styles = theme.card_styles(dark)
        if self._shown:
            self.refresh()
