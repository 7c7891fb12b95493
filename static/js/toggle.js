// <button data-toggle="cookie_name" aria-controls="id" aria-expanded data-shown="Hide filters" data-hidden="Show filters">
// shows and hides a section in place. Without a script the button is a plain submit that asks the server for it.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-toggle]");
  const section = button && document.getElementById(button.getAttribute("aria-controls"));
  if (!section) return;
  event.preventDefault();
  section.hidden = !section.hidden;
  button.setAttribute("aria-expanded", String(!section.hidden));
  button.querySelector("[data-words]").textContent = section.hidden ? button.dataset.hidden : button.dataset.shown;
  document.cookie = `${button.dataset.toggle}=${section.hidden ? "closed" : "open"}; path=/; max-age=31536000; samesite=lax`;
});
