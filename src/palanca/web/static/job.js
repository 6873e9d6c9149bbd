/* A long question: its progress as the server tells it, and its answer when it is done. */

/** Listen to the job of this page, if it has one. */
export function job() {
  const section = document.querySelector("[data-events]");
  if (!section || !["queued", "running"].includes(section.dataset.status)) return;
  const said = section.querySelector("#job-status");
  const bar = section.querySelector("progress");
  const events = new EventSource(section.dataset.events);
  const told = (event) => {
    const { status, done, total } = JSON.parse(event.data);
    said.textContent = `${said.dataset[status] ?? status}${total ? `: ${done} / ${total}` : ""}`;
    bar.max = total || 1;
    bar.value = done || 0;
  };
  // the form leads back to the question: a reload at the end of the job would stop it on the way
  section.querySelector("form")?.addEventListener("submit", () => events.close());
  events.addEventListener("progress", told);
  events.addEventListener("end", (event) => {
    events.close();
    told(event);
    location.reload();
  });
}
