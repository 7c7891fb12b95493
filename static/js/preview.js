// The frame #preview: its width and theme change in place, and it is read anew when somebody says "preview-stale".
// Without a script the buttons ask the server for the same page.
const frame = document.getElementById("preview");

document.addEventListener("preview-stale", () => frame.contentWindow.location.reload());

document.addEventListener("click", (event) => {
  const button = event.target.closest(".preview-switch button");
  if (!button) return;
  event.preventDefault();
  for (const one of button.parentElement.children) one.setAttribute("aria-pressed", String(one === button));
  const page = new URL(location.href);
  page.searchParams.set(button.name, button.value);
  history.replaceState(history.state, "", page);
  if (button.name === "width") {
    frame.parentElement.dataset.width = button.value;
  } else {
    const shown = new URL(frame.src);
    shown.searchParams.set("theme", button.value);
    frame.src = shown;
  }
});
