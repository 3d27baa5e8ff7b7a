// Sending what was recorded on this device: in the order in which it was made, each once, whatever breaks off.
(() => {
  const { now } = Duban.draft, { alarm, news, say, trouble } = Duban.told;
  const { ask } = Duban.upload;
  const GONE = ["recorded", "repeated", "handed_in"];

  const isMine = (entry) => entry.owner === now.person;
  const isDue = (entry) => isMine(entry) && entry.ready && !entry.why && entry.came !== "differs";

  function form(entry) {
    const { key, code, result, note, facts, photo, made, insists } = entry;
    const given = { key, standard: code, ago: Math.max(0, Math.round((Date.now() - made) / 1000)), [`result-${code}`]: result, [`note-${code}`]: note };
    for (const [name, value] of Object.entries(facts)) given[`${name}-${code}`] = value;
    if (photo) given.upload = photo.id;
    if (insists) given.insists = "1";
    return new URLSearchParams(given);
  }

  async function post(entry) {
    const answer = await ask(`/audits/${entry.round}/sheets/${entry.sheet}/send`, { method: "POST", headers: { Accept: "application/json" }, body: form(entry) });
    const content = await answer.json().catch(() => null);
    if (!content || !content.came || answer.status >= 500) throw Object.assign(new Error("server"), { kind: "server", status: answer.status });
    return content;
  }

  // The photo first, in pieces that go on where they broke off. One that the server has lost meanwhile is sent anew.
  async function sendOne(entry, tried = 0) {
    const { photo } = entry;
    if (photo && !photo.sent) {
      await Duban.upload.send(photo, () => {});
      photo.sent = true;
      await keep(entry);
    }
    const content = await post(entry);
    if (content.came !== "no_photo" || tried) return content;
    Object.assign(photo, { id: Duban.store.newKey(), sent: false });
    return sendOne(entry, 1);
  }

  // Only what nobody has changed meanwhile.
  async function keep(entry) {
    const there = await Duban.store.entry(entry.id);
    if (there && there.made === entry.made && there.ready) await Duban.store.save(entry);
    return there;
  }

  async function settle(entry, { came, words }) {
    const there = await Duban.store.entry(entry.id), isSame = there && there.made === entry.made && there.ready;
    if (!GONE.includes(came)) { if (isSame) await Duban.store.save({ ...entry, came, why: words }); return false; }
    if (isSame) await Duban.store.drop(entry.id);
    return isSame;
  }

  async function sendAll(entries, quietly) {
    const sent = [];
    try {
      for (const [n, entry] of entries.entries()) {
        if (!quietly) news(say("sending", { n: n + 1, of: entries.length }));
        const content = await sendOne(entry).catch((error) => {
          if (error.kind === "refused") return { came: "refused", words: error.words || say("failed", { status: error.status }) };
          throw error;
        });
        if (await settle(entry, content)) sent.push({ ...entry, came: content.came });
      }
      tell(sent);
    } catch (error) {
      tell(sent);
      trouble(error, { quietly });
    }
    return sent;
  }

  function tell(sent) {
    const handed = sent.some(({ came }) => came === "handed_in");
    if (sent.length) { alarm(""); news([say("sent", { n: sent.length }), handed && say("handed_in")].filter(Boolean).join(" · ")); } else news("");
  }

  // Two windows never send at once; where the browser has no locks, the server knows what it has already.
  async function all({ quietly = false } = {}) {
    const due = async () => (await Duban.store.entries()).filter(isDue);
    if (!(await due()).length) { await Duban.start.changed([]); return; }
    const work = async (lock) => {
      if (lock === null) { trouble({ kind: "elsewhere" }, { quietly }); return []; }
      return sendAll(await due(), quietly);
    };
    const sent = navigator.locks ? await navigator.locks.request("duban-sheets", { ifAvailable: true }, work) : await work();
    await Duban.start.changed(sent);
  }

  Duban.send = { all, isMine, isDue };
})();
