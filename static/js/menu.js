// <details class="menu"> and the side drawer work alone; this closes them with Esc or a click outside.
const openMenus = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("focusin", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    menu.open = false;
  }
  if (drawerIsOpen()) location.replace("#menu");
});

// While the drawer is open the page behind it is out of reach.
const narrow = matchMedia("(max-width: 991.98px)");
const drawerIsOpen = () => narrow.matches && location.hash === "#nav";
const follow = () => {
  const stage = document.querySelector(".shell > .stage");
  if (!stage) return;
  stage.inert = drawerIsOpen();
  if (drawerIsOpen()) document.getElementById("nav").focus();
  else if (location.hash === "#menu") document.getElementById("menu").focus();
};
addEventListener("hashchange", follow);
narrow.addEventListener("change", follow);
follow();
