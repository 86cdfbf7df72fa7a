// Before anything is painted: the remembered colours, so that a dark page never flashes white.
(function () {
  var match = /(?:^|; )shoplight_theme=(dark|light)/.exec(document.cookie);
  if (match) document.documentElement.classList.toggle("sl-dark", match[1] === "dark");
})();
