"""How the desk for new files looks: files, the preview of the first rows, open questions, progress."""

from __future__ import annotations

from components.island import Island, styled

_CSS = """
.desk{background:var(--sl-surface);border:1px solid var(--sl-line);border-radius:14px;padding:18px}
h2{margin:0 0 4px;font-size:16px;font-weight:650}h3{margin:18px 0 6px;font-size:14px;font-weight:650}
p{margin:4px 0;color:var(--sl-muted);max-width:80ch}
code{font-family:ui-monospace,SFMono-Regular,Menlo,monospace;font-size:12.5px;background:var(--sl-calm-soft);padding:2px 6px;border-radius:6px;
overflow-wrap:anywhere}
.drop{display:flex;flex-direction:column;align-items:center;gap:4px;text-align:center;margin-top:12px;padding:26px 16px;border-radius:12px;
border:1.5px dashed var(--sl-before);color:var(--sl-muted);cursor:pointer;position:relative}
.drop:hover,.drop.over{background:var(--sl-accent-soft);border-color:var(--sl-accent);color:var(--sl-ink)}
.drop:focus-within{outline:2px solid var(--sl-accent);outline-offset:2px}
.drop b{color:var(--sl-accent);font-weight:640}
.drop input{position:absolute;inset:0;opacity:0;cursor:pointer;width:100%}
.files{list-style:none;margin:12px 0 0;padding:0;display:flex;flex-wrap:wrap;gap:8px}
.files li{padding:5px 11px;border-radius:99px;background:var(--sl-calm-soft);font-size:13px;overflow-wrap:anywhere}
.said{padding:11px 14px;border-radius:10px;margin-top:12px}
.bad{background:var(--sl-bad-soft);color:var(--sl-bad)}.good{background:var(--sl-good-soft);color:var(--sl-good)}
.ask{background:var(--sl-accent-soft);color:var(--sl-ink)}
.bar{height:8px;border-radius:99px;background:var(--sl-calm-soft);overflow:hidden;margin-top:8px}
.bar i{display:block;height:100%;border-radius:99px;background:var(--sl-accent);transition:width .25s}
.bar.open i{width:34%;animation:run 1.3s infinite ease-in-out}
@keyframes run{from{transform:translateX(-100%)}to{transform:translateX(300%)}}
@media(prefers-reduced-motion:reduce){.bar.open i{animation:none;width:100%;opacity:.5}}
.wrap{overflow-x:auto;border:1px solid var(--sl-line);border-radius:10px;max-height:340px}
table{border-collapse:collapse;font-size:12.5px;min-width:100%}
th,td{text-align:left;padding:6px 12px;border-bottom:1px solid var(--sl-grid);white-space:nowrap;font-variant-numeric:tabular-nums}
th{position:sticky;top:0;background:var(--sl-raised);color:var(--sl-faint);font-weight:600}
.map{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(260px,100%),1fr));gap:10px 18px;margin-top:8px}
label.one{display:flex;flex-direction:column;gap:3px;font-size:12.5px;color:var(--sl-faint)}
label.one b{color:var(--sl-ink);font-weight:600}
select,input.text{font:inherit;font-size:13.5px;color:var(--sl-ink);background:var(--sl-raised);border:1px solid var(--sl-before);border-radius:8px;
padding:6px 9px;min-height:36px;width:100%}
details summary{cursor:pointer;color:var(--sl-muted);font-weight:550;margin-top:12px;min-height:28px}
.acts{display:flex;flex-wrap:wrap;gap:10px;margin-top:16px}
.act{padding:9px 16px;border-radius:10px;border:1px solid var(--sl-line);font-weight:600;min-height:40px}
.act:hover{background:var(--sl-calm-soft)}
.act.go{background:var(--sl-accent);border-color:var(--sl-accent);color:var(--sl-on-accent)}
.act[disabled]{opacity:.5;cursor:default}
"""


class DeskIsland(Island):
    """Draws the desk; files go by HTTP and not through the page's channel, so their size holds nothing up."""

    _stylesheets = styled(_CSS)
    _esm = Island.module("""
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
        set.mapping[ours] ?? (guessed[ours] ? guessed[ours].from : ""),
        [["", "not in the file"]].concat(it.theirs.map((t) => [t, t])),
        (v) => { set.mapping = { ...set.mapping, [ours]: v }; ask("preview") }))
      return [
        h("h3", {}, "Read as " + it.format),
        it.questions.map((q) => h("div", { class: "said ask" }, q)),
        it.notes.map((n) => h("p", {}, n)),
        h("div", { class: "wrap", tabindex: "0", role: "region", "aria-label": "First rows" }, h("table", {},
          h("thead", {}, h("tr", {}, it.columns.map((c) => h("th", { scope: "col" }, c)))),
          h("tbody", {}, it.rows.map((row) => h("tr", {}, row.map((c) => h("td", {}, c))))))),
        h("div", { class: "map" },
          choice("Dates", "", set.day_first, [["", "as the file shows"], ["day", "day first: 31/12"], ["month", "month first: 12/31"]],
            (v) => { set.day_first = v; ask("preview") }),
          h("label", { class: "one" }, h("b", {}, "Currency"), h("input", { class: "text", "data-key": "currency", maxlength: "3",
            placeholder: shown.currency || "EUR", value: set.currency, input: (e) => { set.currency = e.target.value } }))),
        h("details", { open: local.open, toggle: (e) => { local.open = e.target.open } },
          h("summary", {}, "Columns: what goes where"), h("div", { class: "map" }, picks)),
      ]
    }
    export function render({ model, el }) {
      const root = h("div", { class: "desk" }), local = { settings: null, sending: null, problem: "", open: false }
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
        local.settings = local.settings && it.preview ? local.settings : { ...(it.settings || { mapping: {}, day_first: "", currency: "" }) }
        const busy = local.sending || it.busy, ready = it.files && it.files.length && !busy
        paint(root, h("h2", {}, "Bring in files"),
          it.allowed ? null : h("p", {}, "Files are not taken through the page here. On the shop's own machine: ",
            h("code", {}, "shoplight import export.csv --db shop.db")),
          it.allowed && !busy ? drop() : null,
          it.files && it.files.length ? h("ul", { class: "files" }, it.files.map((f) => h("li", {}, f.name + " · " + size(f.size)))) : null,
          busy ? bar(busy) : null,
          local.problem || it.problem ? h("div", { class: "said bad", role: "alert" }, local.problem || it.problem) : null,
          it.done ? h("div", { class: "said " + (it.done.balanced ? "good" : "bad"), role: "status" }, it.done.words) : null,
          it.preview && !busy ? preview(it.preview, it, local, again, ask) : null,
          ready && !it.done ? h("div", { class: "acts" },
            h("button", { class: "act go", type: "button", "data-key": "go", disabled: !it.preview, click: () => ask("import") }, "Import"),
            h("button", { class: "act", type: "button", click: () => { local.settings = null; ask("clear") } }, "Put away")) : null)
      }
      follow(model, draw)
    }
    """)
