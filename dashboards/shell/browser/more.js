export function render({ model, el }) {
  const root = h("div", {})
  el.append(root)
  const say = (it) => () => model.send_msg({ open: !it.open })
  follow(model, (it) => paint(root, h("button", { type: "button", "data-key": "switch", click: say(it),
    "aria-expanded": String(!!it.open) }, icon("chevron", 14), it.label || "")))
}
