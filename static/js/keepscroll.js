// Back from a lead returns to the same place of the list and marks the row just visited. A browser restores the
// scroll of the page, not of the boxes in it, so these are kept in this history entry: nothing is stored elsewhere.
const SHOWN = 2000;
const boxes = () => [...document.querySelectorAll("[data-keep-scroll], [data-keep-scroll] .lead-cards")];

function keep(more) {
  const scroll = boxes().map((box) => [box.scrollLeft, box.scrollTop]);
  history.replaceState({ ...history.state, ...more, scroll }, "");
}

history.state?.scroll?.forEach((place, number) => boxes()[number]?.scrollTo(...place));

// Also when the browser had kept the whole page and runs no script anew.
addEventListener("pageshow", () => {
  const row = document.getElementById(history.state?.visited);
  row?.classList.add("is-visited");
  setTimeout(() => row?.classList.remove("is-visited"), SHOWN);
});

addEventListener("pagehide", () => boxes().length && keep());
document.addEventListener("click", (event) => {
  const opened = event.target.closest("[data-keep-scroll] a:is(.row-main, [href$='#notes'])")?.closest("[id]");
  if (opened) keep({ visited: opened.id });
});
