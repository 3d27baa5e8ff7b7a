// The service worker of what works without a network: of the report, served as /sw.js, and of the audits, /audits/sw.js. It
// keeps the empty shell and what that is made of; no other page and nothing that anybody wrote. That lies in the browser's
// database, which the page itself reads. What it is given: NAME, SHELL, FILES, SHOWN (the pages that the shell shows) and
// STANDS_IN (those in whose place it stands where there is no network).
const OWN = `duban-${NAME}-`, KEPT = `${OWN}${FILES.map((file) => file.split("v=")[1]).join("").slice(0, 400)}`;
const PATIENCE = 6000; // on a bad network, the shell after this is better than a blank page

addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll([SHELL, ...FILES])).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = (name) => name.startsWith(OWN) && name !== KEPT;
  event.waitUntil(caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => clients.claim()));
});

// Another language or theme was chosen: the shell is to speak and look like that too.
addEventListener("message", (event) => {
  if (event.data !== "fresh shell") return;
  event.waitUntil(caches.open(KEPT).then((kept) => kept.add(SHELL)).catch(() => {}));
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (origin !== location.origin || request.method !== "GET") return;
  if (request.mode === "navigate") { if (new RegExp(STANDS_IN).test(pathname)) event.respondWith(page(request, pathname)); }
  else if (FILES.includes(pathname + search)) event.respondWith(caches.match(request).then((found) => found || fetch(request)));
});

// Only what the shell can show instead is not waited for without end.
async function page(request, pathname) {
  const shell = await caches.match(SHELL);
  if (!shell) return fetch(request);
  const late = new Promise((done) => { if (new RegExp(SHOWN).test(pathname)) setTimeout(() => done(null), PATIENCE); });
  const answer = await Promise.race([fetch(request).catch(() => null), late]);
  return answer && ![502, 503, 504].includes(answer.status) ? answer : shell;
}
