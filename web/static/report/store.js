// What is kept on this device: drafts, their photos, and a few facts (who reports, what can be chosen, points around).
(() => {
  const STORES = { drafts: { keyPath: "key" }, photos: { keyPath: "id" }, facts: {} };
  let opened = null;

  function open() {
    opened = opened || new Promise((done, fail) => {
      const asking = indexedDB.open("duban-report", 1);
      asking.onupgradeneeded = () => {
        for (const [name, how] of Object.entries(STORES)) asking.result.createObjectStore(name, how);
        asking.transaction.objectStore("photos").createIndex("draft", "draft");
      };
      asking.onsuccess = () => done(asking.result);
      asking.onerror = () => fail(asking.error);
      asking.onblocked = () => fail(new Error("blocked"));
    });
    return opened;
  }

  // One transaction. Resolves when all of it is on the device, so that "kept" is never said too early.
  async function work(names, mode, doing) {
    const base = await open();
    return new Promise((done, fail) => {
      const going = base.transaction(names, mode);
      const asked = doing(...names.map((name) => going.objectStore(name)));
      going.oncomplete = () => done(asked ? asked.result : undefined);
      going.onabort = going.onerror = () => fail(going.error || (asked && asked.error));
    });
  }

  const read = (name, doing) => work([name], "readonly", doing);
  const write = (name, doing) => work([name], "readwrite", doing);

  async function drop(key) {
    await work(["drafts", "photos"], "readwrite", (drafts, photos) => {
      drafts.delete(key);
      photos.index("draft").openKeyCursor(IDBKeyRange.only(key)).onsuccess = (event) => {
        const at = event.target.result;
        if (at) { photos.delete(at.primaryKey); at.continue(); }
      };
    });
  }

  // Letters and digits at random; crypto.randomUUID is not there on pages without https.
  const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(18)), (one) => (one % 36).toString(36)).join("");
  const isFull = (error) => Boolean(error) && (error.name === "QuotaExceededError" || (error.inner && error.inner.name === "QuotaExceededError"));

  Duban.store = {
    newKey, isFull, drop,
    drafts: async () => (await read("drafts", (drafts) => drafts.getAll())).sort((a, b) => b.changed - a.changed),
    draft: (key) => read("drafts", (drafts) => drafts.get(key)),
    save: (draft) => write("drafts", (drafts) => drafts.put(draft)),
    photos: async (key) => (await read("photos", (photos) => photos.index("draft").getAll(key))).sort((a, b) => a.at - b.at),
    savePhoto: (photo) => write("photos", (photos) => photos.put(photo)),
    dropPhoto: (id) => write("photos", (photos) => photos.delete(id)),
    fact: (name) => read("facts", (facts) => facts.get(name)),
    know: (name, value) => write("facts", (facts) => facts.put(value, name)),
    forgetFacts: () => write("facts", (facts) => facts.clear()),
  };
})();
