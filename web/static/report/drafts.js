// The list of drafts on this device: open one, delete one, send all of them.
(() => {
  const { $, alarm, say, news, trouble } = Duban.told;
  const { now, save, take } = Duban.draft;
  const store = Duban.store;

  const isMine = (draft) => !draft.owner || draft.owner === now.person;
  const isReady = (draft) => Boolean(draft.place && draft.description && draft.description.trim());

  async function waiting() {
    const all = await store.drafts();
    return { mine: all.filter((draft) => isMine(draft) && draft.key !== now.draft.key), others: all.filter((draft) => !isMine(draft)).length };
  }

  async function show() {
    const found = await waiting(), list = $("drafts-step").querySelector(".drafts");
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    list.replaceChildren(...(await Promise.all(found.mine.map(card))));
    $("drafts-title").textContent = say("drafts", { n: found.mine.length });
    $("to-drafts").textContent = say("drafts_short", { n: found.mine.length });
    $("others").textContent = say("of_others", { n: found.others });
    $("others").hidden = !found.others;
    $("no-drafts").hidden = Boolean(found.mine.length);
    $("to-drafts").hidden = !found.mine.length && !found.others;
    $("send-all").hidden = !found.mine.some(isReady);
  }

  async function card(draft) {
    const made = $("draft-card").content.firstElementChild.cloneNode(true);
    const photos = await store.photos(draft.key), image = made.querySelector("img"), place = draft.place || {};
    const photo = photos.find((one) => !Duban.photo.isFilm(one.blob));
    if (photo) image.src = URL.createObjectURL(photo.blob); else { image.remove(); made.classList.add("bare"); }
    const at = new Date(draft.changed).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });
    made.querySelector("strong").textContent = draft.description || say("no_words");
    made.querySelector(".soft").textContent = [place.name || place.point, say("photos", { n: photos.length }), at].filter(Boolean).join(" · ");
    made.querySelector(".why").textContent = draft.why || say(isReady(draft) ? "waits" : "unfinished");
    made.querySelector('[data-do="open"]').onclick = () => open(draft.key);
    made.querySelector('[data-do="delete"]').onclick = (event) => remove(event.currentTarget, draft.key);
    return made;
  }

  async function open(key) {
    await save();
    await take(key);
    Duban.steps.fill();
    await show();
    Duban.steps.go(isReady(now.draft) ? 3 : 1);
    alarm(now.draft.why);
  }

  // The second tap deletes.
  async function remove(button, key) {
    if (!button.dataset.sure) {
      button.dataset.sure = "1";
      button.textContent = say("really");
      return;
    }
    await store.drop(key);
    await show();
    $("drafts-title").focus();
  }

  // One after the other. What needs a decision stays, with why; when the network or the log-in ends, the rest stays.
  async function sendAll() {
    const button = $("send-all"), words = button.textContent, sent = [];
    button.disabled = true;
    alarm("");
    try {
      for (const draft of (await waiting()).mine.filter(isReady).reverse()) {
        button.textContent = say("sending");
        await sendOne(draft, sent, ({ n, of, share }) => { button.textContent = say("sending_photo", { n, of, share }); });
      }
    } catch (error) {
      trouble(error);
    } finally {
      button.disabled = false;
      button.textContent = words;
      news(sent);
      await show();
    }
  }

  async function sendOne(draft, sent, told) {
    try {
      const result = await Duban.upload.sendDraft(draft, { told });
      if (result.number) sent.push(result);
      else await store.save({ ...draft, why: result.known ? say("known") : Object.values(result.wrong).join(" ") });
    } catch (error) {
      if (error.kind !== "refused") throw error;
      await store.save({ ...draft, why: error.words || say("failed", { status: error.status }) });
    }
  }

  async function start() {
    $("send-all").onclick = sendAll;
    addEventListener("online", show);
    await show();
  }

  Duban.drafts = { start, show };
})();
