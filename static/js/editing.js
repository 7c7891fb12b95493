// The edit page says every half minute, while it is looked at, that somebody is there, and shows who else is; the lead's
// page asks who is there.
const EVERY = 30_000;
const beat = document.querySelector("[data-beat]");

if (beat) setInterval(() => document.visibilityState === "visible" && beat.dispatchEvent(new Event("beat")), EVERY);
