/* The corridor by keyboard and pointer: one stop, arrows walk its stations, a note tells what a number rests on. */

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** Listen to the map. */
export function walk() {
  const station = (event) => event.target.closest?.(".st");
  document.addEventListener("pointermove", (event) => (station(event) ? tell(station(event), event.clientX, event.clientY) : hide()));
  document.addEventListener("focusin", (event) => {
    const one = station(event);
    if (!one) return hide();
    const box = one.getBoundingClientRect();
    tell(one, box.left, box.bottom - 10);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return hide();
    const one = station(event);
    const step = STEPS[event.key];
    if (!one || !step) return;
    event.preventDefault();
    const all = [...document.querySelectorAll("#map .st")];
    all[(all.indexOf(one) + step + all.length) % all.length].focus();
  });
}

function tell(one, x, y) {
  const tip = document.getElementById("tip");
  if (!tip) return;
  const [name, ...lines] = one.dataset.tip.split("|");
  const head = document.createElement("b");
  head.textContent = name;
  const rest = lines.filter(Boolean).map((line) => {
    const part = document.createElement("span");
    part.textContent = line;
    return part;
  });
  tip.replaceChildren(head, ...rest);
  tip.hidden = false;
  const left = Math.min(x + scrollX + 14, scrollX + innerWidth - tip.offsetWidth - 12);
  const top = y + 16 + tip.offsetHeight > innerHeight ? y - tip.offsetHeight - 12 : y + 16;
  tip.style.setProperty("left", `${Math.max(left, 8)}px`);
  tip.style.setProperty("top", `${top + scrollY}px`);
}

function hide() {
  const tip = document.getElementById("tip");
  if (tip) tip.hidden = true;
}
