/* Turns one tree into another in place: what stays keeps its focus, its open state and its transitions. */

const KEPT = new Set(["open"]);

/** Make `old` like `next`; elements marked `data-keep` are left as they are. */
export function morph(old, next) {
  if (old.nodeType !== next.nodeType || old.nodeName !== next.nodeName) {
    old.replaceWith(document.importNode(next, true));
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== next.nodeValue) old.nodeValue = next.nodeValue;
    return;
  }
  if (old.hasAttribute("data-keep")) return;
  attributes(old, next);
  children(old, next);
}

function attributes(old, next) {
  for (const { name, value } of [...next.attributes]) {
    if (KEPT.has(name)) continue;
    if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  for (const { name } of [...old.attributes]) {
    if (!KEPT.has(name) && !next.hasAttribute(name)) old.removeAttribute(name);
  }
  if (old === document.activeElement) return; // a lever that is being moved stays where the hand is
  if (old instanceof HTMLInputElement) {
    if (old.type === "checkbox" || old.type === "radio") old.checked = next.hasAttribute("checked");
    else old.value = next.getAttribute("value") ?? "";
  } else if (old instanceof HTMLOptionElement) {
    old.selected = next.hasAttribute("selected");
  }
}

function children(old, next) {
  const wanted = [...next.childNodes];
  const byId = new Map([...old.children].filter((one) => one.id).map((one) => [one.id, one]));
  let at = old.firstChild;
  for (const want of wanted) {
    const known = want.nodeType === Node.ELEMENT_NODE && want.id ? byId.get(want.id) : null;
    if (known && known !== at && known.parentNode === old) old.insertBefore(known, at);
    const here = known ?? at;
    if (!here || (!known && here.nodeType === Node.ELEMENT_NODE && here.id && here.id !== want.id && later(wanted, want, here.id))) {
      old.insertBefore(document.importNode(want, true), here);
      continue;
    }
    at = here.nextSibling;
    morph(here, want);
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

/** Whether an element of this id comes further on, so that it must not be overwritten now. */
function later(wanted, want, id) {
  return wanted.slice(wanted.indexOf(want) + 1).some((one) => one.id === id);
}
