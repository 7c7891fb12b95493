// <form data-ctrl-enter>: Ctrl+Enter (Cmd+Enter) in a text box sends the form, as its button does.
document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-ctrl-enter]");
  if (!form || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit();
});
