export function render({ model, el }) {
  const root = h("div", {})
  el.append(root)
  const say = (message) => model.send_msg(message)
  let it = {}, copied = false, draft = null

  const line = (one) => h("li", {},
    h("button", { type: "button", class: "face", "data-key": "case " + one.id, click: () => say({ open: one.id }) },
      h("b", {}, one.title), h("span", { class: "about" }, one.about),
      one.stale ? h("span", { class: "pill" }, "older data") : null),
    h("button", { type: "button", class: "small", "data-key": "delete " + one.id, "aria-label": "Delete " + one.title, title: "Delete", click: () => say({ delete: one.id }) }, icon("close", 14)))
  const list = () => h("section", { class: "card" },
    h("h2", { tabindex: -1, "data-next": "" }, "Case files"),
    it.cases.length
      ? h("ul", { class: "list" }, it.cases.map(line))
      : h("div", { class: "nothing" }, h("p", {}, it.empty), h("button", { type: "button", class: "act main", click: () => say({ begin: true }) }, "Go to Diagnose")))
  const part = (title, body) => body && body.length ? [h("h3", {}, title), body] : null
  const points = (texts, ordered) => texts.length ? h(ordered ? "ol" : "ul", {}, texts.map((text) => h("li", {}, text))) : null
  const rows = (table) => table.rows.length ? h("div", { class: "scroll" }, h("table", {},
    h("thead", {}, h("tr", {}, table.heads.map((head) => h("th", { scope: "col" }, head)))),
    h("tbody", {}, table.rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cell))))))) : null
  const share = async () => {
    const address = window.location.origin + window.location.pathname + "?" + it.open.link
    try { await navigator.clipboard.writeText(address); copied = true } catch { window.prompt("The case's address", address) }
    draw()
    setTimeout(() => { copied = false; draw() }, 2500)
  }
  const note = (one) => {
    const field = h("textarea", {
      id: "note", rows: 4, maxlength: one.longest_note, value: draft ?? one.note, "data-key": "note", placeholder: "What you know that the figures do not",
      input: (event) => { draft = event.target.value; root.querySelector(".save")?.setAttribute("aria-disabled", String(draft === one.note)) },
    })
    return [h("label", { for: "note" }, "Note"), field,
      h("button", { type: "button", class: "act save", "data-key": "save", "aria-disabled": String(draft === null || draft === one.note),
                    click: () => { const text = draft; if (text !== null && text !== one.note) { draft = null; say({ note: text }) } } }, "Save the note")]
  }
  const file = (one) => h("article", { class: "card" },
    h("button", { type: "button", class: "back", "data-key": "back", click: () => { draft = null; say({ close: true }) } }, icon("left", 14), "All case files"),
    h("h2", { tabindex: -1, "data-next": "" }, one.title),
    h("p", { class: "about" }, one.about),
    one.stale ? h("p", { class: "warning", role: "note" }, one.stale) : null,
    h("div", { class: "sentences" }, one.sentences.map((text) => h("p", {}, text))),
    part("Causes", [points(one.causes, true)].filter(Boolean)),
    h("div", { class: "tables" }, one.tables.map((table) => h("div", {}, part(table.title, [rows(table)].filter(Boolean))))),
    part("Ruled out", [points(one.ruled)].filter(Boolean)),
    part("Data problems", [points(one.problems)].filter(Boolean)),
    h("div", { class: "note" }, note(one)),
    h("div", { class: "ways" },
      h("button", { type: "button", class: "act main", "data-key": "live", click: () => say({ live: true }) }, "Open with today's data"),
      h("button", { type: "button", class: "act", "data-key": "share", click: share }, icon(copied ? "check" : "link", 15), copied ? "Link copied" : "Copy link"),
      h("button", { type: "button", class: "act", "data-key": "delete", click: () => { draft = null; say({ delete: one.id }) } }, "Delete")))
  const undo = () => h("div", { class: "undo", role: "status" }, h("span", {}, it.deleted.words),
    h("button", { type: "button", "data-key": "undo", "data-next": "", click: () => say({ restore: it.deleted.id }) }, icon("undo", 14), "Undo"))

  function draw() {
    paint(root, it.deleted ? undo() : null, it.message ? h("p", { class: "message", role: "status" }, it.message) : null,
      it.open ? file(it.open) : it.cases ? list() : null)
  }
  follow(model, (told) => { if (!it.open || !told.open || it.open.id !== told.open.id) draft = null; it = told; draw() })
}
