/* A lever that is moved becomes an address: name=VALUE@FROM..UNTIL:WHO, without what equals the record. */

import { go } from "./redraw.js";

const STICKY = 0.03; // of the record: nearer than this is the record
const PAUSE = 40; // milliseconds between two questions while a lever moves
let waiting = 0;

/** The query with one lever as its form has it. */
export function query(form) {
  const lever = form.dataset.lever;
  const slider = form.querySelector("input[type=range]");
  const value = Number(slider.value);
  const times = form.dataset.times === "1";
  const mark = Number(form.dataset.mark);
  const asRecorded = times ? Math.abs(value - 1) < STICKY : value === mark;
  const from = form.elements.from.value;
  const until = form.elements.until.value;
  const who = [...form.querySelectorAll("input[name=who]:checked")].map((one) => one.value);
  const shipped = form.dataset.shipped === "1";
  const parts = pairs().filter(([name]) => name !== lever && !(shipped && name === "world"));
  if (!asRecorded) {
    const months = `@${from}${until ? `..${until}` : ""}`;
    const people = who.length ? `:${who.join(",")}` : "";
    parts.unshift([lever, `${Number(value.toFixed(3))}${times ? "x" : ""}${months}${people}`]);
    const month = parts.find(([name]) => name === "month");
    if (month && month[1] < from) month[1] = from;
  }
  return printed(parts);
}

/** Names and values of the address. */
export function pairs() {
  return location.search
    .slice(1)
    .split("&")
    .filter(Boolean)
    .map((part) => {
      const at = part.indexOf("=");
      return at < 0 ? [part, null] : [part.slice(0, at), part.slice(at + 1)];
    });
}

/** Names and values as a query. */
export function printed(parts) {
  return `?${parts.map(([name, value]) => (value === null ? name : `${name}=${value}`)).join("&")}`;
}

/** Listen to every lever, also to those that come later. */
export function listen() {
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-lever]");
    if (!form || event.target.type !== "range") return;
    clearTimeout(waiting);
    waiting = setTimeout(() => go(query(form), "none"), PAUSE); // the address follows when it is let go
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-lever]");
    if (form) {
      clearTimeout(waiting);
      go(query(form));
    } else if (event.target.id === "show") {
      go(event.target.selectedOptions[0].dataset.query);
    }
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-lever]");
    if (!form) return;
    event.preventDefault();
    go(query(form));
  });
  document.addEventListener("click", (event) => {
    const part = event.target.closest("[data-focus]");
    if (!part) return;
    event.preventDefault();
    focus(part.dataset.focus);
  });
}

/** Bring a lever or its month under the hand. */
function focus(name) {
  const target = document.getElementById(`slide-${name}`) ?? document.getElementById(`lever-${name}`);
  for (let fold = target?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  target?.focus();
}
