// Dragging on the board is an extra: a drop follows the same link of the card's "Move to…" menu that one can also choose,
// so its dialog opens, and cancel leaves the card where it was. A mouse takes the card, a finger only its handle, so
// that a swipe on a card scrolls. Columns that are no target dim and say why.
const FAR_ENOUGH = 6;
const EDGE = 48;
const CONTROLS = "button, input, select, textarea, summary, .menu-panel, .card-notes";
let press; // where the pointer went down: {card, x, y, id}
let drag; // a card on its way: {card, ghost, board, columns, over, dx, dy}

const linkTo = (card, column) => card.querySelector(`[data-to="${column.dataset.status}"]`);

document.addEventListener("pointerdown", (event) => {
  const card = event.target.closest(".board .lead-card");
  if (!card || event.button || !card.querySelector("[data-to]")) return;
  const isFree = event.pointerType === "mouse" && !event.target.closest(CONTROLS);
  if (!isFree && !event.target.closest(".card-handle")) return;
  if (event.pointerType === "mouse" && !event.target.closest("a")) event.preventDefault(); // selects no text
  press = { card, x: event.clientX, y: event.clientY, id: event.pointerId };
});

document.addEventListener("pointermove", (event) => {
  if (!press || event.pointerId !== press.id) return;
  if (!drag) {
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) < FAR_ENOUGH) return;
    lift(press);
  }
  getSelection().removeAllRanges();
  move(event.clientX, event.clientY);
});

function lift({ card, x, y }) {
  const place = card.getBoundingClientRect();
  const ghost = card.cloneNode(true);
  const board = card.closest(".board");
  const home = card.closest(".board-column");
  ghost.removeAttribute("id");
  ghost.setAttribute("aria-hidden", "true");
  ghost.inert = true;
  ghost.classList.add("is-ghost");
  ghost.style.inlineSize = `${place.width}px`;
  board.append(ghost);
  card.classList.add("is-lifted");
  board.classList.add("is-dragging");
  drag = { card, ghost, board, over: null, dx: x - place.left, dy: y - place.top };
  drag.columns = [...board.querySelectorAll(".board-column")].filter((column) => column !== home);
  const closed = card.dataset.closed.split(" ");
  for (const column of drag.columns) {
    const isTarget = Boolean(linkTo(card, column));
    column.classList.add(isTarget ? "is-target" : "is-barred");
    if (isTarget) continue;
    const why = column.querySelector(".board-why");
    why.textContent = closed.includes(column.dataset.status) ? board.dataset.roleSays : home.dataset.says;
    why.hidden = false;
  }
}

function move(x, y) {
  drag.ghost.style.left = `${x - drag.dx}px`;
  drag.ghost.style.top = `${y - drag.dy}px`;
  const box = drag.board.getBoundingClientRect();
  if (x < box.left + EDGE) drag.board.scrollBy(-12, 0);
  if (x > box.right - EDGE) drag.board.scrollBy(12, 0);
  drag.over?.classList.remove("is-over");
  drag.over = document.elementFromPoint(x, y)?.closest(".board-column.is-target");
  drag.over?.classList.add("is-over");
}

function end(isDrop) {
  press = undefined;
  if (!drag) return;
  const { card, ghost, board, columns, over } = drag;
  drag = undefined;
  ghost.remove();
  card.classList.remove("is-lifted");
  board.classList.remove("is-dragging");
  for (const column of columns) {
    column.classList.remove("is-target", "is-barred", "is-over");
    column.querySelector(".board-why").hidden = true;
  }
  addEventListener("click", swallow, { capture: true, once: true }); // the click that ends a drag opens nothing
  setTimeout(() => {
    removeEventListener("click", swallow, { capture: true });
    if (isDrop && over) linkTo(card, over).click();
  });
}

const swallow = (event) => {
  event.preventDefault();
  event.stopPropagation();
};

document.addEventListener("pointerup", () => end(true));
document.addEventListener("pointercancel", () => end(false));
document.addEventListener("keydown", (event) => event.key === "Escape" && end(false));

// A menu that opens at the end of a column is brought into sight.
document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (menu.open && menu.matches(".board details.menu")) menu.closest(".lead-card").scrollIntoView({ block: "nearest" });
}, true);
