// Sending: photos in pieces that go on where they broke off, then the report itself. Each may be repeated without harm.
(() => {
  const PIECE = 128 * 1024, TRIES = 4, PATIENCE = 30000;
  // Without a log-in the answer is then a 401, not another page; so it is where somebody else has logged in meanwhile.
  const asking = () => ({ "HX-Request": "true", "Duban-Person": encodeURIComponent(Duban.draft.now.person || "") });

  class Trouble extends Error {
    constructor(kind, { words = "", status = "" } = {}) { super(words || kind); Object.assign(this, { kind, words, status }); }
  }

  // One request. Trouble: `offline`, `logged_out`, `server`; every other answer is the caller's.
  async function ask(address, how = {}) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const answer = await fetch(address, { redirect: "manual", credentials: "same-origin", cache: "no-store", ...how, headers: { ...asking(), ...how.headers }, signal: stop.signal });
      if (answer.type === "opaqueredirect" || answer.status === 401) throw new Trouble("logged_out");
      if (answer.status >= 502 && answer.status <= 504 && !isOurs(answer)) throw new Trouble("server", { status: answer.status });
      return answer;
    } catch (error) {
      throw error instanceof Trouble ? error : new Trouble("offline");
    } finally { clearTimeout(timer); }
  }

  // What stands between (a proxy) answers in pages; we answer uploads and reports in JSON.
  const isOurs = (answer) => (answer.headers.get("Content-Type") || "").startsWith("application/json");
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const offset = (answer) => Number(answer.headers.get("Upload-Offset"));

  async function refused(answer) {
    const content = await answer.json().catch(() => ({}));
    return new Trouble("refused", { words: content.words, status: answer.status });
  }

  async function begin(photo) {
    const form = new URLSearchParams({ key: photo.id, size: photo.blob.size, name: photo.name });
    if (photo.taken) form.set("taken_at", photo.taken);
    if (photo.lat !== undefined && photo.lat !== null) { form.set("lat", photo.lat); form.set("lng", photo.lng); }
    const answer = await ask("/uploads", { method: "POST", body: form });
    if (!answer.ok) throw await refused(answer);
    return offset(answer);
  }

  // Where the server stands after this piece. At the end an empty piece asks once more whether all is well.
  async function piece(photo, at) {
    const headers = { "Upload-Offset": String(at), "Content-Type": "application/offset+octet-stream" };
    const answer = await ask(`/uploads/${photo.id}`, { method: "PATCH", headers, body: photo.blob.slice(at, at + PIECE) });
    if (answer.status === 409) return { at: offset(answer), done: false };
    if (answer.status === 423) { await wait(500); return { at, done: false }; }
    if (answer.status === 404) return { at: await begin(photo), done: false };
    if (!answer.ok) throw await refused(answer);
    return { at: offset(answer), done: answer.headers.get("Upload-Complete") === "?1" };
  }

  // A cut connection is tried again a few times; then the reader is told, and the next tap goes on where it stood.
  async function send(photo, told) {
    for (let tried = 0, at = null, rounds = 0; rounds < 5000; rounds += 1) {
      try {
        at = at === null ? await begin(photo) : at;
        told(Math.floor((100 * at) / photo.blob.size));
        const now = await piece(photo, at);
        if (now.done) { told(100); return; }
        [at, tried] = [now.at, now.at > at ? 0 : tried];
      } catch (error) {
        if (error.kind !== "offline" || (tried += 1) >= TRIES) throw error;
        await wait(400 * 2 ** tried);
        at = null;
      }
    }
    throw new Trouble("offline");
  }

  function form(draft, photos) {
    const place = draft.place || {}, at = draft.at || {};
    const given = { key: draft.key, point: place.point, area: place.point ? "" : place.area, lat: at.lat, lng: at.lng,
      category: draft.category, standard: draft.standard, description: draft.description, severity: draft.severity, source: draft.source, anew: draft.anew ? "1" : "" };
    const found = new URLSearchParams();
    for (const [name, value] of Object.entries(given)) if (value !== undefined && value !== null && value !== "") found.append(name, value);
    for (const photo of photos) found.append("upload", photo.id);
    return found;
  }

  async function sendPhotos(photos, told) {
    for (const [n, photo] of photos.entries()) {
      if (photo.sent) continue;
      await send(photo, (share) => told({ n: n + 1, of: photos.length, share }));
      await Duban.store.savePhoto({ ...photo, sent: true });
    }
  }

  // {number, go} when it is done, else {wrong, known}: what is to be put right first. `number`: add to that issue.
  async function sendNow(draft, { told, number }) {
    const photos = await Duban.store.photos(draft.key);
    await sendPhotos(photos, told);
    const body = form(draft, photos);
    if (number) body.set("number", number);
    const answer = await ask(number ? "/report/add" : "/report/send", { method: "POST", headers: { Accept: "application/json" }, body });
    const content = await answer.json().catch(() => null);
    if (!content || (answer.status >= 500)) throw new Trouble("server", { status: answer.status });
    if (content.number) { await Duban.store.drop(draft.key); return content; }
    const there = new Set(content.photos);
    for (const photo of photos) if (!there.has(photo.id)) await Duban.store.savePhoto({ ...photo, sent: false });
    return content;
  }

  // Two windows never send the same draft at once; where the browser has no locks, its key keeps it to one issue.
  async function sendDraft(draft, how) {
    if (!navigator.locks) return sendNow(draft, how);
    return navigator.locks.request(`duban-report-${draft.key}`, { ifAvailable: true }, (lock) => {
      if (!lock) throw new Trouble("elsewhere");
      return sendNow(draft, how);
    });
  }

  Duban.upload = { ask, send, sendDraft, form };
})();
