// The draft's list of fields: what was dragged by its handle is moved as by "Move to position…", and every change shows in
// the preview.
document.addEventListener("sorted", (event) => {
  const form = event.target.querySelector("form[hx-post]");
  window.htmx.ajax("POST", form.action, {
    source: form,
    target: "#builder",
    swap: "outerHTML",
    values: { position: event.detail.place + 1 },
  });
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.elt.id === "builder") document.dispatchEvent(new Event("preview-stale"));
});
