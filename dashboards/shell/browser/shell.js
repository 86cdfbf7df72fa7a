// The frame around the pages: menu, drawer, colours, connection. Everything shown in it comes from the server.
(function () {
  "use strict";
  var root = document.documentElement;
  var one = function (name) { return document.querySelector(name); };
  var all = function (name) { return Array.prototype.slice.call(document.querySelectorAll(name)); };
  var side = one(".sl-side"), opener = one(".sl-open"), main = one(".sl-main"), hold = one(".sl-hold");
  var bridge = null, drawn = false, asked = false;

  function tell(kind, value) {
    if (bridge) bridge.value = JSON.stringify({ kind: kind, value: value, at: Date.now() + Math.random() });
  }

  // ------------------------------------------------------------ drawer
  function drawer(open) {
    root.classList.toggle("sl-drawer", open);
    opener.setAttribute("aria-expanded", String(open));
    if (open) one(".sl-menu a[aria-current]").focus(); else if (side.contains(document.activeElement)) opener.focus();
  }
  opener.addEventListener("click", function () { drawer(!root.classList.contains("sl-drawer")); });
  one(".sl-close").addEventListener("click", function () { drawer(false); });
  one(".sl-shade").addEventListener("click", function () { drawer(false); });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && root.classList.contains("sl-drawer")) drawer(false);
    if (event.key === "Tab" && root.classList.contains("sl-drawer")) keepInside(event);
  });
  function keepInside(event) {
    var stops = all(".sl-side button, .sl-side a"), first = stops[0], last = stops[stops.length - 1];
    if (event.shiftKey && document.activeElement === first) { last.focus(); event.preventDefault(); }
    else if (!event.shiftKey && document.activeElement === last) { first.focus(); event.preventDefault(); }
  }

  // ------------------------------------------------------------ menu
  function address(page) {
    var query = new URLSearchParams(location.search);
    query.set("page", page);
    return "?" + query.toString();
  }
  function carry() {
    all(".sl-menu a").forEach(function (link) { link.href = address(link.dataset.page); });
  }
  function front(page, title) {
    all(".sl-menu a").forEach(function (link) {
      if (link.dataset.page === page) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    });
    if (title) { one(".sl-hold>h1").textContent = title; document.title = title + " · Shoplight"; }
  }
  all(".sl-menu a").forEach(function (link) {
    ["pointerenter", "focus", "pointerdown"].forEach(function (name) { link.addEventListener(name, carry); });
    link.addEventListener("click", function (event) {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button || !bridge) { carry(); return; }
      event.preventDefault();
      front(link.dataset.page, link.textContent.trim());
      tell("page", link.dataset.page);
      drawer(false);
      window.scrollTo(0, 0);
      main.focus({ preventScroll: true });
    });
  });

  // ------------------------------------------------------------ colours
  var theme = one(".sl-theme");
  function isDark() { return root.classList.contains("sl-dark"); }
  function colour(dark) {
    root.classList.toggle("sl-dark", dark);
    theme.setAttribute("aria-pressed", String(dark));
    tell("dark", dark);
  }
  theme.setAttribute("aria-pressed", String(isDark()));
  theme.addEventListener("click", function () {
    colour(!isDark());
    document.cookie = "shoplight_theme=" + (isDark() ? "dark" : "light") + "; path=/; max-age=31536000; samesite=lax";
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", function (event) {
    if (!/(?:^|; )shoplight_theme=/.test(document.cookie)) colour(event.matches);
  });

  // ------------------------------------------------------------ connection
  var note = one(".sl-note"), again = note.querySelector("button");
  function say(text, label, act) {
    note.firstElementChild.textContent = text;
    again.textContent = label;
    again.onclick = act;
    note.toggleAttribute("data-on", !!text);
  }
  function hush() { say("", "", null); }
  function lost() {
    if (leaving) return;
    say("The connection is gone. Trying to get it back…", "Reload", function () { location.reload(); });
    setTimeout(retry, 1500, 1500);
  }
  function retry(pause) {
    fetch("health", { cache: "no-store" }).then(function (answer) {
      if (!answer.ok) throw new Error();
      location.reload();
    }).catch(function () { setTimeout(retry, pause, Math.min(pause * 1.6, 20000)); });
  }
  var leaving = false;
  window.addEventListener("pagehide", function () { leaving = true; });
  window.addEventListener("pageshow", function (event) { if (event.persisted) location.reload(); });

  // ------------------------------------------------------------ when the page has arrived
  function arrived(bokeh) {
    hold.classList.remove("sl-wait");
    var first = one(".sl-first");
    if (first) first.remove();
    root.setAttribute("data-ready", "1");
  }
  function listen(bokeh) {
    bridge = bokeh.get_model_by_name("shoplight-bridge");
    var outlet = bokeh.get_model_by_name("shoplight-outlet");
    if (!bridge || !outlet) return false;
    function heard() {
      var said = JSON.parse(outlet.value || "{}");
      if (said.page) front(said.page, said.title);
      drawn = said.dark === isDark() || said.dark === undefined;
      if (said.said) say(said.said, "Close", hush);
      if (said.arrived) settle(bokeh);
    }
    outlet.properties.value.change.connect(heard);
    bokeh.on_event("connection_lost", lost);
    heard();
    return true;
  }
  function settle(bokeh, since) {
    since = since || Date.now();
    if (root.hasAttribute("data-ready")) return;
    // Asked once the page listens: before that the server would not hear it.
    if (bokeh.is_idle && !drawn && !asked) { asked = true; tell("dark", isDark()); }
    if ((bokeh.is_idle && drawn) || Date.now() - since > 6000) requestAnimationFrame(function () { arrived(bokeh); });
    else setTimeout(settle, 30, bokeh, since);
  }
  (function wait() {
    var bokeh = window.Bokeh && Bokeh.documents && Bokeh.documents[0];
    if (!(bokeh && bokeh.roots().length && listen(bokeh))) setTimeout(wait, 30);
  })();
})();
