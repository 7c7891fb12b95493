// Selecting leads. The boxes belong to the form #bulk and work alone; this ticks the page from the table's head, counts,
// offers all that match once the page is ticked, and says so when another list has ended the selection. What shows the
// same list in another way, form[data-keeps-selection], keeps it: columns, density, layout.
const ENDED = "lp-selection-ended"; // a flag for the next page, nothing about leads
const KEPT = "lp-selection"; // Lead IDs on their way to the next page, which takes them out
const NONE = { leads: [], all: false };
const bar = () => document.getElementById("bulk");
const head = () => document.getElementById("select-page");
const rows = () => [...document.querySelectorAll("tbody input[name=lead]")];
const say = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: text }));
let last = 0;
let held = NONE; // while cards or board are shown, which have no boxes
let keeps = false;

function sync() {
  const count = document.getElementById("bulk-count");
  if (!count || !head()) return;
  const chosen = rows().filter((box) => box.checked).length;
  const isWhole = chosen > 0 && chosen === rows().length;
  head().removeAttribute("name"); // the rows speak for themselves
  head().checked = isWhole;
  head().indeterminate = chosen > 0 && !isWhole;
  const all = bar().elements.all;
  if (all && !isWhole) all.checked = false;
  const offer = bar().querySelector(".bulk-all");
  if (offer) offer.hidden = !isWhole;
  count.textContent = chosen ? count.dataset.words.replace("%(count)s", all?.checked ? count.dataset.total : chosen) : "";
  if (chosen && !last) say(`${count.textContent}. ${count.dataset.bar}`);
  else if (all?.checked) say(count.textContent);
  last = chosen;
}

function tellEnded() {
  const notice = document.getElementById("selection-ended");
  if (!notice) return;
  notice.hidden = false;
  say(notice.textContent.trim());
}

document.addEventListener("change", (event) => {
  if (event.target === head()) for (const box of rows()) box.checked = head().checked;
  if (event.target.matches("#select-page, [form=bulk], #bulk [name=all]")) sync();
});
document.addEventListener("reset", (event) => {
  if (event.target !== bar()) return;
  setTimeout(() => {
    sync();
    head()?.focus();
  });
});

// All that match are named by the list's own address, not one by one.
document.addEventListener("formdata", (event) => {
  if (event.target === bar() && event.formData.has("all")) event.formData.delete("lead");
});

// Another search in place; links and forms that lead to another list.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target?.id !== "results" || !(last || held.leads.length)) return;
  held = NONE;
  sessionStorage.removeItem(ENDED); // said here, not on the next page
  tellEnded();
});
document.addEventListener("htmx:afterSettle", sync);
const leaves = (address) => {
  keeps = false;
  if ((last || held.leads.length) && new URL(address, location.href).pathname === location.pathname) sessionStorage.setItem(ENDED, "yes");
};
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]:not(.js-dialog)");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) leaves(link.href);
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-keeps-selection]")) keeps = !["up", "down"].includes(event.submitter?.name); // these stay in the dialog
  else if (form !== bar() && form.method === "get") leaves(form.action);
});

addEventListener("pagehide", () => {
  if (!keeps) return;
  keeps = false;
  const chosen = rows().filter((box) => box.checked).map((box) => box.value);
  const kept = head() ? { leads: chosen, all: Boolean(bar().elements.all?.checked) } : held;
  if (kept.leads.length) sessionStorage.setItem(KEPT, JSON.stringify(kept));
});

function takeBack() {
  const text = sessionStorage.getItem(KEPT);
  if (!text) return;
  sessionStorage.removeItem(KEPT);
  held = JSON.parse(text);
  if (!head()) return;
  for (const box of rows()) box.checked = held.leads.includes(box.value);
  const all = bar().elements.all;
  if (all && rows().every((box) => box.checked)) all.checked = held.all;
  held = NONE;
  if (!rows().some((box) => box.checked)) tellEnded();
}

addEventListener("pageshow", () => {
  takeBack();
  sync();
  if (!sessionStorage.getItem(ENDED)) return;
  sessionStorage.removeItem(ENDED);
  tellEnded();
});
