export function render({ model, el }) {
  const root = h("div", { class: "fill" })
  el.append(root)
  const say = (message) => model.send_msg(message)

  const event = (one, i) => h("li", { class: one.tone + (one.picked ? " picked" : "") },
    h("button", { type: "button", class: "face", "data-key": "event " + one.key, "aria-pressed": String(one.picked), click: () => say({ event: i }) },
      h("span", { class: "top" }, h("b", {}, one.days, icon("chevron", 12)), h("span", { class: "money", title: one.exact }, one.money)),
      h("span", { class: "where" }, one.where, one.label ? h("span", { class: "day" }, one.label) : null),
      h("span", { class: "detail" }, one.detail)),
    one.picked ? h("div", { class: "more" },
      one.causes.map((text) => h("p", {}, text)),
      h("div", { class: "ways" }, h("button", { type: "button", class: "go", "data-key": "into " + one.key, click: () => say({ into: i }) }, "Diagnose these days"))) : null)

  follow(model, (it) => paint(root, h("section", { class: "card" + (it.busy ? " busy" : ""), "aria-busy": String(!!it.busy) },
    h("h3", { tabindex: -1, "data-next": "" }, it.title || "What was unusual"),
    it.note ? h("div", { class: "note" }, it.note) : null,
    it.message ? h("p", { class: "message", role: "status" }, it.message) : null,
    it.events && it.events.length ? h("ol", {}, it.events.map(event)) : null,
    it.rest ? h("button", { type: "button", class: "rest", "data-key": "rest", click: () => say({ all: true }) }, it.rest) : null)))
}
