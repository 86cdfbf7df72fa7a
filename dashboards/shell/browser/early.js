// Before anything is painted: the chosen colours, else those of the system, so that a dark page never flashes white.
(function () {
  var chosen = /(?:^|; )shoplight_theme=(dark|light)/.exec(document.cookie);
  var system = window.matchMedia && matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  document.documentElement.classList.toggle("sl-dark", (chosen ? chosen[1] : system) === "dark");
  // Lets the server draw the next page in these colours at once.
  document.cookie = "shoplight_system=" + system + "; path=/; samesite=lax";
})();
