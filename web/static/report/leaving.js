// Logging out on this device: the shell for days without a network goes, and who reported here is forgotten. Drafts that
// were not sent stay; they show when the same person logs in again.
(() => {
  const PATIENCE = 1500;
  const form = document.querySelector('form[action="/logout"]');
  if (!form) return;

  async function shell() {
    const names = "caches" in window ? await caches.keys() : [];
    await Promise.all(names.filter((name) => name.startsWith("duban-report-")).map((name) => caches.delete(name)));
    const worker = "serviceWorker" in navigator && (await navigator.serviceWorker.getRegistration("/report"));
    if (worker) await worker.unregister();
  }

  function facts() {
    return new Promise((done) => {
      const asking = indexedDB.open("duban-report");
      asking.onupgradeneeded = () => asking.transaction.abort(); // there was nothing
      asking.onerror = done;
      asking.onsuccess = () => {
        const going = asking.result.transaction("facts", "readwrite");
        going.objectStore("facts").clear();
        going.oncomplete = going.onabort = () => { asking.result.close(); done(); };
      };
    });
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const late = new Promise((done) => setTimeout(done, PATIENCE));
    await Promise.race([Promise.allSettled([shell(), facts()]), late]);
    form.submit();
  }, { once: true });
})();
