// ol[data-sortable] > li > .rows-handle: dragging by the handle is an extra beside the buttons that move a line. A form in
// the list is sent in the order of its lines; a list that is no form says "sorted", with the line and its new place.
let drag; // a line on its way: {line, id, from}

const placeOf = (line) => [...line.parentElement.children].indexOf(line);

const place = (y) => {
  const others = [...drag.line.parentElement.children].filter((one) => one !== drag.line);
  return others.find((one) => {
    const box = one.getBoundingClientRect();
    return y < box.top + box.height / 2;
  });
};

function end() {
  if (!drag) return;
  const { line, from } = drag;
  line.classList.remove("is-dragged");
  drag = undefined;
  const place = placeOf(line);
  if (place !== from) line.dispatchEvent(new CustomEvent("sorted", { bubbles: true, detail: { place } }));
}

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest("[data-sortable] > li > .rows-handle");
  if (!handle || event.button) return;
  event.preventDefault(); // selects no text
  const line = handle.closest("li");
  drag = { line, id: event.pointerId, from: placeOf(line) };
  drag.line.classList.add("is-dragged");
});

document.addEventListener("pointermove", (event) => {
  if (event.pointerId !== drag?.id) return;
  const next = place(event.clientY) ?? null;
  if (drag.line.nextElementSibling !== next) drag.line.parentElement.insertBefore(drag.line, next);
  drag.line.scrollIntoView({ block: "nearest" });
});

document.addEventListener("pointerup", end);
document.addEventListener("pointercancel", end);
