// How the pages of sheets begin, what they do when the network is back, and what waits on this device.
(() => {
  const EVERY = 30000;
  const { $, app, alarm, say } = Duban.told;
  const { now } = Duban.draft;
  const store = Duban.store;
  let isOpen = false; // one sheet is shown

  // Who is here is known from the page; without a network, from the last time there was one.
  async function who() {
    if (app.dataset.person) await store.know("me", app.dataset.person);
    now.person = app.dataset.person || (await store.fact("me")) || "";
  }

  // Keeps the shell for days without a network, in the language and look of today. Without https there is none.
  async function worker() {
    if (!("serviceWorker" in navigator)) return;
    const root = document.documentElement, looks = `${root.lang}|${root.className}|${app.dataset.theme}`;
    await navigator.serviceWorker.register("/audits/sw.js", { scope: "/audits" });
    if (!app.dataset.person || (await store.fact("looks")) === looks) return;
    (await navigator.serviceWorker.ready).active.postMessage("fresh shell");
    await store.know("looks", looks);
  }

  const sheetOf = () => $("form") && $("form").dataset.sheet;
  const isHere = (entry) => !isOpen || String(entry.sheet) === sheetOf();

  async function changed(sent) {
    if (isOpen) await Duban.form.again(sent);
    const all = await store.entries(), mine = all.filter(Duban.send.isMine), others = all.length - mine.length;
    const ids = new Set((await Duban.list.kept()).sheets.map((sheet) => String(sheet.id)));
    const boxed = (entry) => entry.came || entry.why || (isOpen ? !Duban.form.shows(entry) : !ids.has(String(entry.sheet)));
    Duban.boxes.show(mine.filter((entry) => isHere(entry) && boxed(entry)));
    waiting(mine.filter(Duban.send.isDue).length);
    $("others").textContent = say("others", { n: others });
    $("others").hidden = !others;
    if (!isOpen) await Duban.list.show(mine);
  }

  function waiting(n) {
    $("waiting").hidden = !n;
    $("waiting").querySelector("p").textContent = say("waiting", { n });
  }

  // What is kept is fresh, then what waits goes; the other way round a full sheet would stand there as open.
  async function online({ quietly = true } = {}) {
    await Duban.send.all({ quietly });
    try {
      await Duban.list.refresh();
      for (const note of document.querySelectorAll(".offline-note")) note.hidden = true;
    } catch (error) {
      if (error.kind !== "offline") Duban.told.trouble(error, { quietly: true });
    }
    await changed([]);
  }

  async function sheet() {
    const form = $("form");
    if (app.dataset.page !== "sheet") { isOpen = await Duban.list.open(); return; }
    isOpen = true;
    const { sheet: key, round, name, secret } = form.dataset;
    await Duban.form.begin(form, { owner: now.person, round, sheet: key, name, secret: Boolean(secret) });
  }

  function listen() {
    let isBusy = false;
    const again = async () => {
      if (isBusy || document.hidden || !(await store.entries()).some(Duban.send.isDue)) return;
      isBusy = true;
      try { await online(); } finally { isBusy = false; }
    };
    $("send-now").onclick = () => online({ quietly: false });
    addEventListener("online", again);
    document.addEventListener("visibilitychange", again);
    setInterval(again, EVERY);
  }

  async function start() {
    await who();
    await sheet();
    await changed([]);
    listen();
    worker().catch(() => {});
    app.dataset.ready = "1";
    await online();
  }

  Duban.start = { changed };
  start().catch((error) => {
    // Something that this browser lacks, such as a place to keep things: the form is sent as without scripts.
    if (!app.dataset.ready && $("form")) $("form").onsubmit = null;
    if (!app.dataset.ready && app.dataset.page !== "sheet") alarm(say("not_kept"));
    throw error;
  });
})();
