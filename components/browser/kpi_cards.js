function spark(runs) {
  const line = (run) => "M" + run.map(([x, y]) => `${x} ${y}`).join("L")
  return h("svg", { class: "spark", viewBox: "0 0 100 28", preserveAspectRatio: "none", "aria-hidden": "true" },
    runs.map((run) => [
      h("path", { class: "under", d: `${line(run)}L${run[run.length - 1][0]} 28L${run[0][0]} 28Z` }),
      h("path", { class: "course", d: line(run) }),
    ]))
}
function card(it, say) {
  const inside = [
    h("span", { class: "label" }, it.label),
    h("span", { class: "value", title: it.exact }, it.value),
    it.missing ? h("span", { class: "missing" }, it.missing) : h("span", { class: "line" },
      it.change && h("span", { class: "tag " + it.tone }, it.arrow && icon(it.arrow), it.change),
      h("span", {}, it.words)),
    it.spark.length ? spark(it.spark) : null,
  ]
  if (it.missing) return h("div", { class: "card", title: it.doc }, inside)
  return h("button", { class: "card", type: "button", title: it.doc, "data-key": it.metric, "aria-pressed": String(it.pressed),
                       click: () => say({ metric: it.metric }) }, inside)
}
export function render({ model, el }) {
  const root = h("div", { class: "cards", role: "group", "aria-label": "Key figures" })
  el.append(root)
  follow(model, (shown) => paint(root, shown.message
    ? h("div", { class: "message" }, shown.message)
    : (shown.cards || []).map((it) => card(it, (m) => model.send_msg(m)))))
}
