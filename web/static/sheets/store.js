// What is kept on this device: an inspector's sheets, and what was seen on them until the server has it. Private by person.
(() => {
  const NAMED = /^(result|note|found|required|faults|minutes|photo)-(.+)$/;
  let opened = null;

  function open() {
    opened = opened || new Promise((done, fail) => {
      const asking = indexedDB.open("duban-sheets", 2);
      asking.onupgradeneeded = (event) => build(asking, event.oldVersion);
      asking.onsuccess = () => { asking.result.onversionchange = () => asking.result.close(); done(asking.result); };
      asking.onerror = () => fail(asking.error);
      asking.onblocked = () => fail(new Error("blocked"));
    });
    return opened;
  }

  function build({ result: base, transaction }, before) {
    const entries = base.createObjectStore("entries", { keyPath: "id" });
    base.createObjectStore("kept");
    base.createObjectStore("facts");
    if (before !== 1) return;
    transaction.objectStore("sheets").openCursor().onsuccess = ({ target: { result: at } }) => {
      if (!at) { base.deleteObjectStore("sheets"); return; }
      for (const one of fromBefore(String(at.key), at.value)) entries.put(one);
      at.continue();
    };
  }

  // The first version kept what a form held, by the names of its fields.
  function fromBefore(key, pairs) {
    const [owner, round, sheet] = key.split("/"), found = {};
    for (const [name, value] of pairs) {
      const [, field, code] = NAMED.exec(name) || [];
      if (!code) continue;
      const one = (found[code] = found[code] || blank({ owner, round, sheet, code }));
      if (field === "photo") one.photo = { id: newKey(), blob: value, name: value.name, sent: false };
      else if (field === "result" || field === "note") one[field] = value;
      else one.facts[field] = value;
    }
    return Object.values(found);
  }

  // Letters and digits at random; crypto.randomUUID is not there on pages without https.
  const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(18)), (one) => (one % 36).toString(36)).join("");
  const idOf = (owner, sheet, code) => `${owner}/${sheet}/${code}`;

  // `ready`: its inspector has recorded it, at `made` by this device; `came`, `why`: what the server said of it.
  function blank({ owner, round, sheet, code, name = "", secret = false }) {
    return { id: idOf(owner, sheet, code), key: newKey(), owner, round, sheet, code, name, secret,
      result: "", note: "", facts: {}, photo: null, changed: Date.now(), ready: false, made: 0, came: "", why: "", insists: false };
  }

  // One transaction. Resolves when all of it is on the device, so that "kept" is never said too early.
  async function work(name, mode, doing) {
    const base = await open();
    return new Promise((done, fail) => {
      const going = base.transaction(name, mode), asked = doing(going.objectStore(name));
      going.oncomplete = () => done(asked ? asked.result : undefined);
      going.onabort = going.onerror = () => fail(going.error || (asked && asked.error));
    });
  }

  const read = (name, doing) => work(name, "readonly", doing);
  const write = (name, doing) => work(name, "readwrite", doing);
  const isFull = (error) => Boolean(error) && (error.name === "QuotaExceededError" || (error.inner && error.inner.name === "QuotaExceededError"));
  const order = (a, b) => (a.made || a.changed) - (b.made || b.changed);

  // What is kept for others goes when somebody else is here; what they have not sent yet stays.
  function keep(owner, content) {
    return write("kept", (kept) => { kept.clear(); return kept.put(content, owner); });
  }

  Duban.store = {
    blank, idOf, isFull, keep, newKey,
    kept: (owner) => read("kept", (kept) => kept.get(owner)),
    forgetKept: () => write("kept", (kept) => kept.clear()),
    entries: async () => (await read("entries", (entries) => entries.getAll())).sort(order),
    entry: (id) => read("entries", (entries) => entries.get(id)),
    save: (entry) => write("entries", (entries) => entries.put(entry)),
    drop: (id) => write("entries", (entries) => entries.delete(id)),
    fact: (name) => read("facts", (facts) => facts.get(name)),
    know: (name, value) => write("facts", (facts) => facts.put(value, name)),
  };
  Duban.draft = { now: { person: "" } }; // for whom report/upload.js sends
})();
