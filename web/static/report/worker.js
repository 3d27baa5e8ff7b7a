// The service worker of the report, served as /sw.js. It keeps the empty shell and what that is made of; no other page
// and nothing that anybody wrote. The drafts lie in the browser's database, which the page itself reads.
const KEPT = `duban-report-${FILES.map((file) => file.split("v=")[1]).join("").slice(0, 400)}`;
const PATIENCE = 6000; // on a bad network, the shell after this is better than a blank page

addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll([SHELL, ...FILES])).then(() => skipWaiting()));
});

addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("duban-report-") && name !== KEPT;
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
  if (request.mode === "navigate" && pathname === "/report") event.respondWith(page(request));
  else if (FILES.includes(pathname + search)) event.respondWith(caches.match(request).then((found) => found || fetch(request)));
});

async function page(request) {
  const shell = await caches.match(SHELL);
  if (!shell) return fetch(request);
  const late = new Promise((done) => setTimeout(() => done(null), PATIENCE));
  const answer = await Promise.race([fetch(request).catch(() => null), late]);
  return answer && answer.status < 500 ? answer : shell;
}
