export function render({ model, el }) {
  const root = h("div", { class: "empty" })
  el.append(root)
  follow(model, (it) => paint(root,
    h("svg", { viewBox: "0 0 48 32", width: 66, height: 44, "aria-hidden": "true" },
      h("path", { d: "M4 28h40M10 28v-8M19 28V14M28 28v-5M37 28V9", fill: "none", stroke: "currentColor",
                  "stroke-width": "2.4", "stroke-linecap": "round", "stroke-dasharray": "3 4" })),
    h("h2", {}, "This shop has no orders yet"),
    h("p", {}, "Bring in an export of yours and this page fills itself, while you look at it."),
    h("ol", {},
      h("li", {}, h("b", {}, "On the command line"), h("code", {}, it.command)),
      it.page ? h("li", {}, h("b", {}, "Or in the browser: "), "choose the file, see how it would be read, import.",
        h("div", {}, h("button", { type: "button", click: () => model.send_msg({ go: true }) }, "Bring in files"))) : null),
    h("p", {}, "CSV, TSV, Excel and Parquet; a date, a customer and an amount (or quantity and price) are enough.")))
}
