// Choosing the place: what is near, what is found by its name, what the sign says.
(() => {
  const SURE = 30; // metres: so near, the point is chosen without asking; another tap chooses another
  const { $, app, alarm, say, choice } = Duban.told;
  const { now, changed } = Duban.draft;

  function show() {
    const [name, more] = $("place").children, chosen = now.draft.place;
    $("place").classList.toggle("good", Boolean(chosen));
    name.textContent = chosen ? nameOf(chosen) : app.dataset.none;
    more.textContent = chosen ? about(chosen) : "";
  }

  const nameOf = (one) => one.name || one.point || say("somewhere");

  function about(one) {
    if (one.unverified) return say("unverified", { code: one.point });
    const far = one.metres === null || one.metres === undefined ? "" : say("metres", { n: one.metres });
    return [one.point, one.kind, one.in, far].filter(Boolean).join(" · ");
  }

  function choose(one) {
    const draft = now.draft;
    Object.assign(draft, { place: one, anew: false });
    if (one.category && draft.category !== one.category) Object.assign(draft, { category: one.category, standard: "", other: false });
    show();
    changed();
    for (const button of $("places").querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.place === one));
  }

  // By the reader's own act, so what was told is answered; a place that is found by itself hides no alarm.
  function pick(one) {
    alarm("");
    choose(one);
  }

  function offer(found) {
    const chosen = now.draft.place;
    const same = (one) => Boolean(chosen) && one.point === chosen.point && one.area === chosen.area;
    $("places").replaceChildren(...found.map((one) => {
      const item = choice(nameOf(one), about(one), same(one), () => pick(one));
      item.firstChild.place = one;
      return item;
    }));
  }

  async function here(at, told) {
    now.draft.at = at;
    changed();
    $("where").textContent = told;
    const found = await Duban.place.around(at);
    const somewhere = { point: "", area: "", name: "", in: "", category: "", kind: "", ...found.area, lat: at.lat, lng: at.lng, metres: null };
    if (!now.draft.place && found.places.length && found.places[0].metres <= SURE) choose(found.places[0]);
    offer([...found.places.slice(0, 5), somewhere, ...found.places.slice(5)]);
  }

  async function locate() {
    $("where").textContent = say("locating");
    const at = await Duban.place.locate();
    if (at) await here(at, say("exact", { n: at.exact })); else $("where").textContent = say("no_place");
  }

  async function search() {
    const wanted = $("q").value.trim();
    if (!wanted) return;
    const found = await Duban.place.search(wanted);
    if ($("q").value.trim() !== wanted) return; // more was typed meanwhile
    $("where").textContent = found.length ? "" : say("nothing_found");
    offer(found);
  }

  async function byCode(code) {
    const found = await Duban.place.byCode(code);
    if (found) pick(found); else alarm(say("no_point", { code }));
  }

  Duban.where = { show, about, nameOf, choose, here, locate, search, byCode };
})();
