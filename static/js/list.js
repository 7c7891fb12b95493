// The lead list. Forms beside the search box take along what stands in it now; and when rows cannot be fetched, the old
// ones stay in sight, marked, with a way to try again.
const box = document.getElementById("q");
const failed = document.getElementById("load-failed");
const results = document.getElementById("results");

document.addEventListener("submit", (event) => {
  const kept = event.target.querySelector("input[data-kept]");
  if (!kept) return;
  kept.value = box.value;
  kept.disabled = !kept.value;
});

const onResults = (event) => event.detail.target === results;

for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    if (event.detail.target.matches(".lead-card")) location.assign(event.detail.pathInfo.requestPath); // its page says why
    if (!onResults(event)) return;
    results.classList.add("is-stale");
    failed.querySelector("a").href = event.detail.pathInfo.finalRequestPath;
    const code = event.detail.xhr.getResponseHeader("X-Reference"); // none when the server was not reached
    const reference = failed.querySelector("[data-words]");
    reference.textContent = code ? `${reference.dataset.words} ${code}` : "";
    failed.hidden = false;
    document.dispatchEvent(new CustomEvent("announce", { detail: failed.textContent.trim() }));
  });
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!onResults(event) || !event.detail.shouldSwap) return;
  results.classList.remove("is-stale");
  failed.hidden = true;
});
