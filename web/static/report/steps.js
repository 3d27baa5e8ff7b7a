// The three steps of a report on one page, and the drafts as step 0: going between them, and how the page begins.
(() => {
  const { $, app, alarm, say } = Duban.told;
  const { now, save, take, remembered, whoReports } = Duban.draft;

  let isAsked = false; // by us, not by the back key

  const step = () => (location.hash === "#drafts" ? 0 : Number((/^#([123])$/.exec(location.hash) || [])[1] || 1));

  // In the address, so that the back key of a phone goes a step back.
  function go(number) {
    if (step() === number) { show(); return; }
    isAsked = true;
    location.hash = number || "drafts";
  }

  function show() {
    const at = step();
    for (const section of app.querySelectorAll("[data-step]")) section.hidden = Number(section.dataset.step) !== at;
    if (at === 2) { $("find").value = ""; Duban.what.show(); }
    if (at === 3) Duban.last.show();
    scrollTo(0, 0);
  }

  function next(number) {
    alarm("");
    if (number > 1 && !now.draft.place) { alarm(say("choose_place")); return; }
    go(number);
  }

  // What was told on one step is not left standing on another, unless it was told on going there.
  function turned() {
    if (!isAsked) alarm("");
    isAsked = false;
    show();
  }

  function fill() {
    $("description").value = now.draft.description;
    for (const name of ["severity", "source"]) if ($(name)) $(name).value = now.draft[name];
    $("known").replaceChildren();
    $("places").replaceChildren();
    $("where").textContent = $("q").value = "";
    Duban.where.show();
    Duban.shots.show();
  }

  async function given() {
    if (app.dataset.place) return JSON.parse(app.dataset.place);
    const code = new URLSearchParams(location.search).get("point");
    return code ? Duban.place.byCode(code) : null;
  }

  // A point in the address begins a report of its own, unless the draft at hand is about it already.
  async function begin() {
    await take(remembered());
    const wanted = await given(), { place } = now.draft;
    if (wanted && place && (place.point !== wanted.point || place.area !== wanted.area)) await take(null);
    fill();
    if (!wanted || now.draft.place) return;
    if (!wanted.point && wanted.lat !== null) now.draft.at = { lat: wanted.lat, lng: wanted.lng };
    Duban.where.choose(wanted);
  }

  // Keeps the shell for days without a network, in the language and look of today. Without https there is none.
  async function worker() {
    if (!("serviceWorker" in navigator)) return;
    const root = document.documentElement, looks = `${root.lang}|${root.className}|${app.dataset.theme}`;
    await navigator.serviceWorker.register("/sw.js", { scope: "/report" });
    if (!app.dataset.person || (await Duban.store.fact("looks")) === looks) return;
    (await navigator.serviceWorker.ready).active.postMessage("fresh shell");
    await Duban.store.know("looks", looks);
  }

  function listen() {
    for (const id of ["take", "pick"]) $(id).onchange = (event) => Duban.shots.addFiles(event.target);
    for (const button of app.querySelectorAll("[data-go]")) button.onclick = () => next(Number(button.dataset.go));
    $("locate").onclick = Duban.where.locate;
    $("scan").onclick = () => Duban.scan(Duban.where.byCode);
    let typed = 0;
    $("q").oninput = () => { clearTimeout(typed); typed = setTimeout(Duban.where.search, 250); };
    $("q").onkeydown = (event) => { if (event.key === "Enter") { event.preventDefault(); Duban.where.search(); } };
    $("find").oninput = Duban.what.show;
    $("find").onkeydown = (event) => { if (event.key === "Enter") event.preventDefault(); };
    addEventListener("hashchange", turned);
    addEventListener("pagehide", save);
  }

  async function start() {
    listen();
    Duban.last.listen();
    await whoReports();
    await begin();
    Duban.what.load();
    await Duban.drafts.start();
    if (step() > 1 && !now.draft.place) go(1); else show();
    worker().catch(() => {});
    app.dataset.ready = "1";
    if (!now.draft.at && (await Duban.place.isAllowed())) await Duban.where.locate();
  }

  Duban.steps = { step, go, next, fill };
  start().catch((error) => {
    // Something that this browser lacks, such as a place to keep drafts: the plain forms do the same.
    if (!app.dataset.ready) document.documentElement.classList.remove("js");
    throw error;
  });
})();
