const table = (it) => h("div", { class: "wrap" }, h("table", {},
  h("thead", {}, h("tr", {}, it.head.map((t, i) => h("th", { class: i ? "n" : "", scope: "col" }, t)))),
  h("tbody", {}, it.rows.map((row) => h("tr", {}, row.cells.map((t, i) =>
    h("td", { class: i ? "n" : "" }, t, i === 0 && row.note ? h("small", {}, row.note) : null)))))))
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
const load = (it, shown, model, asked, again) => h("section", { class: "load" + (it.status === "undone" ? " undone" : "") },
  h("div", { class: "top" },
    h("div", { style: { "min-width": "0" } }, h("h3", {}, it.title), h("div", { class: "meta" }, it.meta)),
    h("div", { class: "acts" }, h("span", { class: "tag " + (it.status === "published" ? "published" : "other") }, it.word),
      acts(it, shown, model, asked, again))),
  h("dl", { class: "sum" }, it.facts.map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value)))),
  it.money ? h("details", {}, h("summary", {}, "Money: file against shop ", h("span",
    { class: it.money.balanced ? "ok" : "off" }, it.money.balanced ? "balanced" : "does not balance")), table(it.money)) : null,
  it.aside ? h("details", {}, h("summary", {}, it.aside.title), table(it.aside)) : null,
  it.steps ? h("details", {}, h("summary", {}, "From the file to revenue, step by step"), table(it.steps)) : null,
  it.notes.length ? h("details", {}, h("summary", {}, "Notes"), h("ul", {}, it.notes.map((n) => h("li", {}, n)))) : null)
export function render({ model, el }) {
  const root = h("div", {}), asked = { id: null }
  el.append(root)
  const draw = (shown) => paint(root, h("h2", {}, "What was loaded"),
    shown.problem ? h("div", { class: "said", role: "alert" }, shown.problem) : null,
    (shown.loads || []).length ? shown.loads.map((it) => load(it, shown, model, asked, () => draw(shown)))
      : h("div", { class: "none" }, "Nothing was loaded yet."))
  follow(model, draw)
}
