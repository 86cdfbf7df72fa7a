"""What is filtered, each part removable; one click resets, one copies a link, and notices are said here."""

from __future__ import annotations

from typing import Any

import panel as pn

from components import theme
from components.island import Island, styled
from components.safe import plain
from components.url import link
from components.view import View
from engine.describe.values import label_of
from engine.dimensions import DIMENSIONS
from engine.selection import Selection

# More chips than this of one dimension would push the numbers off a phone's first screen.
_MOST_CHIPS = 3

_CSS = """
.crumbs{display:flex;flex-wrap:wrap;gap:6px 8px;align-items:center;font-size:13px;color:var(--sl-muted)}
.said{margin-right:4px}
.said b{color:var(--sl-ink);font-weight:600}
.chip{display:inline-flex;align-items:center;gap:6px;min-height:30px;padding:0 6px 0 11px;border-radius:99px;max-width:100%;
background:var(--sl-accent-soft);color:var(--sl-ink);font-size:13px}
.chip .of{color:var(--sl-muted)}
.chip .name{overflow:hidden;text-overflow:ellipsis;white-space:nowrap;max-width:220px;font-weight:600}
.chip svg{color:var(--sl-muted);padding:3px;border-radius:99px;width:20px;height:20px}
.chip:hover svg{background:var(--sl-surface);color:var(--sl-ink)}
.act{display:inline-flex;align-items:center;gap:6px;min-height:30px;padding:0 8px;border-radius:8px;color:var(--sl-muted);
font-weight:550}
.act:hover{background:var(--sl-calm-soft);color:var(--sl-ink)}
.act.main{color:var(--sl-accent)}
.right{margin-left:auto;display:inline-flex;gap:2px}
.notice{display:flex;gap:10px;align-items:flex-start;justify-content:space-between;margin-top:10px;padding:10px 14px;
border-radius:10px;background:var(--sl-surface);border:1px solid var(--sl-line);border-left:3px solid var(--sl-accent);
color:var(--sl-ink);font-size:13.5px}
@media(max-width:640px){.act,.chip{min-height:40px}.right{margin-left:0}}
"""


class CrumbTrail(Island):
    """Draws the trail and says what was clicked."""

    _stylesheets = styled(_CSS)
    _esm = Island.module("""
    async function copy(text) {
      try { await navigator.clipboard.writeText(text); return true } catch (refused) { /* not a secure page */ }
      const field = h("textarea", { style: { position: "fixed", opacity: "0" } })
      field.value = text
      document.body.append(field)
      field.select()
      const done = document.execCommand("copy")
      field.remove()
      return done
    }
    export function render({ model, el }) {
      const root = h("div", {})
      el.append(root)
      let it = {}, copied = ""
      const send = (message) => model.send_msg(message)
      const act = (name, icon_name, label, click, main) => h("button", { type: "button", "data-key": name,
        class: "act" + (main ? " main" : ""), click }, icon(icon_name, 15), label)
      const share = async () => {
        const address = window.location.origin + window.location.pathname + (it.link ? "?" + it.link : "")
        copied = (await copy(address)) ? "Link copied" : "Copy it from the address bar"
        draw()
        setTimeout(() => { copied = ""; draw() }, 2500)
      }
      const chip = (c) => h("button", { type: "button", class: "chip", "data-key": "chip " + c.key, "aria-label": c.remove,
          click: () => send({ remove: c.filter }) },
        h("span", { class: "of" }, c.label), h("span", { class: "name" }, c.name), icon("close", 14))
      function draw() {
        paint(root,
          h("div", { class: "crumbs", role: "group", "aria-label": "What is shown" },
            h("span", { class: "said" }, h("b", {}, it.days), it.compared ? ` compared with ${it.compared}` : ""),
            (it.chips || []).map(chip),
            it.touched ? act("reset", "close", "Reset", () => send({ reset: true }), true) : null,
            h("span", { class: "right" },
              it.undo ? act("undo", "undo", "Undo", () => send({ undo: true })) : null,
              act("link", copied ? "check" : "link", copied || "Copy link", share)),
            h("span", { class: "hidden", role: "status" }, copied)),
          it.notice ? h("div", { class: "notice", role: "status" }, h("span", {}, it.notice),
            h("button", { type: "button", "data-key": "notice", "aria-label": "Dismiss", click: () => send({ heard: true }) }, icon("close"))) : null)
      }
      follow(model, (told) => { it = told; draw() })
    }
    """)


class Breadcrumb(View):
    """One line that says what the numbers are about, with a way back from each part of it."""

    def build(self) -> None:
        self._island = CrumbTrail()
        self._island.say = self._said
        self.state.param.watch(lambda event: self.refresh(), "notice")

    def __panel__(self) -> pn.viewable.Viewable:
        return self._island

    def answer(self, selection: Selection) -> dict[str, Any]:
        compared = selection.comparison()
        has_days = self.state.snapshot().last_day is not None
        return {
            "days": theme.days(selection.window) if has_days else "This shop has no sales yet",
            "compared": theme.days(compared.window) if compared is not None and has_days else "",
            "chips": [chip for name, values in selection.filters for chip in _chips(name, values)],
            "touched": not self.state.is_untouched,
            "undo": self.state.can_undo,
            "link": link(self.state),
            "notice": plain(self.state.notice, 600),
        }

    def show(self, answer: dict[str, Any]) -> None:
        self._island.tell(answer)

    def problem(self, sentence: str) -> None:
        self._island.tell({"days": "", "notice": plain(sentence, 600), "touched": True})

    def recolor(self, dark: bool) -> None:
        self._island.darken(dark)

    def _said(self, message: dict) -> None:
        if message.get("heard"):
            self.state.notice = ""
        elif message.get("reset"):
            self.state.reset()
        elif message.get("undo"):
            self.state.undo()
        elif "remove" in message:
            self._remove(*message["remove"])

    def _remove(self, name: str, value: str | None = None) -> None:
        picked = self.state.selection().values(name) if name in DIMENSIONS else ()
        self.state.filter(name, () if value is None else tuple(v for v in picked if v != value)) if picked else None


def _chips(name: str, values: tuple[str, ...]) -> list[dict[str, Any]]:
    label = DIMENSIONS[name].label
    if len(values) > _MOST_CHIPS:
        words = f"{len(values)} picked"
        return [{"key": name, "label": label, "name": words, "remove": f"Lift the filter on {label.lower()}",
                 "filter": [name, None]}]  # fmt: skip
    return [
        {"key": f"{name} {value}", "label": label, "name": plain(label_of(value), 60),
         "remove": f"Remove {label.lower()} {plain(label_of(value), 60)}", "filter": [name, value]}
        for value in values
    ]  # fmt: skip
