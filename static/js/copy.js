// <button class="copy" data-copy="text" data-done="Copied" hidden>: confirms in words, and out loud.
const WAIT = 2000;

for (const button of document.querySelectorAll("button.copy[hidden]")) button.hidden = !navigator.clipboard;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button.copy");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const words = button.querySelector("[data-words]");
  document.dispatchEvent(new CustomEvent("announce", { detail: button.dataset.done }));
  button.classList.add("is-done");
  const before = words.textContent;
  if (before !== button.dataset.done) words.textContent = button.dataset.done;
  setTimeout(() => {
    button.classList.remove("is-done");
    words.textContent = before;
  }, WAIT);
});
