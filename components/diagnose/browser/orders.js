// A file is put together here from the pieces that the server sends: it works without a route, and in a notebook.
export function render({ model, el }) {
  const root = h("div", {})
  el.append(root)
  const say = (message) => model.send_msg(message)
  let pieces = []

  model.on("msg:custom", (event) => {
    const told = event.data || event
    if (told.begin) pieces = []
    if (told.piece !== undefined) pieces.push(told.piece)
    if (told.end) {
      const address = URL.createObjectURL(new Blob(pieces, { type: "text/csv;charset=utf-8" }))
      const link = h("a", { href: address, download: told.end })
      pieces = []
      root.append(link)
      link.click()
      link.remove()
      setTimeout(() => URL.revokeObjectURL(address), 10000)
    }
  })
  let wanted = false, shown = {}
  const bring = () => {
    if (!wanted || !shown.open || shown.busy) return
    wanted = false
    reveal(root)
    root.querySelector("[data-key=open]").focus({ preventScroll: true })
  }
  // Where they are open already and nothing changes, nothing is drawn anew either.
  const called = () => { wanted = true; setTimeout(bring, 400) }
  window.addEventListener(ORDERS, called)
  model.on("remove", () => window.removeEventListener(ORDERS, called))
  const heading = (c) => h("th", { scope: "col", class: c.right ? "right" : null, "aria-sort": c.sorted ? "descending" : null },
    c.sort ? h("button", { type: "button", "data-key": "sort " + c.sort, click: () => say({ sort: c.sort }) }, c.label, c.sorted ? icon("down", 8) : null) : c.label)
  const row = (it) => (cells) => h("tr", {}, cells.map((cell, i) => h("td", { class: it.columns[i].right ? "right" : null, title: cell }, cell)))
  const turn = (key, label, page, drawn) => h("button", { type: "button", "data-key": key, disabled: page === null, "aria-label": label,
    click: () => say({ page }) }, icon(drawn, 15))
  const periods = (it) => it.periods && it.periods.length > 1 ? h("div", { class: "segments", role: "group", "aria-label": "Which days" },
    it.periods.map(([value, label]) => h("button", {
      type: "button", "data-key": "period " + value, "aria-pressed": String(value === it.period), click: () => say({ period: value }),
    }, label))) : null
  const body = (it) => [
    h("div", { class: "scroll" }, h("table", {},
      h("thead", {}, h("tr", {}, it.columns.map(heading))), h("tbody", {}, it.rows.map(row(it))))),
    h("div", { class: "foot" },
      h("span", {}, it.range), h("span", { class: "turns" }, turn("earlier", "Page before", it.before, "left"), turn("later", "Next page", it.after, "right")))]

  const draw = (it) => paint(root, h("section", { class: "card" + (it.busy ? " busy" : ""), "aria-busy": String(!!it.busy) },
    h("div", { class: "head" },
      h("button", { type: "button", class: "title", "data-key": "open", "data-next": "", "aria-expanded": String(!!it.open), click: () => say({ open: !it.open }) },
        icon("chevron", 14), h("h3", {}, it.title || "The orders"), h("span", { class: "count" }, it.count)),
      it.open ? periods(it) : null,
      it.open && it.rows && it.rows.length ? h("button", { type: "button", class: "export", "data-key": "export", disabled: it.sending, click: () => say({ export: true }) },
        icon("download", 15), it.sending ? it.sent : "Export CSV") : null),
    it.open ? (it.message ? h("p", { class: "message", role: "status" }, it.message) : it.columns ? body(it) : null) : null))
  follow(model, (it) => { draw(it); shown = it; bring() })
}
