// Esc and "Clear search" empty the box, run the search again and keep the focus in the box.
function clear(input) {
  input.value = "";
  input.focus();
  input.form.requestSubmit();
}

document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (event.key !== "Escape" || !input.matches?.(".search-field input") || !input.value) return;
  event.preventDefault();
  clear(input);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest(".search-clear");
  if (!button) return;
  clear(button.parentElement.querySelector("input"));
});
