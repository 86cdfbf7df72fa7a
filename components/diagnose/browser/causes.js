export function render({ model, el }) {
  const root = h("div", { class: "fill" })
  el.append(root)
  const say = (message) => model.send_msg(message)

  const part = (one) => h("span", { class: "part" }, h("span", { class: "of" }, one.label), h("b", {}, one.value))
  const cause = (one, i) => h("li", { class: one.tone },
    h("div", { class: "top" },
      h("div", { class: "where" }, one.where.flatMap((w, k) => k ? [h("span", { class: "and" }, "×"), part(w)] : [part(w)])),
      h("span", { class: "money", title: one.exact }, one.said)),
    h("div", { class: "track", "aria-hidden": "true" }, h("span", { style: { width: one.part } })),
    h("p", {}, one.detail),
    h("div", { class: "ways" },
      h("button", { type: "button", class: "go", "data-key": "orders " + i, click: () => { window.dispatchEvent(new Event(ORDERS)); say({ orders: i }) } }, "Show the orders"),
      h("button", { type: "button", "data-key": "into " + i, click: () => say({ into: i }) }, "Look closer")))

  follow(model, (it) => paint(root, h("section", { class: "card" + (it.busy ? " busy" : ""), "aria-busy": String(!!it.busy) },
    h("h3", { tabindex: -1, "data-next": "" }, it.title || "Where it comes from"),
    it.note ? h("div", { class: "note" }, it.note) : null,
    it.message ? h("p", { class: "message", role: "status" }, it.message) : null,
    it.causes && it.causes.length ? h("ol", {}, it.causes.map(cause)) : null,
    it.ruled && it.ruled.length ? h("details", {}, h("summary", {}, it.ruled_title),
      h("ul", { class: "ruled" }, it.ruled.map((text) => h("li", {}, text)))) : null)))
}
