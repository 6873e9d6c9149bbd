/* A deal of the month, asked for when a visitor opens it: the first sentences of its own page, nothing worded anew. */

/** Listen to folds that bring their content from another page of the site. */
export function fetchWhenOpened() {
  document.addEventListener(
    "toggle",
    async (event) => {
      const fold = event.target;
      if (!fold.matches?.("details[data-from]") || !fold.open) return;
      const place = fold.querySelector("[data-here]");
      const from = fold.dataset.from;
      if (place.dataset.shown === from) return;
      place.dataset.shown = from;
      place.replaceChildren(document.createTextNode(fold.dataset.wait));
      try {
        const reply = await fetch(from);
        const page = new DOMParser().parseFromString(await reply.text(), "text/html");
        const told = [...page.querySelectorAll("#body .lead, #problem p")].slice(0, 2);
        place.replaceChildren(...told.map((one) => document.importNode(one, true)));
      } catch {
        place.dataset.shown = "";
        place.replaceChildren(document.createTextNode(fold.dataset.failed));
      }
    },
    true,
  );
  document.addEventListener("palanca:shown", () => {
    for (const fold of document.querySelectorAll("details[data-from]")) {
      const place = fold.querySelector("[data-here]");
      if (!place.dataset.shown || place.dataset.shown === fold.dataset.from) continue;
      place.dataset.shown = ""; // what was told is of another month
      place.replaceChildren();
      fold.open = false;
    }
  });
}
