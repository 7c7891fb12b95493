// Inside a frame on another site: tell the page around it how high the form is, so that nothing scrolls inside. Only a site
// that the form allows is told (data-embedded names them); a height is all that it learns.
const root = document.documentElement;
const sites = root.dataset.embedded.split(" ").filter(Boolean);

// Some browsers say whose page it is; where none does, a message reaches whichever site is the right one.
function targets() {
  const around = location.ancestorOrigins?.[0] ?? (document.referrer && new URL(document.referrer).origin);
  return sites.includes(around) ? [around] : sites;
}

let told;

function tell(isStep) {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  if (height === told) return;
  told = height;
  for (const site of targets()) window.parent.postMessage({ leadForm: { height, isStep } }, site);
}

if (window.parent !== window) {
  tell(document.querySelector("[data-step]") !== null);
  new ResizeObserver(() => tell(false)).observe(document.body);
}
