// Everything an island shows is made here. `h` sets attributes and text nodes and knows no way to read HTML, so a
// hostile name can only ever be shown. `paint` keeps the focus where it was, or moves it to what is marked `data-next`
// where that is gone: without it a press of Enter would throw a keyboard user back to the top of the page.
const SVG = "http://www.w3.org/2000/svg"
const DRAWN = new Set(["svg", "path", "line", "circle", "rect", "g", "polyline"])
export function h(tag, attributes, ...children) {
  const node = DRAWN.has(tag) ? document.createElementNS(SVG, tag) : document.createElement(tag)
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue
    if (typeof value === "function") node.addEventListener(name, value)
    else if (name === "style") for (const [k, v] of Object.entries(value)) node.style.setProperty(k, v)
    else if (name === "value" || name === "checked") node[name] = value
    else node.setAttribute(name, value === true ? "" : String(value))
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) {
      node.append(child instanceof Node ? child : document.createTextNode(String(child)))
    }
  }
  return node
}
export function paint(root, ...children) {
  const focused = root.getRootNode().activeElement
  const key = focused && root.contains(focused) ? focused.dataset.key : undefined
  root.replaceChildren(...children.flat(Infinity).filter(Boolean))
  if (key === undefined) return
  const again = root.querySelector(`[data-key="${CSS.escape(key)}"]:not([disabled])`) || root.querySelector("[data-next]")
  again?.focus({ preventScroll: true })
}
const PATHS = {
  up: "M8 3.5 13 10H3z", down: "M8 12.5 3 6h10z", close: "M4 4l8 8M12 4l-8 8", chevron: "M4 6l4 4 4-4",
  check: "M3.5 8.5l3 3 6-7", calendar: "M3 5.5h10M5.5 2.5v2M10.5 2.5v2M3 3.5h10v10H3z",
  filter: "M2.5 4h11M4.5 8h7M6.5 12h3", link: "M6.5 9.5l3-3M7 4.5l1.4-1.4a2.9 2.9 0 0 1 4.1 4.1L11 8.7M9 11.5l-1.4 1.4a2.9 2.9 0 0 1-4.1-4.1L5 7.3",
  left: "M10 4 6 8l4 4", right: "M6 4l4 4-4 4", download: "M8 2.5v7.5M5 7.2 8 10.2l3-3M3 13.2h10", pin: "M4 2.5h8v11l-4-3-4 3z",
  undo: "M5.5 3 3 5.5 5.5 8M3 5.5h6a4 4 0 0 1 0 8H6", search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5 13.5 13.5",
}
export function icon(name, size = 16) {
  const solid = name === "up" || name === "down"
  return h("svg", { viewBox: "0 0 16 16", width: size, height: size, "aria-hidden": "true", style: { flex: "none" } },
    h("path", { d: PATHS[name], fill: solid ? "currentColor" : "none", stroke: solid ? "none" : "currentColor",
                "stroke-width": "1.5", "stroke-linecap": "round", "stroke-linejoin": "round" }))
}
// Asked for in one island, shown in another: the visitor is taken there once it is drawn.
export const ORDERS = "shoplight-orders"
export const reveal = (node) => node.scrollIntoView({
  block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" })
export function follow(model, draw) {
  const again = () => draw(JSON.parse(model.content))
  model.on("content", again)
  again()
}
