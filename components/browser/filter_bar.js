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
    const shape = "pop" + (wide ? " wide" : "")
    return h("div", { class: "menu " + kind },
      h("button", { type: "button", class: "pick " + (face.on ? "on" : ""), "data-key": key, "aria-haspopup": "true",
                    "aria-expanded": String(open), title: face.hint, click: toggle },
        face.inside.flatMap((part) => [part, " "]), icon("chevron", 14)),
      open ? h("div", { class: shape, role: "dialog", "aria-label": face.name, keydown: keys }, body()) : null)
  }
  function choice(key, label, pressed, pick) {
    return h("button", { type: "button", class: "item", "data-key": key, "aria-pressed": String(pressed), click: pick },
      h("span", { class: "name" }, label), pressed ? icon("check", 14) : null)
  }
  function when() {
    const apply = () => { if (ui.from && ui.to) { const m = { first: ui.from, last: ui.to }; leave("when"); send(m) }
      else root.querySelector('.days input:invalid')?.reportValidity() }
    ui.from ??= it.first; ui.to ??= it.last
    const end = (label, name) => h("label", {}, label, h("input", {
      type: "date", required: true, value: ui[name], min: it.min, max: it.max, "data-key": "when " + name,
      input: (event) => { ui[name] = event.target.value },
      keydown: (event) => { if (event.key === "Enter") apply() },
    }))
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
    const fits = found.filter((option) => option.some((words) => words.toLowerCase().includes(asked)))
    const picked = new Set(dim.picked.map(([value]) => value))
    const shown = asked ? fits : [...dim.picked.filter(([v]) => !fits.some(([w]) => v === w)), ...fits]
    const type = (event) => {
      ui.words = event.target.value
      if (dim.total > dim.options.length) send({ search: [dim.name, ui.words.trim().toLowerCase()] })
      draw()
    }
    const search = () => h("div", { class: "search" }, icon("search", 15), h("input", {
      type: "search", value: ui.words, input: type, "data-key": "search " + dim.name,
      placeholder: `Search ${dim.total.toLocaleString("en")} ${dim.plural}`, "aria-label": `Search ${dim.plural}`,
    }))
    const item = ([value, label]) => h("button", {
      type: "button", class: "item", role: "checkbox", "aria-checked": String(picked.has(value)),
      title: value && !label.includes(value) ? `${label} · ${value}` : label,
      "data-key": `value ${dim.name} ${value}`, click: () => send({ toggle: [dim.name, value] }),
    }, h("span", { class: "box" }, icon("check")), h("span", { class: "name" }, label))
    const some = !asked && dim.total > shown.length
    return [
      dim.total > 8 ? search() : null,
      h("div", { class: "list", role: "group", "aria-label": dim.plural }, shown.map(item),
        shown.length ? null : h("div", { class: "none" }, "Nothing by that name.")),
      h("div", { class: "foot" },
        h("span", {}, some ? `${shown.length} largest of ${dim.total.toLocaleString("en")}` : `${picked.size} picked`),
        h("button", {
          type: "button", class: "text", "data-key": "clear " + dim.name, disabled: !picked.size,
          click: () => { leave("dim " + dim.name); send({ clear: dim.name }) },
        }, "Clear")),
    ]
  }
  // A list opened near the right edge is hung on its button's right side, so that it never leaves the page.
  function settle() {
    const pop = root.querySelector(".pop")
    if (pop && pop.getBoundingClientRect().right > document.documentElement.clientWidth - 8) pop.classList.add("left")
  }
  const count = (number) => number ? h("span", { class: "count" }, number) : null
  function fold() {
    const filtered = it.dimensions.filter((dim) => dim.picked.length).length
    return h("button", {
      type: "button", class: "pick fold " + (filtered ? "on" : ""), "data-key": "fold", "aria-expanded": String(ui.unfolded),
      click: () => { ui.unfolded = !ui.unfolded; draw() },
    }, icon("filter"), "Filters", count(filtered))
  }
  function faces() {
    const named = it.label ? h("span", {}, it.label) : null
    const days = { name: "Days", hint: it.days, inside: [icon("calendar"), named, h("span", { class: "of" }, it.days)] }
    const other = [h("span", { class: "of" }, "vs"), h("span", {}, it.against_label)]
    return [
      menu("when", "when", days, when, true),
      fold(),
      menu("against", "against", { name: "Comparison", hint: it.compared, inside: other }, against),
      it.dimensions.map((dim) => menu("dim " + dim.name, "dim", {
        name: dim.label, on: dim.picked.length > 0, inside: [h("span", {}, dim.label), count(dim.picked.length)],
      }, () => values(dim))),
    ]
  }
  function draw() {
    if (!it.presets) return
    // A pick far down a list must not throw it back to its top.
    const scrolled = root.querySelector(".list")?.scrollTop
    const bar = "bar" + (ui.unfolded ? " open" : "")
    paint(root, h("div", { class: bar, role: "group", "aria-label": "Days and filters" }, faces()))
    const list = root.querySelector(".list")
    if (list && scrolled) list.scrollTop = scrolled
    settle()
  }
  follow(model, (told) => { it = told; draw() })
}
