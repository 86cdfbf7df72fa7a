export function render({ model }) {
  const here = () => window.location.search.replace(/^[?]/, "")
  const write = () => {
    const { query, replace } = JSON.parse(model.content)
    if (query === here()) return
    const url = window.location.pathname + (query ? "?" + query : "") + window.location.hash
    window.history[replace ? "replaceState" : "pushState"](window.history.state, "", url)
  }
  const back = () => model.send_msg({ query: here() })
  model.on("content", write)
  window.addEventListener("popstate", back)
  model.on("remove", () => window.removeEventListener("popstate", back))
  write()
}
