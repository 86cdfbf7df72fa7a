export function render({ model }) {
  const here = () => window.location.search.replace(/^[?]/, "")
  let steps = 0
  const write = () => {
    const { query, replace, step } = JSON.parse(model.content)
    // A visitor who goes back twice is past the place that the first answer speaks of.
    if (query === here() || step < steps) return
    const url = window.location.pathname + (query ? "?" + query : "") + window.location.hash
    window.history[replace ? "replaceState" : "pushState"](window.history.state, "", url)
  }
  const back = () => model.send_msg({ query: here(), step: ++steps })
  model.on("content", write)
  window.addEventListener("popstate", back)
  model.on("remove", () => window.removeEventListener("popstate", back))
  write()
}
