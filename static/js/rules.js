// Assignment rules: what was dragged by its handle is moved as by the buttons.
document.addEventListener("sorted", (event) => {
  const form = event.target.querySelector("form[hx-post]");
  window.htmx.ajax("POST", form.action, {
    source: form,
    target: "#rules",
    swap: "outerHTML",
    values: { position: event.detail.place + 1 },
  });
});
