// Back from a lead returns to the same place of the list and marks the row just visited. A browser restores the
// scroll of the page, not of a box in it, so both are kept in this history entry: nothing is stored elsewhere.
const box = () => document.querySelector("[data-keep-scroll]");
const keep = (more) => history.replaceState({ ...history.state, ...more, scroll: box().scrollTop }, "");

const { scroll, visited } = history.state ?? {};
if (scroll && box()) box().scrollTop = scroll;
const row = visited && document.getElementById(visited);
if (row) {
  row.classList.add("is-visited");
  setTimeout(() => row.classList.remove("is-visited"), 2000);
}

addEventListener("pagehide", () => box() && keep());
document.addEventListener("click", (event) => {
  const opened = event.target.closest("[data-keep-scroll] a.row-main")?.closest("[id]");
  if (opened) keep({ visited: opened.id });
});
