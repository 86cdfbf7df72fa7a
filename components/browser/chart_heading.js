export function render({ model, el }) {
  const root = h("div", {})
  el.append(root)

  const mark = (entry) => h("i", {
    class: entry.tick ? "tick" : entry.dashed ? "dashed" : "",
    style: { "border-color": entry.color, color: entry.color },
  })
  const legend = (entries) => entries.length
    ? h("div", { class: "legend" }, entries.map((entry) => h("span", {}, entry.quiet ? null : mark(entry), entry.name)))
    : null
  const segments = (c) => h("div", { class: "segments", role: "group", "aria-label": c.label },
    c.options.map(([value, label]) => h("button", {
      type: "button", "data-key": c.control + value, "aria-pressed": String(value === c.value),
      click: () => model.send_msg({ control: c.control, value }),
    }, label)))
  const nothing = (it) => h("div", { class: "message", role: "status", style: { "min-height": it.height + "px" } },
    h("svg", { viewBox: "0 0 48 32", width: 48, height: 32, "aria-hidden": "true" }, h("path", {
      d: "M4 28h40M10 28v-8M19 28V14M28 28v-5M37 28V9", fill: "none", stroke: "currentColor",
      "stroke-width": "2", "stroke-linecap": "round", "stroke-dasharray": "3 4",
    })),
    h("p", {}, it.message))

  follow(model, (it) => paint(root,
    h("div", { class: "head" },
      h("div", { style: { "min-width": "0" } }, h("h3", { title: it.note }, it.title || ""), legend(it.legend || [])),
      (it.controls || []).map(segments)),
    it.message ? nothing(it) : null))
}
