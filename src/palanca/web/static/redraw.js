/* Asks the server for another address and shows it in place; the last question wins, and the last answer stays until then. */

import { morph } from "./morph.js";
import { toast } from "./frame.js";

const PATIENCE = 300; // milliseconds until old numbers fade
let asked = null;
let fresh = new Date();

/** Show the page of a query: `push` adds it to the history of the browser, `none` leaves that as it is. */
export async function go(query, how = "push") {
  asked?.abort();
  const mine = new AbortController();
  asked = mine;
  const page = document.getElementById("page");
  const slow = setTimeout(() => page?.classList.add("busy"), PATIENCE);
  const address = location.pathname + query;
  if (how === "push" && query !== location.search) history.pushState(null, "", address);
  try {
    const reply = await fetch(address, { signal: mine.signal, headers: { Accept: "text/html", "X-Requested-With": "palanca" } });
    const text = await reply.text();
    if (reply.status >= 500) throw new Error(String(reply.status));
    if (mine === asked) show(new DOMParser().parseFromString(text, "text/html"));
  } catch (fault) {
    if (fault.name === "AbortError") return;
    const main = document.getElementById("main");
    toast(`${main.dataset.late} ${fresh.toLocaleTimeString(document.documentElement.lang)}`);
  } finally {
    clearTimeout(slow);
    if (mine === asked) {
      document.getElementById("page")?.classList.remove("busy");
      asked = null;
    }
  }
}

function show(next) {
  document.title = next.title;
  for (const id of ["bar", "main"]) {
    const old = document.getElementById(id);
    const want = next.getElementById(id);
    if (old && want) morph(old, want);
  }
  fresh = new Date();
  document.dispatchEvent(new CustomEvent("palanca:shown"));
}

/** Back and forward are the same as asking. */
export function follow() {
  addEventListener("popstate", () => go(location.search, "none"));
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-go]");
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    go(link.getAttribute("href"));
  });
}
