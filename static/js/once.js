// A second submit of the same form within one request is ignored and shown as busy. The server is idempotent as
// well; this only saves the wait. Capture, so that it comes before dialog.js and htmx.
const LONGEST = 10_000; // a download never leaves the page: free the form again

const release = (form) => {
  delete form.dataset.busy;
  form.querySelectorAll("[aria-busy]").forEach((button) => button.removeAttribute("aria-busy"));
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog") return;
  if (form.dataset.busy) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.dataset.busy = "true";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => release(form), LONGEST);
}, true);

const releaseAll = () => document.querySelectorAll("form[data-busy]").forEach(release);
document.addEventListener("htmx:afterRequest", releaseAll);
document.addEventListener("answered", releaseAll); // dialog.js
window.addEventListener("pageshow", releaseAll); // back from the page cache
