// "[" and "]" press Previous and Next of the list that one works through, unless single keys are switched off.
const TYPING = "input, textarea, select, [contenteditable]";

document.addEventListener("keydown", (event) => {
  // Where the brackets need AltGr, that counts as the key alone.
  const isHeld = (event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState("AltGraph");
  if (event.defaultPrevented || isHeld || document.body.dataset.shortcuts === "off") return;
  if (event.target.closest(TYPING) || document.querySelector("dialog[open]")) return;
  if (event.key === "[" || event.key === "]") document.querySelector(`[data-step="${event.key}"]`)?.click();
});
