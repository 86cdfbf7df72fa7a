export function render({ model, el }) {
  const root = h("div", {})
  el.append(root)
  const say = (message) => model.send_msg(message)

  const pick = (it) => h("div", { class: "metrics", role: "group", "aria-label": "Figure in question" },
    it.metrics.map(([name, label]) => h("button", {
      type: "button", "data-key": "metric " + name, "aria-pressed": String(name === it.metric), click: () => say({ metric: name }),
    }, label)),
    it.others.length ? h("select", {
      "aria-label": "Other figures", "data-key": "others", class: it.others.some(([name]) => name === it.metric) ? "on" : "",
      change: (event) => event.target.value && say({ metric: event.target.value }),
    }, h("option", { value: "" }, "More…"), it.others.map(([name, label]) => {
      const option = h("option", {}, label)
      option.value = name
      option.selected = name === it.metric
      return option
    })) : null)
  const problem = (one) => h("li", { class: one.tone }, h("b", {}, one.label), h("span", {}, one.words),
    one.rows.length ? h("details", {}, h("summary", {}, "The rows"), h("div", { class: "scroll" }, h("table", {},
      h("tbody", {}, one.rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell)))))))) : null)
  const range = (ends) => ends.flatMap((end, i) => [i ? " to " : null, h("span", { class: "end" }, end)])
  const figure = (one) => h("div", { class: "figure" }, h("dt", {}, one.label),
    h("dd", { class: one.tone, title: one.exact }, one.value), one.note || one.range ? h("dd", { class: "note" }, one.note, " ", range(one.range || [])) : null)
  const keep = (it) => it.kept
    ? h("button", { type: "button", class: "act main", "data-key": "keep", click: () => say({ open: it.kept }) }, icon("check", 15), "Kept. Open the case")
    : it.can_keep ? h("button", { type: "button", class: "act", "data-key": "keep", click: () => say({ keep: true }) }, icon("pin", 15), "Keep as a case") : null

  follow(model, (it) => paint(root, h("section", { class: "card" + (it.busy ? " busy" : ""), "aria-busy": String(!!it.busy) },
    h("div", { class: "bar", "aria-hidden": "true" }),
    it.metrics ? pick(it) : null,
    it.message ? h("p", { class: "message", role: "status" }, it.message) : null,
    it.headline ? h("div", { class: "body" },
      h("div", { class: "words", role: "status" },
        h("h2", { class: it.tone }, it.headline),
        it.problems.length ? h("ul", { class: "problems" }, it.problems.map(problem)) : null,
        h("div", { class: "sentences" }, it.sentences.map((text) => h("p", {}, text))),
        keep(it)),
      it.figures.length ? h("dl", { class: "figures" }, it.figures.map(figure)) : null) : null)))
}
