export function render({ model, el }) {
  const root = h("div", { class: "fill" })
  el.append(root)

  const cell = (one) => one
    ? h("td", { style: { "background-color": one.fill, color: one.ink }, class: one.quiet ? "quiet" : "", title: one.hint }, one.said)
    : h("td", { class: "none" })
  const table = (it) => h("div", { class: "scroll" }, h("table", {},
    h("thead", {}, h("tr", {}, h("td", {}), it.heads.map((head) => h("th", { scope: "col" }, h("span", {}, head))))),
    h("tbody", {}, it.rows.map((row) => h("tr", {}, h("th", { scope: "row" }, row.label), row.cells.map(cell))))))

  follow(model, (it) => paint(root, h("section", { class: "card" + (it.busy ? " busy" : ""), "aria-busy": String(!!it.busy) },
    h("h3", {}, it.title || "What goes together"),
    it.message ? h("p", { class: "message", role: "status" }, it.message) : null,
    it.sentences && it.sentences.length ? h("div", { class: "sentences" }, it.sentences.map((text) => h("p", {}, text))) : null,
    it.rows && it.rows.length ? table(it) : null,
    it.note ? h("p", { class: "note" }, it.note) : null)))
}
