// The service worker of the audits, served as /audits/sw.js. It keeps the empty shell and what that is made of; no sheet and
// nothing that anybody wrote. Those lie in the browser's database, which the page itself reads.
const KEPT = `duban-audits-${FILES.map((file) => file.split("v=")[1]).join("").slice(0, 400)}`;
const PATIENCE = 6000; // on a bad network, the shell after this is better than a blank page

addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll([SHELL, ...FILES])).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("duban-audits-") && name !== KEPT;
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
  if (request.mode === "navigate") event.respondWith(page(request, pathname));
  else if (FILES.includes(pathname + search)) event.respondWith(caches.match(request).then((found) => found || fetch(request)));
});

// Only what the shell can show instead is not waited for without end.
async function page(request, pathname) {
  const shell = await caches.match(SHELL);
  if (!shell) return fetch(request);
  const isOurs = pathname === "/audits/mine" || /^\/audits\/[^/]+\/sheets\/\d+$/.test(pathname);
  const late = new Promise((done) => { if (isOurs) setTimeout(() => done(null), PATIENCE); });
  const answer = await Promise.race([fetch(request).catch(() => null), late]);
  return answer && ![502, 503, 504].includes(answer.status) ? answer : shell;
}
