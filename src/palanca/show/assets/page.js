"use strict";
// Draws every panel in the colours of the page: when it comes near the screen, again when light turns dark, and for print.
(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const figures = read("figures");
  const dark = read("dark");
  const asked = new URLSearchParams(location.search).get("theme");
  if (asked === "light" || asked === "dark") document.documentElement.dataset.theme = asked;
  const prefers = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => {
    const set = document.documentElement.dataset.theme;
    return set ? set === "dark" : prefers.matches;
  };
  const painted = (part, night) => {
    if (!night) return structuredClone(part);
    if (typeof part === "string") return dark[part] ?? part;
    if (Array.isArray(part)) return part.map((one) => painted(one, night));
    if (part === null || typeof part !== "object") return part;
    return Object.fromEntries(Object.entries(part).map(([name, one]) => [name, painted(one, night)]));
  };
  const options = { displayModeBar: false, responsive: true, showTips: false };
  const drawn = new Set();
  const draw = (id, night = isDark()) => {
    const figure = painted(figures[id], night);
    drawn.add(id);
    return Plotly.react(id, figure.data, figure.layout, options);
  };
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (entry.isIntersecting && !drawn.has(entry.target.id)) draw(entry.target.id);
    }
  }, { rootMargin: "800px" });
  for (const [id, figure] of Object.entries(figures)) {
    const place = document.getElementById(id);
    place.style.height = `${figure.layout.height}px`;
    near.observe(place);
  }
  prefers.addEventListener("change", () => drawn.forEach((id) => draw(id)));
  const folds = () => document.querySelectorAll("details");
  addEventListener("beforeprint", () => {
    folds().forEach((fold) => { fold.dataset.was = fold.open ? "open" : ""; fold.open = true; });
    Object.keys(figures).forEach((id) => draw(id, false));
  });
  addEventListener("afterprint", () => {
    folds().forEach((fold) => { fold.open = fold.dataset.was === "open"; });
    drawn.forEach((id) => draw(id));
  });
})();
