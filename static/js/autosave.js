// form[data-autosave][data-failed] saves itself a second after the last key, and says so in #saved; what cannot be saved yet says why.
// The answer names where the form goes from then on. One request at a time: a submit waits for the one on its way.
const WAIT = 800;
const form = document.querySelector("form[data-autosave]");
let timer;
let onItsWay; // a promise
let kept = written();

function written() {
  return new URLSearchParams(new FormData(form)).toString();
}

async function save() {
  const now = written();
  if (onItsWay || now === kept) return;
  const body = new FormData(form);
  body.append("autosave", "yes");
  onItsWay = fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
  try {
    const answer = await onItsWay;
    if (answer.ok && !answer.redirected) show(await answer.text(), now);
    else fail(); // signed out, or the draft has moved on: the button leads to the page that says so
  } catch {
    fail(); // no network now
  }
  onItsWay = undefined;
  if (written() !== now) plan();
}

function show(html, sent) {
  const place = document.getElementById("saved");
  place.outerHTML = html;
  const said = document.getElementById("saved");
  kept = sent;
  if ("problem" in said.dataset) return document.dispatchEvent(new CustomEvent("announce", { detail: said.textContent.trim() }));
  form.action = said.dataset.action;
  history.replaceState(history.state, "", form.action); // a new field is added once
  document.dispatchEvent(new Event("preview-stale"));
}

function fail() {
  kept = undefined; // the next key tries again, whatever it brings back
  const place = document.getElementById("saved");
  place.className = "field-error";
  place.textContent = form.dataset.failed;
  document.dispatchEvent(new CustomEvent("announce", { detail: form.dataset.failed }));
}

function plan() {
  clearTimeout(timer);
  timer = setTimeout(save, WAIT);
}

form.addEventListener("input", plan);
form.addEventListener("change", plan);

// Before once.js, so that the wait does not count as a second press.
window.addEventListener("submit", async (event) => {
  if (event.target !== form) return;
  clearTimeout(timer);
  if (!onItsWay) {
    kept = written(); // by the submit itself, however long its answer takes
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  await onItsWay.catch(() => undefined);
  setTimeout(() => form.requestSubmit(event.submitter)); // after show()
}, true);

// Leaving never loses work: a link waits until what the last second has not saved is saved, so that the next page shows it;
// and what is left when the page goes in another way goes along with it.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[href]:not([target])");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (!onItsWay && written() === kept) return;
  event.preventDefault();
  clearTimeout(timer);
  await onItsWay?.catch(() => undefined);
  await save();
  location.assign(link.href);
});

window.addEventListener("pagehide", () => {
  if (onItsWay || written() === kept) return;
  const body = new FormData(form);
  body.append("autosave", "yes");
  navigator.sendBeacon(form.action, body);
});
