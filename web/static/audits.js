// A sheet of an audit: whatever is filled in, photos too, is kept on this device until the server has it.
(() => {
  const SAVED_AFTER = 300;
  const form = document.querySelector("form[data-sheet]");
  if (!form || !window.indexedDB) return;
  const key = form.dataset.sheet;
  let opened = null, timer = 0;

  function open() {
    opened = opened || new Promise((done, fail) => {
      const asking = indexedDB.open("duban-sheets", 1);
      asking.onupgradeneeded = () => asking.result.createObjectStore("sheets");
      asking.onsuccess = () => done(asking.result);
      asking.onerror = () => fail(asking.error);
    });
    return opened;
  }

  async function work(mode, doing) {
    const base = await open();
    return new Promise((done, fail) => {
      const going = base.transaction("sheets", mode), asked = doing(going.objectStore("sheets"));
      going.oncomplete = () => done(asked.result);
      going.onabort = going.onerror = () => fail(going.error);
    });
  }

  // Everything that is filled in; a photo is copied, since the file of a camera may be gone later.
  async function filled() {
    const kept = [];
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && value) kept.push([name, value]);
      if (typeof value !== "string" && value.size) kept.push([name, new File([await value.arrayBuffer()], value.name, { type: value.type })]);
    }
    return kept;
  }

  async function save() {
    clearTimeout(timer);
    const kept = await filled();
    await work("readwrite", (sheets) => (kept.length ? sheets.put(kept, key) : sheets.delete(key)));
  }

  const forget = () => work("readwrite", (sheets) => sheets.delete(key));

  function put(name, value) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "radio") field.checked = field.checked || field.value === value;
      else if (field.type === "file") { const held = new DataTransfer(); held.items.add(value); field.files = held.files; }
      else if (!field.value) field.value = value;
    }
    return form.querySelector(`[name="${CSS.escape(name)}"]`) !== null;
  }

  function say(words) {
    const line = form.querySelector(".kept") || form.insertBefore(Object.assign(document.createElement("p"), { className: "kept done" }), form.firstChild);
    line.setAttribute("role", "status");
    line.textContent = words;
    line.scrollIntoView({ block: "nearest" });
  }

  async function restore() {
    const kept = (await work("readonly", (sheets) => sheets.get(key))) || [];
    const fits = kept.filter(([name, value]) => put(name, value));
    if (fits.length) say(form.dataset.kept); else if (kept.length) await forget();
  }

  // The server's answer decides: what it took is forgotten here, what it refused is shown by it as without a script.
  async function send(event) {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    await save().catch(() => {});
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
      if (!answer.redirected) { form.submit(); return; }
      if (new URL(answer.url).pathname === location.pathname) await forget().catch(() => {});
      location.assign(answer.url);
    } catch {
      button.disabled = false;
      say(form.dataset.waits);
    }
  }

  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => save().catch(() => {}), SAVED_AFTER); });
  form.addEventListener("submit", send);
  restore().catch(() => {});
})();
