/* The curve over time is a slider of months: arrows, Home, End, and the pointer. */

import { go } from "./redraw.js";

const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };

/** Listen to the curves. */
export function steer() {
  document.addEventListener("keydown", (event) => {
    const curve = event.target.closest?.(".tl");
    if (!curve) return;
    const queries = curve.dataset.queries.split("|");
    const now = Number(curve.getAttribute("aria-valuenow")) - 1;
    const ends = { Home: 0, End: queries.length - 1 };
    const wanted = event.key in STEPS ? now + STEPS[event.key] : ends[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    choose(queries, wanted, now);
  });
  document.addEventListener("pointerdown", (event) => {
    const curve = event.target.closest?.(".tl");
    if (!curve) return;
    const queries = curve.dataset.queries.split("|");
    const box = curve.getBoundingClientRect();
    const { width, first, last } = curve.dataset;
    const x = ((event.clientX - box.left) / box.width) * Number(width);
    const at = Math.round(((x - Number(first)) / (Number(last) - Number(first))) * (queries.length - 1));
    choose(queries, at, Number(curve.getAttribute("aria-valuenow")) - 1);
  });
}

function choose(queries, wanted, now) {
  const at = Math.max(0, Math.min(queries.length - 1, wanted));
  if (at !== now) go(queries[at]);
}
