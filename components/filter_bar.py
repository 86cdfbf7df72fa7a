"""Days, comparison and filters in one bar; on a phone it folds into two buttons."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import panel as pn

from components import theme
from components.island import Island, styled
from components.safe import plain
from components.state import PRESETS
from components.view import View
from engine.describe.values import label_of
from engine.dimensions import DIMENSIONS
from engine.selection import Against, Selection, Window

# A list longer than this is searched on the server: four thousand product names would weigh 150 KB a visit.
_MOST_OPTIONS = 60

_CSS = """
:host{position:relative;z-index:30}
.bar{display:flex;flex-wrap:wrap;gap:8px;align-items:center;color:var(--sl-ink)}
.menu{position:relative}
.pick{display:inline-flex;align-items:center;gap:8px;min-height:38px;padding:0 12px;border-radius:10px;
background:var(--sl-surface);border:1px solid var(--sl-line);font-size:13.5px;font-weight:550;max-width:100%;white-space:nowrap}
.pick:hover{border-color:var(--sl-before)}
.pick svg{color:var(--sl-faint)}
.pick .of{color:var(--sl-faint);font-weight:450}
.pick[aria-expanded=true]{border-color:var(--sl-accent);box-shadow:0 0 0 3px var(--sl-accent-soft)}
.pick.on{border-color:var(--sl-accent);background:var(--sl-accent-soft);color:var(--sl-accent)}
.pick.on svg{color:inherit}
.count{font-variant-numeric:tabular-nums;background:var(--sl-accent);color:var(--sl-on-accent);border-radius:99px;
min-width:19px;padding:0 6px;font-size:11.5px;line-height:19px;text-align:center;font-weight:650}
.pop{position:absolute;top:calc(100% + 6px);left:0;z-index:40;min-width:250px;max-width:min(340px,92vw);
background:var(--sl-raised);border:1px solid var(--sl-line);border-radius:12px;padding:8px;
box-shadow:0 12px 32px rgba(16,24,40,.16)}
.pop.wide{display:flex;gap:4px;max-width:none}
.list{display:flex;flex-direction:column;max-height:300px;overflow:auto;overscroll-behavior:contain}
.item{display:flex;align-items:center;gap:10px;width:100%;min-height:34px;padding:5px 10px;border-radius:8px;font-size:13.5px}
.item:hover{background:var(--sl-calm-soft)}
.item[aria-checked=true],.item[aria-pressed=true]{color:var(--sl-accent);font-weight:600}
.item .name{flex:1;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.box{flex:none;width:17px;height:17px;border-radius:5px;border:1.5px solid var(--sl-before);display:grid;place-items:center;
color:transparent}
.item[aria-checked=true] .box{background:var(--sl-accent);border-color:var(--sl-accent);color:var(--sl-on-accent)}
.box svg{width:13px;height:13px}
.search{display:flex;align-items:center;gap:8px;margin:2px 2px 8px;padding:0 10px;min-height:36px;border-radius:8px;
background:var(--sl-calm-soft);color:var(--sl-faint)}
.search input{flex:1;min-width:0;border:0;background:none;font:inherit;font-size:13.5px;color:var(--sl-ink);outline:0}
.search:focus-within{box-shadow:inset 0 0 0 2px var(--sl-accent)}
.foot{display:flex;justify-content:space-between;align-items:center;gap:8px;padding:8px 10px 2px;margin-top:6px;
border-top:1px solid var(--sl-line);font-size:12.5px;color:var(--sl-faint)}
.text{color:var(--sl-accent);font-weight:600;font-size:13px;min-height:28px}
.text[disabled]{color:var(--sl-faint);cursor:default}
.days{border-left:1px solid var(--sl-line);padding:6px 8px 6px 14px;display:flex;flex-direction:column;gap:10px;min-width:190px}
.days label{display:flex;flex-direction:column;gap:4px;font-size:12.5px;color:var(--sl-muted)}
.days input{font:inherit;font-size:14px;color:var(--sl-ink);background:var(--sl-surface);min-height:38px;
border:1px solid var(--sl-line);border-radius:8px;padding:0 10px}
.go{min-height:38px;border-radius:8px;background:var(--sl-accent);color:var(--sl-on-accent);font-weight:600;text-align:center}
.none{padding:10px;color:var(--sl-faint);font-size:13px}
.fold{display:none}
@media(max-width:640px){
.fold{display:inline-flex}
.menu.dim,.menu.against{display:none}
.bar.open .menu.dim,.bar.open .menu.against{display:block;width:100%}
.bar.open .menu.dim .pick,.bar.open .menu.against .pick{width:100%;justify-content:space-between}
.menu.when{flex:1;min-width:0}.menu.when .pick{width:100%;justify-content:flex-start}
.menu.when .of{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.pick{min-height:44px}
.pop{position:fixed;inset:auto 0 0 0;top:auto;max-width:none;max-height:80vh;overflow:auto;border-radius:18px 18px 0 0;
padding:16px 14px calc(20px + env(safe-area-inset-bottom))}
.pop.wide{flex-direction:column}.days{border-left:0;border-top:1px solid var(--sl-line);padding:12px 4px 0}
.item{min-height:44px;font-size:15px}.list{max-height:52vh}}
"""

_MODULE = """
export function render({ model, el }) {
  const root = h("div", {})
  el.append(root)
  const ui = { open: null, unfolded: false, words: "", from: null, to: null }
  let it = {}
  const send = (message) => model.send_msg(message)
  const close = () => { ui.open = null; ui.words = ""; draw() }
  const leave = (key) => { close(); root.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus() }
  const outside = (event) => { if (ui.open && !event.composedPath().includes(root)) close() }
  document.addEventListener("pointerdown", outside)
  model.on("remove", () => document.removeEventListener("pointerdown", outside))

  function menu(key, kind, face, body, wide) {
    const open = ui.open === key
    const toggle = () => {
      ui.open = open ? null : key
      ui.words = ""; ui.from = ui.to = null
      draw()
      if (ui.open) root.querySelector(".pop input[type=search], .pop button")?.focus()
    }
    const keys = (event) => {
      if (event.key === "Escape") { event.stopPropagation(); leave(key) }
      if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return
      const stops = [...root.querySelectorAll(".pop button, .pop input[type=search]")]
      const at = stops.indexOf(root.getRootNode().activeElement)
      if (at < 0) return
      event.preventDefault()
      stops[(at + (event.key === "ArrowDown" ? 1 : stops.length - 1)) % stops.length].focus()
    }
    return h("div", { class: "menu " + kind }, 
      h("button", { type: "button", class: "pick " + (face.on ? "on" : ""), "data-key": key, "aria-haspopup": "true",
                    "aria-expanded": String(open), title: face.hint, click: toggle }, face.inside, icon("chevron", 14)),
      open ? h("div", { class: "pop" + (wide ? " wide" : ""), role: "dialog", "aria-label": face.name, keydown: keys }, body()) : null)
  }
  function choice(key, label, pressed, pick) {
    return h("button", { type: "button", class: "item", "data-key": key, "aria-pressed": String(pressed), click: pick },
      h("span", { class: "name" }, label), pressed ? icon("check", 14) : null)
  }
  function when() {
    const apply = () => { if (ui.from && ui.to) { const m = { first: ui.from, last: ui.to }; leave("when"); send(m) } }
    ui.from ??= it.first; ui.to ??= it.last
    const end = (label, name) => h("label", {}, label, h("input", { type: "date", value: ui[name], min: it.min, max: it.max,
      "data-key": "when " + name, input: (e) => { ui[name] = e.target.value }, keydown: (e) => { if (e.key === "Enter") apply() } }))
    return [
      h("div", { class: "list", style: { "min-width": "170px", "max-height": "none" } }, it.presets.map(([name, label]) =>
        choice("preset " + name, label, name === it.preset, () => { leave("when"); send({ preset: name }) }))),
      h("div", { class: "days" }, end("First day", "from"), end("Last day", "to"),
        h("button", { type: "button", class: "go", "data-key": "when go", click: apply }, "Show these days")),
    ]
  }
  function against() {
    return h("div", { class: "list" }, it.againsts.map(([value, label]) =>
      choice("against " + value, label, value === it.against, () => { leave("against"); send({ against: value }) })))
  }
  function values(dim) {
    const asked = ui.words.trim().toLowerCase()
    const found = it.found && it.found.name === dim.name && it.found.words === asked ? it.found.options : dim.options
    const fits = found.filter(([, label]) => label.toLowerCase().includes(asked))
    const picked = new Set(dim.picked.map(([value]) => value))
    const shown = asked ? fits : [...dim.picked.filter(([v]) => !fits.some(([w]) => v === w)), ...fits]
    const type = (event) => {
      ui.words = event.target.value
      if (dim.total > dim.options.length) send({ search: [dim.name, ui.words.trim().toLowerCase()] })
      draw()
    }
    return [
      dim.total > 8 ? h("div", { class: "search" }, icon("search", 15), h("input", { type: "search", value: ui.words,
        placeholder: `Search ${dim.total.toLocaleString("en")} ${dim.plural}`, "aria-label": `Search ${dim.plural}`,
        "data-key": "search " + dim.name, input: type })) : null,
      h("div", { class: "list", role: "group", "aria-label": dim.plural }, shown.map(([value, label]) =>
        h("button", { type: "button", class: "item", role: "checkbox", "aria-checked": String(picked.has(value)), title: label,
                      "data-key": `value ${dim.name} ${value}`, click: () => send({ toggle: [dim.name, value] }) },
          h("span", { class: "box" }, icon("check")), h("span", { class: "name" }, label))),
        shown.length ? null : h("div", { class: "none" }, "Nothing by that name.")),
      h("div", { class: "foot" },
        h("span", {}, !asked && dim.total > shown.length ? `${shown.length} largest of ${dim.total.toLocaleString("en")}` : `${picked.size} picked`),
        h("button", { type: "button", class: "text", "data-key": "clear " + dim.name, disabled: !picked.size,
                      click: () => { leave("dim " + dim.name); send({ clear: dim.name }) } }, "Clear")),
    ]
  }
  function draw() {
    if (!it.presets) return
    const filtered = it.dimensions.filter((dim) => dim.picked.length).length
    paint(root, h("div", { class: "bar" + (ui.unfolded ? " open" : ""), role: "group", "aria-label": "Days and filters" },
      menu("when", "when", { name: "Days", hint: it.days,
        inside: [icon("calendar"), it.label ? h("span", {}, it.label) : null, h("span", { class: "of" }, it.days)] }, when, true),
      h("button", { type: "button", class: "pick fold " + (filtered ? "on" : ""), "data-key": "fold", "aria-expanded": String(ui.unfolded),
        click: () => { ui.unfolded = !ui.unfolded; draw() } }, icon("filter"), "Filters", filtered ? h("span", { class: "count" }, filtered) : null),
      menu("against", "against", { name: "Comparison", hint: it.compared,
        inside: [h("span", { class: "of" }, "vs"), h("span", {}, it.against_label)] }, against),
      it.dimensions.map((dim) => menu("dim " + dim.name, "dim", { name: dim.label, on: dim.picked.length > 0,
        inside: [h("span", {}, dim.label), dim.picked.length ? h("span", { class: "count" }, dim.picked.length) : null] },
        () => values(dim)))))
  }
  follow(model, (told) => { it = told; draw() })
}
"""


class FilterDeck(Island):
    """Draws the bar and says what was picked."""

    _stylesheets = styled(_CSS)
    _esm = Island.module(_MODULE)


class FilterBar(View):
    """Everything a visitor can pick, and nothing else: days, comparison, and each dimension the shop has."""

    def build(self) -> None:
        self._island = FilterDeck()
        self._island.say = self._said
        self._found: dict[str, Any] | None = None

    def __panel__(self) -> pn.viewable.Viewable:
        return self._island

    def answer(self, selection: Selection) -> dict[str, Any]:
        snapshot, compared = self.state.snapshot(), selection.comparison()
        window = selection.window
        known = snapshot.last_day is not None
        return {
            "presets": [[p.name, p.label] for p in PRESETS.values()],
            "preset": self.state.preset,
            "label": PRESETS[self.state.preset].label if self.state.preset else "",
            "days": theme.days(window) if known else "No days yet",
            "first": window.start.isoformat(),
            "last": window.last.isoformat(),
            "min": snapshot.first_day.isoformat() if known else "",
            "max": snapshot.last_day.isoformat() if known else "",
            "againsts": [[a.value, theme.AGAINST_WORDS[a]] for a in Against],
            "against": selection.against.value,
            "against_label": theme.AGAINST_WORDS[selection.against],
            "compared": theme.days(compared.window) if compared is not None else "",
            "dimensions": [self._dimension(name, selection) for name in self.state.dimensions()],
        }

    def show(self, answer: dict[str, Any]) -> None:
        self._shown = answer
        self._island.tell({**answer, "found": self._found})

    def problem(self, sentence: str) -> None:
        self.state.notice = sentence

    def recolor(self, dark: bool) -> None:
        self._island.darken(dark)

    def _dimension(self, name: str, selection: Selection) -> dict[str, Any]:
        values = self.state.snapshot().values(name)
        return {
            "name": name,
            "label": DIMENSIONS[name].label,
            "plural": DIMENSIONS[name].plural.lower(),
            "total": len(values),
            "options": [_option(v) for v in values[:_MOST_OPTIONS]],
            "picked": [_option(v) for v in selection.values(name)],
        }

    def _said(self, message: dict) -> None:
        for word, act in self._acts().items():
            if word in message:
                act(message)
                return

    def _acts(self) -> dict[str, Callable[[dict], Any]]:
        state = self.state
        return {
            "preset": lambda m: m["preset"] in PRESETS and state.commit(preset=m["preset"]),
            "first": lambda m: self._days(str(m["first"]), str(m.get("last"))),
            "against": lambda m: m["against"] in list(Against) and state.commit(against=m["against"]),
            "toggle": lambda m: self._known(*m["toggle"]) and state.toggle(*m["toggle"]),
            "clear": lambda m: m["clear"] in DIMENSIONS and state.filter(m["clear"], ()),
            "search": lambda m: self._search(*m["search"]),
        }

    def _known(self, name: str, value: str) -> bool:
        return name in self.state.dimensions() and value in self.state.snapshot().values(name)

    def _days(self, first: str, last: str) -> None:
        try:
            ends = sorted((date.fromisoformat(first), date.fromisoformat(last)))
        except ValueError:
            self.state.notice = "Pick a first and a last day."
            return
        self.state.commit(window=Window.inclusive(*ends))

    def _search(self, name: str, words: str) -> None:
        if name not in self.state.dimensions():
            return
        asked = str(words).lower()
        fits = [v for v in self.state.snapshot().values(name) if asked in label_of(v).lower()]
        self._found = {"name": name, "words": asked, "options": [_option(v) for v in fits[:_MOST_OPTIONS]]}
        self.show(self._shown)


def _option(value: str) -> list[str]:
    return [value, plain(label_of(value), 80)]
