// A click anywhere in a row opens it. Not on controls, not while text is being selected, not with a modifier:
// those belong to the browser, and the name in the row is a real link.
const CONTROLS = "a, button, input, label, select, textarea, summary, [role=button], .cell-check";

document.addEventListener("click", (event) => {
  const row = event.target.closest(".row-link");
  if (!row || event.target.closest(CONTROLS) || event.defaultPrevented) return;
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  if (String(getSelection())) return;
  row.querySelector("a.row-main")?.click();
});
