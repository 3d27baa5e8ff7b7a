// Logging out on this device: the shells for days without a network go, who was here is forgotten, and the sheets of audits
// go. What was not sent stays and shows when the same person logs in again, except of audits that nobody may know of: that
// goes too, after a second tap.
(() => {
  const PATIENCE = 1500;
  const form = document.querySelector('form[action="/logout"]');
  const { words } = document.currentScript.dataset;
  if (!form) return;

  async function shells() {
    const names = "caches" in window ? await caches.keys() : [];
    await Promise.all(names.filter((name) => /^duban-(report|audits)-/.test(name)).map((name) => caches.delete(name)));
    for (const scope of ["/report", "/audits"]) {
      const worker = "serviceWorker" in navigator && (await navigator.serviceWorker.getRegistration(scope));
      if (worker) await worker.unregister();
    }
  }

  // Opens what is there, does one thing to some stores of it, and closes; nothing where there was nothing.
  function inside(name, stores, doing) {
    return new Promise((done) => {
      const asking = indexedDB.open(name);
      asking.onupgradeneeded = () => asking.transaction.abort();
      asking.onerror = () => done();
      asking.onsuccess = () => {
        const base = asking.result, close = (found) => { base.close(); done(found); };
        if (!stores.every((store) => base.objectStoreNames.contains(store))) { close(); return; }
        const going = base.transaction(stores, "readwrite"), asked = doing(going);
        going.oncomplete = () => close(asked && asked.result);
        going.onabort = () => close();
      };
    });
  }

  const entries = async () => (await inside("duban-sheets", ["entries"], (going) => going.objectStore("entries").getAll())) || [];
  const secret = async () => (await entries()).filter((one) => one.secret);

  const facts = () => inside("duban-report", ["facts"], (going) => { going.objectStore("facts").clear(); });
  const sheets = () => inside("duban-sheets", ["kept", "facts"], (going) => { for (const name of ["kept", "facts"]) going.objectStore(name).clear(); });

  async function secrets() {
    const gone = await secret();
    await inside("duban-sheets", ["entries"], (going) => { for (const one of gone) going.objectStore("entries").delete(one.id); });
  }

  const late = (answer) => new Promise((done) => setTimeout(() => done(answer), PATIENCE));

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button"), isSure = button.dataset.sure;
    const waiting = isSure ? [] : await Promise.race([secret(), late([])]);
    if (waiting.length && words) {
      button.dataset.sure = "1";
      const told = Object.assign(document.createElement("p"), { className: "alarm", textContent: words.replace("{n}", waiting.length) });
      told.setAttribute("role", "alert");
      form.before(told);
      return;
    }
    await Promise.race([Promise.allSettled([shells(), facts(), sheets(), secrets()]), late()]);
    form.submit();
  });
})();
