// Before the first paint, hence a plain script: what web/src/shell/theme.ts keeps is applied here.
(function () {
  var choice = null;
  try { choice = localStorage.getItem("theme"); } catch (refused) { /* storage switched off: follow the system */ }
  var dark = choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
})();
