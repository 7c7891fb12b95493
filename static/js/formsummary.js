// After a refused form the focus starts at the summary. A link in it also focuses controls that #hash cannot.
document.querySelector("main .error-summary")?.focus();

document.addEventListener("click", (event) => {
  const link = event.target.closest(".error-summary a[href^='#']");
  const control = link && document.getElementById(link.hash.slice(1));
  if (!control) return;
  event.preventDefault();
  control.focus();
  (control.closest(".field") ?? control).scrollIntoView({ block: "center" });
});
