// For web sites that show a form of the portal. <a data-lead-form href="…/f/form/"> becomes the form in a frame; where this
// does not run it stays a link. <iframe data-lead-form src="…/f/form/embed/"> is left where it is. Both grow with the form,
// and take along what the address of the page says of a campaign, and the parameters that data-carry names.
(() => {
  const home = new URL(document.currentScript.src).origin;
  const LOWEST = 120;
  const HIGHEST = 20_000;
  const frames = [];

  function carry(element, address) {
    const target = new URL(address, document.baseURI);
    const names = (element.dataset.carry ?? "").split(" ");
    for (const [name, value] of new URLSearchParams(location.search)) {
      if (name.startsWith("utm_") || names.includes(name)) target.searchParams.set(name, value);
    }
    return target;
  }

  function frameOf(link) {
    const address = carry(link, link.href);
    address.pathname += "embed/";
    const frame = document.createElement("iframe");
    frame.title = link.textContent.trim();
    frame.loading = "lazy";
    frame.style.cssText = "display: block; inline-size: 100%; block-size: 640px; border: 0;";
    frame.src = address;
    link.replaceWith(frame);
    return frame;
  }

  function adopt() {
    for (const element of document.querySelectorAll("[data-lead-form]")) {
      const address = element.href ?? element.src;
      if (frames.includes(element) || new URL(address, document.baseURI).origin !== home) continue;
      if (element.tagName === "A") {
        frames.push(frameOf(element));
      } else {
        const carried = carry(element, element.src).href;
        if (carried !== element.src) element.src = carried;
        frames.push(element);
      }
    }
  }

  // Only the portal's own frames are heard, and only a number within reason is taken from them.
  window.addEventListener("message", (event) => {
    if (event.origin !== home) return;
    const frame = frames.find((one) => one.contentWindow === event.source);
    const { height, isStep } = event.data?.leadForm ?? {};
    if (!frame || !Number.isFinite(height)) return;
    frame.style.blockSize = `${Math.min(Math.max(height, LOWEST), HIGHEST)}px`;
    if (isStep && frame.getBoundingClientRect().top < 0) frame.scrollIntoView(); // the next step begins at its top
  });

  adopt();
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", adopt);
})();
