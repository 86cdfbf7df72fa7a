const line = (row) => h("tr", { class: row.total ? "total" : "" }, row.cells.map((t, i) =>
  h("td", { class: i ? "n" : "" }, t, i === 0 && row.note ? h("small", {}, row.note) : null)))
const table = (it) => h("div", { class: "table" }, h("h4", {}, it.title), h("div", { class: "wrap" }, h("table", {},
  h("thead", {}, h("tr", {}, it.head.map((t, i) => h("th", { class: i ? "n" : "", scope: "col" }, t)))),
  h("tbody", {}, it.rows.map(line)))))
function acts(it, shown, model, asked, again) {
  if (!shown.allowed || it.status !== "published") return null
  if (shown.busy === it.id) return h("span", { class: "meta", role: "status" }, "Taking it back…")
  if (asked.id !== it.id) return h("button", { class: "act", type: "button", "data-key": "undo" + it.id,
    disabled: !!shown.busy, click: () => { asked.id = it.id; again() } }, "Take back")
  return h("div", { class: "acts" },
    h("button", { class: "act bad", type: "button", "data-key": "undo" + it.id,
      click: () => { asked.id = null; model.send_msg({ undo: it.id }) } }, "Yes, take it back"),
    h("button", { class: "act", type: "button", click: () => { asked.id = null; again() } }, "Keep it"))
}
const load = (it, first, shown, model, asked, again) => h("section", { class: "load" + (it.status === "undone" ? " undone" : "") },
  h("div", { class: "top" },
    h("div", { style: { "min-width": "0" } }, h("h3", {}, it.title), h("div", { class: "meta" }, it.meta)),
    h("div", { class: "acts" }, h("span", { class: "tag " + (it.status === "published" ? "published" : "other") }, it.word),
      acts(it, shown, model, asked, again))),
  h("dl", { class: "sum" }, it.facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
  it.tables.length || it.aside || it.notes.length ? h("details", { open: asked.open.get(it.id) ?? first,
    toggle: (e) => asked.open.set(it.id, e.target.open) },
    h("summary", { "data-key": "report" + it.id }, "Report"),
    it.balance ? h("p", { class: it.balance.balanced ? "ok" : "off" },
      it.balance.balanced ? icon("check") : null, it.balance.words) : null,
    h("div", { class: "tables" }, it.tables.map(table), it.aside ? table(it.aside) : null),
    it.notes.length ? [h("h4", {}, "Notes"), h("ul", {}, it.notes.map((n) => h("li", {}, n)))] : null) : null)
export function render({ model, el }) {
  const root = h("div", {}), asked = { id: null, open: new Map() }
  el.append(root)
  const draw = (shown) => paint(root, h("h2", {}, "What was loaded"),
    shown.problem ? h("div", { class: "said", role: "alert" }, shown.problem) : null,
    (shown.loads || []).length ? shown.loads.map((it, i) => load(it, i === 0, shown, model, asked, () => draw(shown)))
      : h("div", { class: "none" }, "Nothing was loaded yet."))
  follow(model, draw)
}
