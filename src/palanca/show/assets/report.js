"use strict";
// Unpacks Plotly's script, which the page carries compressed, and then lets the panels be drawn.
(async () => {
  const text = (id) => document.getElementById(id).textContent;
  const run = (code) => {
    const script = document.createElement("script");
    script.textContent = code;
    document.head.append(script);
  };
  const packed = Uint8Array.from(atob(text("plotly")), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  run(await new Response(stream).text());
  run(text("drawing"));
  document.documentElement.dataset.ready = "";
})();
