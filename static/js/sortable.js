// ol[data-sortable] > li > .rows-handle: dragging by the handle is an extra beside the buttons that move a line. A form in
// the list is sent in the order of its lines, so that nothing else has to know.
let drag; // a line on its way: {line, id}

const place = (y) => {
  const others = [...drag.line.parentElement.children].filter((one) => one !== drag.line);
  return others.find((one) => {
    const box = one.getBoundingClientRect();
    return y < box.top + box.height / 2;
  });
};

function end() {
  drag?.line.classList.remove("is-dragged");
  drag = undefined;
}

document.addEventListener("pointerdown", (event) => {
  const handle = event.target.closest("[data-sortable] > li > .rows-handle");
  if (!handle || event.button) return;
  event.preventDefault(); // selects no text
  drag = { line: handle.closest("li"), id: event.pointerId };
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
