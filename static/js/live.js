// One polite live region. It speaks what a swapped fragment carries in [data-announce] (number of results, "Budget,
// now 3 of 9") and whatever a module announces; and it brings the focus back when a swap took it away.
const region = document.getElementById("live");

const say = (text) => {
  region.textContent = "";
  setTimeout(() => (region.textContent = text), 50); // the same words twice are spoken twice
};

document.addEventListener("announce", (event) => say(event.detail));

document.addEventListener("htmx:afterSettle", (event) => {
  const panel = event.detail.elt;
  const carrier = panel.matches?.("[data-announce]") ? panel : panel.querySelector?.("[data-announce]");
  if (carrier) say(carrier.dataset.announce);
  if (document.activeElement !== document.body) return;
  const start = panel.querySelector?.(".error-summary, h1, h2, h3");
  if (!start) return;
  start.tabIndex = -1;
  start.focus({ preventScroll: true });
});
