async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch (refused) {
    // Not a secure page: the clipboard is closed to scripts, a selected field is not.
  }
  const field = h("textarea", { value: text, style: { position: "fixed", opacity: "0" } })
  document.body.append(field)
  field.select()
  const done = document.execCommand("copy")
  field.remove()
  return done
}

export function render({ model, el }) {
  const root = h("div", {})
  el.append(root)
  let it = {}
  let copied = ""
  const send = (message) => model.send_msg(message)

  const act = (name, drawn, label, click, main) => h("button", {
    type: "button", "data-key": name, class: "act" + (main ? " main" : ""), click,
  }, icon(drawn, 15), label)
  const chip = (c) => h("button", {
    type: "button", class: "chip", "data-key": "chip " + c.key, "aria-label": c.remove,
    click: () => send({ remove: c.filter }),
  }, h("span", { class: "of" }, c.label), h("span", { class: "name" }, c.name), icon("close", 14))
  const share = async () => {
    const address = window.location.origin + window.location.pathname + (it.link ? "?" + it.link : "")
    copied = (await copy(address)) ? "Link copied" : "Copy it from the address bar"
    draw()
    setTimeout(() => { copied = ""; draw() }, 2500)
  }
  const trail = () => h("div", { class: "crumbs", role: "group", "aria-label": "What is shown" },
    h("span", { class: "said" }, h("b", {}, it.days), it.compared),
    (it.chips || []).map(chip),
    it.touched ? act("reset", "close", "Reset", () => send({ reset: true }), true) : null,
    h("span", { class: "right" },
      it.undo ? act("undo", "undo", "Undo", () => send({ undo: true })) : null,
      act("link", copied ? "check" : "link", copied || "Copy link", share)),
    h("span", { class: "hidden", role: "status" }, copied))
  const notice = () => h("div", { class: "notice", role: "status" }, h("span", {}, it.notice), h("button", {
    type: "button", "data-key": "notice", "aria-label": "Dismiss", click: () => send({ heard: true }),
  }, icon("close")))

  function draw() {
    paint(root, trail(), it.notice ? notice() : null)
  }
  follow(model, (told) => { it = told; draw() })
}
