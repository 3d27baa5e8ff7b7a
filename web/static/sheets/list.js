// The inspector's sheets as this device keeps them: the list, and one sheet to be filled in without a network.
(() => {
  const { $, fill, say, time } = Duban.told;
  const { now } = Duban.draft;
  const store = Duban.store;

  // With a network: what the server says now. What it does not list any more goes from the device.
  async function refresh() {
    const answer = await Duban.upload.ask("/audits/mine/sheets.json");
    if (!answer.ok) return;
    await store.keep(now.person, { ...(await answer.json()), at: Date.now() });
  }

  const kept = async () => (now.person && (await store.kept(now.person))) || { sheets: [], standards: {}, at: 0 };

  function state(sheet, entries) {
    const mine = entries.filter((entry) => String(entry.sheet) === String(sheet.id)), ready = mine.filter((entry) => entry.ready).length;
    const seen = Object.keys(sheet.seen).length, begun = mine.length - ready;
    const server = sheet.filled ? say("sheet_full") : seen ? say("seen", { n: seen }) : say("open");
    return { text: server, late: [ready && say("unsent", { n: ready }), begun && say("begun", { n: begun })].filter(Boolean).join(" · ") };
  }

  function line({ text, late, ...sheet }) {
    const made = $("line").content.firstElementChild.cloneNode(true), link = made.querySelector("a");
    Object.assign(link, { href: `/audits/${sheet.round}/sheets/${sheet.id}`, textContent: sheet.name });
    made.querySelector(".soft").textContent = [sheet.point, sheet.area, sheet.round, sheet.again && say("second_look")].filter(Boolean).join(" · ");
    made.querySelector(".state-of").textContent = text;
    if (late) made.querySelector(".state-of").append(" ", Object.assign(document.createElement("span"), { className: "late", textContent: late }));
    return made;
  }

  async function show(entries) {
    const { sheets, at } = await kept();
    $("kept").textContent = at ? say("kept_at", { n: sheets.length, time: time(at) }) : say("nothing_kept");
    fill($("mine"), sheets.map((sheet) => ({ ...sheet, ...state(sheet, entries) })), line);
    $("no-sheets").hidden = !at || Boolean(sheets.length);
  }

  const wanted = () => (/^\/audits\/([^/]+)\/sheets\/(\d+)$/.exec(location.pathname) || [])[2];

  // The sheet of this address as it is kept, drawn like the server's own page. False where none is.
  async function open() {
    const { sheets, standards } = await kept(), sheet = sheets.find((one) => String(one.id) === wanted());
    if (!sheet) return false;
    $("list").hidden = true;
    $("sheet").hidden = false;
    $("title").textContent = document.title = sheet.name;
    $("about").textContent = [sheet.point, sheet.area, sheet.address, sheet.again && say("second_look")].filter(Boolean).join(" · ");
    stops(sheets.filter((one) => one.round === sheet.round && one.again === sheet.again), sheet);
    $("asked").replaceChildren(...sheet.asked.map((key) => asked(standards[key], sheet.seen[standards[key].code])));
    const { id, round, name, secret } = sheet;
    $("form").dataset.sheet = id;
    await Duban.form.begin($("form"), { owner: now.person, round, sheet: String(id), name, secret });
    return true;
  }

  function stops(route, sheet) {
    const nth = route.indexOf(sheet);
    for (const [id, to] of [["before", route[nth - 1]], ["after", route[nth + 1]]]) {
      $(id).hidden = !to;
      if (to) $(id).href = `/audits/${to.round}/sheets/${to.id}`;
    }
    document.querySelector(".stops span").textContent = say("stop", { n: nth + 1, of: route.length });
  }

  function asked(standard, seen) {
    const box = $(seen ? "asked-seen" : `asked-${standard.kind}`).content.firstElementChild.cloneNode(true);
    box.querySelector("legend").textContent = `${standard.code} ${standard.text}`;
    if (seen) { box.querySelector("p").textContent = Duban.what({ ...seen, facts: seen.facts || {} }); return box; }
    Object.assign(box.dataset, { code: standard.code, measure: JSON.stringify(standard) });
    for (const field of box.querySelectorAll("[id], [name], [for]"))
      for (const name of ["id", "name", "for"]) if (field.hasAttribute(name)) field.setAttribute(name, field.getAttribute(name).replace(/-CODE$/, `-${standard.code}`));
    const method = box.querySelector(".method"), hint = box.querySelector(".hint");
    if (standard.method) method.textContent = standard.method; else method.remove(); // Bootstrap's legend floats
    if (hint && standard.kind === "timed") hint.textContent = say("timed", { window: standard.window, least: standard.least });
    return box;
  }

  Duban.list = { refresh, show, open, kept };
})();
