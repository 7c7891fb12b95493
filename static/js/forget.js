// htmx notes the last address in sessionStorage, and an address may hold the words of a search: no such note stays.
const forget = () => sessionStorage.removeItem("htmx-current-path-for-history");

forget();
for (const name of ["htmx:pushedIntoHistory", "htmx:replacedInHistory"]) document.addEventListener(name, forget);
