const size = (n) => n < 1e6 ? Math.max(1, Math.round(n / 1e3)) + " kB" : (n / 1e6).toFixed(1) + " MB"
const bar = (it) => h("div", { role: "status" }, h("p", {}, it.words),
  h("div", { class: "bar" + (it.share === null ? " open" : ""), role: "progressbar", "aria-label": it.words,
             "aria-valuenow": it.share === null ? null : Math.round(it.share * 100) },
    h("i", { style: it.share === null ? {} : { width: (it.share * 100) + "%" } })))
function send(file, key, largest, moved) {
  return new Promise((done) => {
    if (file.size > largest) return done("This file is larger than " + size(largest) + "; import it on the command line.")
    const request = new XMLHttpRequest()
    request.open("POST", "upload?" + new URLSearchParams({ to: key, name: file.name }))
    request.upload.onprogress = (e) => moved(e.loaded / e.total)
    request.onload = () => done(request.status < 300 ? "" : request.responseText.trim() || "The file could not be taken.")
    request.onerror = () => done("The connection broke while the file was sent; choose it again.")
    request.send(file)
  })
}
function choice(name, words, value, options, changed) {
  return h("label", { class: "one" }, h("b", {}, name), words,
    h("select", { "data-key": "choose" + name, change: (e) => changed(e.target.value) },
      options.map(([v, label]) => h("option", { value: v, selected: v === value }, label))))
}
function preview(it, shown, local, again, ask) {
  const set = local.settings
  const guessed = Object.fromEntries(it.mapping.map((m) => [m.column, m]))
  const known = it.mapping.map((m) => m.column).concat(shown.ours.filter((o) => !guessed[o]))
  const picks = known.map((ours) => choice(ours, guessed[ours] ? guessed[ours].reason : "",
    set.mapping[ours] ?? (guessed[ours] ? guessed[ours].from : "?"),
    (guessed[ours] ? [] : [["?", "not recognised"]]).concat([["", "not in the file"]], it.theirs.map((t) => [t, t])),
    (v) => { const { [ours]: was, ...others } = set.mapping; set.mapping = v === "?" ? others : { ...others, [ours]: v }; ask("preview") }))
  return [
    h("h3", {}, "Read as " + it.format),
    it.questions.map((q) => h("div", { class: "said ask" }, q)),
    it.notes.map((n) => h("p", {}, n)),
    it.columns.length ? h("div", { class: "wrap", tabindex: "0", role: "region", "aria-label": "First rows" }, h("table", {},
      h("thead", {}, h("tr", {}, it.columns.map((c) => h("th", { scope: "col" }, c)))),
      h("tbody", {}, it.rows.map((row) => h("tr", {}, row.map((c) => h("td", {}, c))))))) : null,
    h("div", { class: "map" },
      choice("Dates", "", set.day_first, [["", "as the file shows"], ["day", "day first: 31/12"], ["month", "month first: 12/31"]],
        (v) => { set.day_first = v; ask("preview") }),
      choice("Decimals", "", set.decimal, [["", "as the file shows"], [",", "comma: 1.234,50"], [".", "point: 1,234.50"]],
        (v) => { set.decimal = v; ask("preview") }),
      h("label", { class: "one" }, h("b", {}, "Currency"), h("input", { class: "text", "data-key": "currency", maxlength: "3",
        placeholder: shown.currency || "EUR", value: set.currency, input: (e) => { set.currency = e.target.value } }))),
    h("details", { open: local.open ?? it.questions.some((q) => q.includes("Columns")), toggle: (e) => { local.open = e.target.open } },
      h("summary", {}, "Columns: what goes where"), h("div", { class: "map" }, picks)),
  ]
}
const ABOUT = [
  ["What it takes", "Any table with a date, a customer, and revenue or quantity and price. Exports of Shopify, Amazon, Olist, Online Retail and CDNOW are known by their columns."],
  ["What counts as revenue", "Price times quantity after discount, without shipping and tax, of lines that were neither cancelled nor unavailable. Refunds are kept apart; postage, fees and corrections are kept, marked, and left out."],
  ["What happens", "You see the first rows and how each column is read; nothing is stored before you agree. The same file twice changes nothing, and every load can be taken back."],
]
const about = () => h("dl", { class: "about" }, ABOUT.map(([t, d]) => h("div", {}, h("dt", {}, t), h("dd", {}, d))))
export function render({ model, el }) {
  const root = h("div", { class: "desk" }), local = { settings: null, sending: null, problem: "", open: undefined }
  el.append(root)
  let shown = {}
  const again = () => draw(shown)
  const ask = (what) => model.send_msg({ do: what, settings: local.settings })
  async function take(list) {
    local.problem = ""
    for (const file of list) {
      local.sending = { words: "Sending " + file.name, share: 0 }; again()
      const problem = await send(file, shown.key, shown.largest, (share) => { local.sending.share = share; again() })
      if (problem) local.problem = file.name + ": " + problem
    }
    local.sending = null; again()
  }
  function drop() {
    const over = (yes) => (e) => { e.preventDefault(); e.currentTarget.classList.toggle("over", yes) }
    return h("label", { class: "drop", dragover: over(true), dragleave: over(false),
      drop: (e) => { over(false)(e); take([...e.dataTransfer.files]) } },
      h("span", {}, h("b", {}, "Choose files"), " or drop them here"),
      h("span", {}, "CSV, TSV, Excel, Parquet, also .gz; several that belong together at once"),
      h("input", { type: "file", multiple: true, "data-key": "file", "aria-label": "Choose files to import",
        change: (e) => take([...e.target.files]) }))
  }
  function draw(it) {
    shown = it
    local.settings = local.settings && it.preview ? local.settings : { ...(it.settings || { mapping: {}, day_first: "", decimal: "", currency: "" }) }
    const busy = local.sending || it.busy, ready = it.files && it.files.length && !busy
    paint(root, h("h2", {}, "Bring in files"),
      it.allowed ? null : h("p", {}, "Files are not taken through the page here. On the shop's own machine: ",
        h("code", {}, "shoplight import export.csv --db shop.db")),
      it.allowed && !busy ? drop() : null,
      busy || it.preview ? null : about(),
      it.files && it.files.length ? h("ul", { class: "files" }, it.files.map((f) => h("li", {}, f.name + " · " + size(f.size)))) : null,
      busy ? bar(busy) : null,
      local.problem || it.problem ? h("div", { class: "said bad", role: "alert" }, local.problem || it.problem) : null,
      it.done ? h("div", { class: "said " + (it.done.balanced ? "good" : "bad"), role: "status" }, it.done.words) : null,
      it.preview && !busy ? preview(it.preview, it, local, again, ask) : null,
      ready && !it.done ? h("div", { class: "acts" },
        h("button", { class: "act go", type: "button", "data-key": "go", disabled: !it.preview || it.preview.questions.length > 0, click: () => ask("import") }, "Import"),
        h("button", { class: "act", type: "button", click: () => { local.settings = null; ask("clear") } }, "Put away")) : null)
  }
  follow(model, draw)
}
