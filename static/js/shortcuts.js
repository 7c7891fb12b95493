// Single keys for what stands on the page as well (ux.md L27, G7): [data-key] names the key that presses an element, or
// puts the focus into it. Rows are walked with the real focus on their link, so that Enter opens them by itself. One
// switch in the settings turns all of it off; nothing acts while somebody types, in a dialog, or with a modifier.
const TYPING = "input:not([type=checkbox], [type=radio], [type=submit], [type=button]), textarea, select, [contenteditable]";
const ROW = ":is(tr, li):has(a.row-main)";
const main = document.getElementById("main");
let first = ""; // of two keys, one after the other

const isSeen = (element) => element.checkVisibility({ visibilityProperty: true });
const rows = () => [...main.querySelectorAll("a.row-main")].filter(isSeen);
const row = () => document.activeElement.closest(ROW);

function walk(by) {
  const all = rows();
  const start = row() ?? document.getElementById(history.state?.visited); // back from a lead: on from its row
  const here = all.indexOf(start?.querySelector("a.row-main"));
  all[Math.max(0, Math.min(here + (here < 0 ? 1 : by), all.length - 1))]?.focus();
}

// The selected leads; else the lead in the focus; else the one that the page is about.
function assign() {
  if (press("a")) return;
  const link = (row() ?? (rows().length ? null : main))?.querySelector("[data-action=assign]");
  if (link) return link.click();
  const back = row()?.closest("[data-assign]")?.dataset.assign;
  if (!back) return;
  const url = new URL("assign/", row().querySelector("a.row-main").href);
  url.search = new URLSearchParams({ back });
  document.dispatchEvent(new CustomEvent("open-dialog", { detail: url.href }));
}

// The page's own search comes before the one of the top bar: it stands further down.
function press(key) {
  const all = [...document.querySelectorAll("[data-key]")].filter((one) => one.dataset.key === key);
  const found = all.filter(isSeen).at(-1) ?? all.find((one) => one.matches("a")); // a link in a closed menu
  if (found?.matches("input")) {
    found.focus();
    found.select();
  } else if (found?.matches(".menu-panel .js-dialog")) document.dispatchEvent(new CustomEvent("open-dialog", { detail: found.href }));
  else found?.click();
  return Boolean(found);
}

function filter() {
  press("f");
  const panel = document.getElementById("filters");
  if (panel && !panel.hidden) panel.querySelector("input:not([type=hidden]), select, button")?.focus();
}

const KEYS = {
  j: () => walk(1),
  k: () => walk(-1),
  x: () => row()?.querySelector("input[name=lead]")?.click(),
  a: assign,
  f: filter,
  "/": () => press("/"),
  n: () => press("n"),
  "?": () => press("?"),
  "g l": () => press("g l"),
};

document.addEventListener("keydown", (event) => {
  if (document.body.dataset.shortcuts !== "on" || event.defaultPrevented || event.isComposing) return;
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(`dialog, ${TYPING}`)) return;
  if (event.repeat && !"jk".includes(event.key)) return;
  const act = KEYS[`${first} ${event.key}`.trim()];
  first = event.key === "g" ? "g" : "";
  if (!act) return;
  event.preventDefault();
  act();
});
