export function render({ model, el }) {
  const root = h("div", { class: "card" })
  el.append(root)

  const sorter = (c) => h("button", {
    type: "button", "data-key": "sort " + c.name, click: () => model.send_msg({ sort: c.name }),
  }, c.label, c.sorted ? icon("down", 8) : null)
  const heading = (c) => h("th", { scope: "col", "aria-sort": c.sorted ? "descending" : null, title: c.doc },
    c.name ? sorter(c) : c.label)
  const name = (r, i) => h("button", {
    type: "button", class: "name", "data-key": "row " + r.key, "aria-pressed": String(r.picked), title: r.label,
    click: () => model.send_msg({ row: r.key }),
  }, h("span", { class: "rank" }, i + 1), h("span", {}, r.label))
  const row = (r, i) => h("tr", {},
    h("td", { style: { "--part": r.part } }, name(r, i)),
    r.cells.map(([said, exact]) => h("td", { title: exact }, said)),
    h("td", { class: "moved " + r.tone }, r.change))
  const table = (it) => h("div", { class: "scroll" }, h("table", {},
    h("thead", {}, h("tr", {}, it.columns.map(heading))), h("tbody", {}, it.rows.map(row))))

  follow(model, (it) => paint(root,
    h("h3", {}, it.title || ""),
    it.note ? h("div", { class: "note" }, it.note) : null,
    it.message ? h("div", { class: "message", role: "status" }, it.message) : it.columns ? table(it) : null))
}
