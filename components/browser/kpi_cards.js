function spark(runs) {
  const line = (run) => "M" + run.map(([x, y]) => `${x} ${y}`).join("L")
  const under = (run) => `${line(run)}L${run[run.length - 1][0]} 28L${run[0][0]} 28Z`
  return h("svg", { class: "spark", viewBox: "0 0 100 28", preserveAspectRatio: "none", "aria-hidden": "true" },
    runs.map((run) => [h("path", { class: "under", d: under(run) }), h("path", { class: "course", d: line(run) })]))
}

function card(it, say) {
  const moved = h("span", { class: "line" },
    it.change ? h("span", { class: "tag " + it.tone }, it.arrow ? icon(it.arrow) : null, it.change) : null,
    h("span", {}, it.words))
  const inside = [
    h("span", { class: "label" }, it.label),
    h("span", { class: "value", title: it.exact }, it.value),
    it.missing ? h("span", { class: "missing" }, it.missing) : moved,
    it.spark.length ? spark(it.spark) : null,
  ]
  if (it.missing) return h("div", { class: "card", title: it.doc }, inside)
  const face = h("button", {
    class: "card", type: "button", title: it.doc,
    "aria-label": [it.label, it.exact, it.change, it.words].filter(Boolean).join(" "), "data-key": it.metric, "aria-pressed": String(it.pressed),
    click: () => say({ metric: it.metric }),
  }, inside)
  if (!it.why) return face
  return h("div", { class: "cell" }, face, h("button", {
    class: "why", type: "button", title: it.why, "aria-label": it.why, "data-key": "why " + it.metric,
    click: () => say({ metric: it.metric, why: true }),
  }, "Why?"))
}

export function render({ model, el }) {
  const root = h("div", { class: "cards", role: "group", "aria-label": "Key figures" })
  el.append(root)
  const say = (message) => model.send_msg(message)
  follow(model, (shown) => paint(root, shown.message
    ? h("div", { class: "message" }, shown.message)
    : (shown.cards || []).map((it) => card(it, say))))
}
