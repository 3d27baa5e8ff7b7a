// A wall nobody watches must say when its figures are old.
(() => {
  const stale = (on) => { const note = document.querySelector(".stale"); if (note) note.hidden = !on; };
  document.addEventListener("htmx:sendError", () => stale(true));
  document.addEventListener("htmx:responseError", () => stale(true));
  document.addEventListener("htmx:timeout", () => stale(true));
})();
