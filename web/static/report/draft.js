// The report at hand. Whatever is entered is kept on the device at once, so that nothing is lost.
(() => {
  const SAVED_AFTER = 300;
  const { app, alarm, say } = Duban.told;
  const store = Duban.store;
  const now = { draft: null, shots: [], person: app.dataset.person };
  let timer = 0;

  const blank = () => ({ key: store.newKey(), owner: now.person, place: null, at: null, category: "", standard: "", other: false, description: "", severity: "", source: "", anew: false, why: "" });
  // A place alone is chosen again at a tap; it makes no draft.
  const isBlank = () => !now.shots.length && !now.draft.description && !now.draft.standard;

  async function save() {
    clearTimeout(timer);
    if (isBlank() && !now.draft.kept) return;
    now.draft.kept = true;
    now.draft.changed = Date.now();
    try { await store.save({ ...now.draft }); } catch (error) { alarm(say(store.isFull(error) ? "full" : "not_kept")); }
  }

  function changed() {
    clearTimeout(timer);
    timer = setTimeout(save, SAVED_AFTER);
  }

  // The browser of a phone may drop this page while the camera is open: the next load goes on with the same draft.
  function remember(key) { try { sessionStorage.setItem("duban-draft", key); } catch { /* some private windows */ } }
  function remembered() { try { return sessionStorage.getItem("duban-draft"); } catch { return null; } }

  async function take(key) {
    const known = key ? await store.draft(key) : null;
    const mine = known && (!known.owner || known.owner === now.person);
    now.draft = mine ? known : blank();
    now.shots = mine ? await store.photos(now.draft.key) : [];
    remember(now.draft.key);
  }

  // Who reports is known from the page; without a network, from the last time there was one.
  async function whoReports() {
    if (now.person) await store.know("me", now.person);
    else now.person = (await store.fact("me")) || "";
  }

  Duban.draft = { now, save, changed, take, remembered, whoReports };
})();
