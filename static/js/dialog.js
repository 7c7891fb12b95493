// Lifts an action page into a dialog: <a class="js-dialog" href="/leads/LD-1/assign/">. The page works without this.
// The server answers HX-Request with the fragment of _dialog.html, and a success with HX-Redirect.
let dialog;
let opener;

function build() {
  dialog = document.createElement("dialog");
  dialog.className = "dialog";
  dialog.setAttribute("aria-labelledby", "dialog-title");
  dialog.addEventListener("click", (event) => {
    if (!event.target.closest("[data-close]")) return;
    event.preventDefault(); // "Keep lead" is a link back to the page we are on
    dialog.close();
  });
  dialog.addEventListener("submit", submit);
  dialog.addEventListener("close", () => {
    dialog.replaceChildren();
    opener?.focus();
  });
  document.body.append(dialog);
}

async function load(url, options = {}) {
  let answer;
  let html;
  try {
    answer = await fetch(url, { ...options, headers: { "HX-Request": "true" }, credentials: "same-origin" });
    html = await answer.text();
  } catch {
    // No network. Opening the page lets the browser say so; a typed form stays as it is, to be sent again.
    if (!options.body) location.assign(url);
    return;
  } finally {
    document.dispatchEvent(new Event("answered"));
  }
  const next = answer.headers.get("HX-Redirect");
  if (next) return go(next);
  // A whole page means that this is no longer a dialog: signed out, moved on, or a server error.
  if (/<html[\s>]/i.test(html) || !html) return go(answer.redirected ? answer.url : url);
  show(html);
}

function go(address) {
  const next = new URL(address, location.href);
  const samePage = next.pathname === location.pathname && next.search === location.search;
  if (samePage) location.reload(); // assign() to the same address with a #hash would not load
  else if (next.origin === location.origin) {
    if (/\.(csv|xlsx)$/.test(next.pathname)) dialog?.close(); // a download leaves the page where it is
    location.assign(next);
  }
}

function show(html) {
  if (!dialog) build();
  dialog.innerHTML = html;
  window.htmx?.process(dialog);
  if (!dialog.open) dialog.showModal();
  const first = (selector) => dialog.querySelector(selector);
  (first(".error-summary") ?? first("[autofocus]") ?? first("#dialog-title"))?.focus();
}

function submit(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.matches("[hx-get], [hx-post]")) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  const url = new URL(event.submitter?.getAttribute("formaction") || form.getAttribute("action") || dialog.dataset.url, location.href);
  if (form.method === "get") {
    url.search = new URLSearchParams(data);
    load(url);
  } else {
    load(url, { method: "POST", body: data });
  }
}

function open(url, from) {
  if (!dialog) build();
  if (!dialog.open) opener = from;
  dialog.dataset.url = url;
  load(url);
}

// Other modules: the focus goes back to where it is now.
document.addEventListener("open-dialog", (event) => open(event.detail, document.activeElement));

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.js-dialog");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  // A menu item disappears with its menu: give the focus back to the menu's button.
  const menu = link.closest("details.menu");
  menu?.removeAttribute("open");
  open(link.href, menu ? menu.querySelector("summary") : link);
});
