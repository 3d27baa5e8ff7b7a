// The form of one sheet: kept while it is filled in, recorded on the device, sent when there is a network.
(() => {
  const SAVED_AFTER = 300;
  const { $, alarm, news, say, trouble } = Duban.told;
  let boxes = [];

  const told = (error) => alarm(say(Duban.store.isFull(error) ? "full" : "not_kept"));
  const at = (element) => boxes.find((one) => one.box.contains(element));

  async function begin(form, sheet) {
    boxes = [...form.querySelectorAll("fieldset[data-code]")].map((box) => new Duban.Fields(box, sheet));
    for (const one of boxes) await one.fill();
    form.oninput = (event) => typed(event.target);
    form.onchange = (event) => { if (event.target.type === "file") photograph(event.target); };
    form.onsubmit = (event) => { event.preventDefault(); record(form).catch(trouble); };
    addEventListener("pagehide", () => flush());
  }

  const timers = new Map();

  function typed(field) {
    const one = at(field);
    if (!one || field.type === "file") return;
    one.read();
    clearTimeout(timers.get(one));
    timers.set(one, setTimeout(() => { timers.delete(one); one.save().catch(told); }, SAVED_AFTER));
  }

  function flush() {
    const late = [...timers.keys()];
    for (const timer of timers.values()) clearTimeout(timer);
    timers.clear();
    return Promise.all(late.map((one) => one.save()));
  }

  async function photograph(input) {
    const one = at(input), [file] = input.files;
    if (!one || !file) return;
    alarm("");
    try {
      await one.photograph(file);
      input.value = ""; // it is kept; the field is free for another one
    } catch (error) {
      if (Duban.store.isFull(error)) alarm(say("full"));
      else alarm(error.told ? say(error.told, error.facts) : say("photo_bad", { name: file.name }));
    }
  }

  // Everything that was chosen is recorded, or the first that cannot be is told and nothing is.
  async function record(form) {
    alarm("");
    news("");
    await flush();
    const chosen = boxes.filter((one) => one.isChosen() && !one.entry.ready), bad = chosen.find((one) => one.wrong());
    if (bad) { alarm(bad.wrong()); bad.refuse(); return; }
    if (!chosen.length && !boxes.some((one) => one.entry.ready)) { alarm(say("choose")); return; }
    try { for (const one of chosen) await one.record(); } catch (error) { told(error); return; }
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
    const button = form.querySelector("button.btn-primary");
    button.disabled = true;
    try { await Duban.send.all(); } finally { button.disabled = false; }
  }

  // Whether the fields themselves show it, so that no box of its own has to.
  const shows = (entry) => boxes.some((one) => one.entry.id === entry.id) && !entry.came && !entry.why;

  function close(id, words) {
    for (const one of boxes) if (one.entry.id === id) one.done(words);
  }

  // What the server has is no longer asked; of the rest, how it stands.
  async function again(sent) {
    for (const { id, came } of sent) close(id, came === "handed_in" ? say("handed_in") : "");
    boxes = boxes.filter((one) => one.box.dataset.code);
    for (const one of boxes) {
      const kept = await Duban.store.entry(one.entry.id);
      if (!one.isUnsaved()) one.entry = kept || Duban.store.blank(one.entry); // else it was changed meanwhile, and is saved in a moment
      one.show();
    }
    for (const last of $("form").querySelectorAll(":scope > :is(.form-text, .btn-primary)")) last.hidden = !boxes.length;
  }

  Duban.form = { begin, close, shows, again };
})();
