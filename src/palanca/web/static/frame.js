/* What is around every page: theme, menu, the address to share, a line that comes and goes. */

let gone = 0;

/** A line that comes and goes; a reader's voice tells it. */
export function toast(text) {
  const line = document.getElementById("toast");
  line.textContent = text;
  line.classList.add("on");
  clearTimeout(gone);
  gone = setTimeout(() => line.classList.remove("on"), 2600);
}

function dark() {
  const own = document.documentElement.dataset.theme;
  return own ? own === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function label(button) {
  button.textContent = dark() ? button.dataset.light : button.dataset.dark;
  button.setAttribute("aria-pressed", String(dark()));
}

function theme(button) {
  const next = dark() ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  try {
    localStorage.setItem("palanca-theme", next);
  } catch {
    /* it then holds for this page */
  }
  label(button);
}

async function share(button) {
  try {
    await navigator.clipboard.writeText(location.href);
    toast(button.dataset.said);
  } catch {
    toast(location.href);
  }
}

/** Show the buttons that need script, and listen to them. */
export function frame() {
  const bar = document.getElementById("bar");
  const button = bar.querySelector("[data-theme-switch]");
  label(button);
  for (const one of bar.querySelectorAll("[data-theme-switch], [data-share], [data-menu]")) one.hidden = false;
  button.addEventListener("click", () => theme(button));
  bar.querySelector("[data-share]").addEventListener("click", (event) => share(event.currentTarget));
  bar.querySelector("[data-menu]").addEventListener("click", (event) => {
    const open = document.getElementById("tabs").classList.toggle("open");
    event.currentTarget.setAttribute("aria-expanded", String(open));
  });
  document.addEventListener("click", (event) => {
    for (const one of document.querySelectorAll("details.files[open]")) if (!one.contains(event.target)) one.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") for (const one of document.querySelectorAll("details.files[open]")) one.open = false;
  });
  if (matchMedia("(max-width: 899px)").matches) for (const one of document.querySelectorAll("details.when, details.others")) one.open = false;
}
