/* Before anything is drawn: that there is script, and the theme that the visitor chose last. */
"use strict";
document.documentElement.classList.add("js");
try {
  const kept = localStorage.getItem("palanca-theme");
  if (kept === "dark" || kept === "light") document.documentElement.dataset.theme = kept;
} catch {
  /* storage may be forbidden: the theme of the system holds */
}
