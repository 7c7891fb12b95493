// The live hint (ux.md L40): every 30 seconds, and only while the tab is in sight, the page asks how many newer leads match.
// A bar says so and offers them, announced once; rows never move by themselves, and nothing is asked after signing out.
const EVERY = 30_000;
let due = Date.now() + EVERY;
let timer;

const bar = () => document.getElementById("newer");

function plan() {
  clearTimeout(timer);
  if (document.visibilityState === "visible") timer = setTimeout(ask, Math.max(0, due - Date.now()));
}

async function ask() {
  due = Date.now() + EVERY;
  const place = bar();
  try {
    const answer = await fetch(place.dataset.url, { headers: { "HX-Request": "true" }, redirect: "manual", cache: "no-store" });
    if (!answer.ok && answer.status < 500) return document.removeEventListener("visibilitychange", plan); // not for us any more
    if (answer.status === 200) show(place, await answer.text());
  } catch {
    // No network now: perhaps the next time.
  }
  plan();
}

function show(place, html) {
  // Another search has brought a bar of its own; and nobody loses the link under the fingers.
  if (place !== bar() || place.contains(document.activeElement)) return;
  const isFirst = place.hidden;
  place.innerHTML = html;
  place.hidden = false;
  if (isFirst) document.dispatchEvent(new CustomEvent("announce", { detail: place.textContent.trim() }));
}

document.addEventListener("visibilitychange", plan);
plan();
