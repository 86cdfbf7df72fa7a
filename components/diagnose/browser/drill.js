export function render({ model, el }) {
  const root = h("div", {})
  el.append(root)
  const say = (message) => model.send_msg(message)

  const crumb = (one, i, all) => [
    i ? h("span", { class: "sep", "aria-hidden": "true" }, "›") : null,
    i === all.length - 1
      ? h("b", { "aria-current": "step", tabindex: -1, "data-next": "", "data-key": "back " + i }, one)
      : h("button", { type: "button", "data-key": "back " + i, click: () => say({ back: i }) }, one)]
  const offer = (one) => h("button", {
    type: "button", class: "offer", "data-key": "split " + one.axis, "aria-pressed": String(one.pressed), title: one.hint,
    click: () => say({ split: one.axis }),
  }, one.label, " ", one.why ? h("span", { class: "best" }, one.why) : null)
  const chain = (it) => (levels) => h("span", { class: "chain" }, levels.map(([axis, label], i) => [
    i ? h("span", { class: "sep", "aria-hidden": "true" }, "›") : null, axis === it.pressed ? h("b", {}, label) : label]))
  const levels = (it) => it.levels && it.levels.length
    ? h("p", { class: "levels" }, h("span", {}, "Levels: "), it.levels.map(chain({ pressed: (it.splits.find((one) => one.pressed) || {}).axis })))
    : null
  const bar = (one) => h("span", { class: "axis", "aria-hidden": "true" },
    h("i", { style: { left: one.zero } }), h("span", { class: "bar " + one.tone, style: { left: one.left, width: one.width } }))
  const name = (r) => r.key === null
    ? h("span", { class: "name rest" }, r.label)
    : h("button", { type: "button", class: "name", "data-key": "row " + r.key, title: r.label, click: () => say({ row: r.key }) },
      h("span", {}, r.label), icon("right", 12))
  const pill = (r) => r.tag ? h("span", { class: "pill " + r.tag }, r.tag) : null
  // Where a phone has no room for the last columns, they are said below the name.
  const narrow = (r) => r.tag ? h("span", { class: "narrow" }, pill(r), " ", h("span", { class: "both" }, r.interval)) : null
  const judged = (r) => [h("td", { class: "interval" }, r.interval), h("td", { class: "tag" }, pill(r))]
  const row = (drawn) => (r) => h("tr", { class: r.tag === "noise" ? "quiet" : "" },
    h("th", { scope: "row" }, name(r), r.against ? h("span", { class: "against" }, r.against) : null,
      narrow(r)),
    r.cells.map(([said, exact, tone]) => h("td", { title: exact, class: tone || null }, said)),
    h("td", { class: "draw" }, drawn ? bar(r) : null),
    judged(r))
  const table = (it) => h("div", { class: "scroll" }, h("table", {},
    h("thead", {}, h("tr", {}, h("th", { scope: "col" }, it.axis),
      it.columns.map((c) => h("th", { scope: "col", title: c.doc }, c.label)), h("th", { scope: "col", class: "draw" }, it.drawn),
      h("th", { scope: "col", class: "interval", title: it.judged ? "Before to now changed by this much, in 95 of 100 cases" : null }, it.judged),
      h("th", { scope: "col", class: "tag" }, h("span", { class: "hidden" }, "Signal or noise")))),
    h("tbody", {}, it.rows.map(row(it.drawn))),
    it.total ? h("tfoot", {}, h("tr", {}, h("th", { scope: "row" }, it.total.label),
      it.total.cells.map(([said, exact]) => h("td", { title: exact }, said)), h("td", { class: "draw" }), judged({}))) : null))

  follow(model, (it) => paint(root, h("section", { class: "card" + (it.busy ? " busy" : ""), "aria-busy": String(!!it.busy) },
    h("div", { class: "head" },
      h("h3", {}, it.title || "Drill down"),
      it.path ? h("nav", { class: "path", "aria-label": "Steps of the drill-down" }, it.path.map(crumb)) : null),
    it.splits ? h("div", { class: "offers", role: "group", "aria-label": "Split by" }, h("span", { class: "by" }, "Split by"), it.splits.map(offer)) : null,
    levels(it),
    it.warning ? h("p", { class: "warning", role: "note" }, it.warning) : null,
    it.message ? h("p", { class: "message", role: "status" }, it.message) : null,
    it.rows && it.rows.length ? table(it) : null,
    it.notes && it.notes.length ? h("div", { class: "notes" }, it.notes.map((text) => h("p", {}, text))) : null,
    it.orders ? h("button", { type: "button", class: "orders", "data-key": "orders", click: () => { window.dispatchEvent(new Event(ORDERS)); say({ orders: true }) } }, it.orders) : null)))
}
