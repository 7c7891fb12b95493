// The narrow side bar is a choice of this browser. Not a module: it runs before the first paint.
{
  const root = document.documentElement;
  const set = (narrow) => (narrow ? root.setAttribute("data-nav", "rail") : root.removeAttribute("data-nav"));
  let stored = null;
  try { stored = localStorage.getItem("nav"); } catch { /* storage is blocked: start wide */ }
  set(stored === "rail");

  document.addEventListener("DOMContentLoaded", () => {
    const button = document.querySelector(".rail-toggle");
    if (!button) return;
    const tell = () => button.setAttribute("aria-pressed", String(root.dataset.nav === "rail"));
    button.hidden = false;
    tell();
    button.addEventListener("click", () => {
      set(root.dataset.nav !== "rail");
      tell();
      try { localStorage.setItem("nav", root.dataset.nav || "wide"); } catch { /* lasts for this page */ }
    });
  });
}
