// Puts what somebody had typed when the session ended back into the form of this page (#typed-again).
const notice = document.getElementById("typed-again");
const typed = [...notice.querySelectorAll("[data-name]")].map((one) => [one.dataset.name, one.textContent]);
const here = (form) => new URL(form.getAttribute("action") || location.href, location.href).pathname === notice.dataset.path;
const knows = (form) => typed.filter(([name]) => form.elements.namedItem(name)).length;
const forms = [...document.querySelectorAll("main form[method=post]")].filter(here).sort((a, b) => knows(b) - knows(a));
let count = 0;

for (const control of forms[0]?.elements ?? []) {
  const values = typed.filter(([name]) => name === control.name).map(([, value]) => value);
  if (control.type === "file" || control.type === "submit" || control.name === "csrfmiddlewaretoken") continue;
  if (control.type === "checkbox" || control.type === "radio") control.checked = values.includes(control.value);
  else if (control.multiple) for (const option of control.options) option.selected = values.includes(option.value);
  else if (values.length) control.value = values[0];
  if (values.length && control.type !== "hidden") count += 1;
}
if (count) {
  notice.hidden = false;
  forms[0].querySelector("textarea, input:not([type=hidden])")?.focus();
}
