// The photos and videos of the report: taken or chosen, shown, taken out again.
(() => {
  const MOST = 9, FRESH = 5 * 60 * 1000;
  const { $, alarm, say } = Duban.told;
  const { now, save } = Duban.draft;
  const store = Duban.store;

  function picture(shot, n, isSmall) {
    const item = document.createElement("li");
    item.append(Duban.photo.picture(shot.blob, say(Duban.photo.isFilm(shot.blob) ? "film" : "photo", { n: n + 1 })));
    if (!isSmall) item.append(remover(shot, n));
    return item;
  }

  function remover(shot, n) {
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.setAttribute("aria-label", say("remove", { n: n + 1 }));
    button.onclick = async () => {
      now.shots = now.shots.filter((one) => one !== shot);
      await store.dropPhoto(shot.id);
      show();
      $("pick").focus();
    };
    return button;
  }

  const show = () => $("shots").replaceChildren(...now.shots.map((shot, n) => picture(shot, n, false)));
  const showSmall = () => $("look-photos").replaceChildren(...now.shots.map((shot, n) => picture(shot, n, true)));

  async function addFiles(input) {
    const files = [...input.files];
    input.value = "";
    alarm("");
    for (const file of files) {
      if (now.shots.length >= MOST) { alarm(say("photo_many", { n: MOST })); break; }
      try { await add(file); } catch (error) {
        if (store.isFull(error)) { alarm(say("full")); break; }
        alarm(error.told ? say(error.told, error.facts) : say("photo_bad", { name: file.name }));
      }
    }
    await save();
  }

  async function add(file) {
    const made = await Duban.photo.prepare(file);
    const shot = { ...made, id: store.newKey(), draft: now.draft.key, at: Date.now() + now.shots.length / 100, sent: false };
    await store.savePhoto(shot);
    now.shots.push(shot);
    show();
    await placed(shot, Date.now() - file.lastModified < FRESH);
  }

  // The photo knows the place, or the phone does while the photo is fresh.
  async function placed(shot, isFresh) {
    if (shot.lat !== undefined) {
      if (!now.draft.at) await Duban.where.here({ lat: shot.lat, lng: shot.lng }, say("from_photo"));
    } else if (isFresh && (now.draft.at || (await Duban.place.isAllowed()))) {
      if (!now.draft.at) await Duban.where.locate();
      if (now.draft.at) await store.savePhoto(Object.assign(shot, { lat: now.draft.at.lat, lng: now.draft.at.lng }));
    }
  }

  Duban.shots = { show, showSmall, addFiles };
})();
