export function render({ model, el }) {
  const root = h("div", { class: "fill" })
  el.append(root)

  const bar = (one) => h("span", { class: "axis", "aria-hidden": "true" },
    h("i", { style: { left: one.zero } }),
    h("span", { class: "reach " + one.tone, style: { left: one.left, width: one.width } }),
    one.mid ? h("b", { class: one.tone, style: { left: one.mid } }) : null)
  const row = (one) => h("tr", { class: one.quiet ? "quiet" : "" },
    h("th", { scope: "row" }, one.label), h("td", { class: "draw" }, bar(one)), h("td", { title: one.exact }, one.said), h("td", { class: "range" }, one.range))
  const table = (it) => h("table", {},
    h("thead", {}, h("tr", {}, it.heads.map((head, i) => h("th", { scope: "col", class: i === 1 ? "draw" : null }, head)))),
    h("tbody", {}, it.rows.map(row)))

  follow(model, (it) => paint(root, h("section", { class: "card" + (it.busy ? " busy" : ""), "aria-busy": String(!!it.busy) },
    h("h3", {}, it.title || ""),
    it.note ? h("div", { class: "note" }, it.note) : null,
    it.message ? h("p", { class: "message", role: "status" }, it.message) : null,
    it.sentences && it.sentences.length ? h("div", { class: "sentences" }, it.sentences.map((text) => h("p", {}, text))) : null,
    it.rows && it.rows.length ? table(it) : null,
    it.missing && it.missing.length ? h("details", {}, h("summary", {}, it.missing_title), h("ul", {}, it.missing.map((text) => h("li", {}, text)))) : null)))
}
