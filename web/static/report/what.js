// Choosing what is wrong: category, then standard, the most used first; searched by any of its words.
(() => {
  const { $, app, say, choice } = Duban.told;
  const { now, changed } = Duban.draft;
  let offered = { categories: [], standards: [] };

  const fixed = () => Boolean(now.draft.place && now.draft.place.category);
  const category = () => (fixed() ? now.draft.place.category : now.draft.category);
  const nameOf = (code) => (offered.categories.find(([one]) => one === code) || [code, code])[1];
  const ruleOf = (code) => offered.standards.find(([one]) => one === code);
  const has = (words, ...texts) => texts.join(" ").toLowerCase().includes(words);

  function show() {
    const wanted = $("find").value.trim().toLowerCase(), chosen = category();
    heading(chosen);
    const fit = offered.standards.filter(([code, kind, text]) => (!chosen || kind === chosen) && has(wanted, code, text));
    const items = chosen || wanted ? fit.map((rule) => standard(rule, !chosen)) : [];
    if (!chosen) items.push(...offered.categories.filter(([code, name]) => has(wanted, code, name)).map(kind));
    items.push(choice(say("other"), "", now.draft.other, () => decide(chosen, "", true)));
    $("rules").replaceChildren(...items);
  }

  function heading(chosen) {
    $("kind").textContent = chosen ? nameOf(chosen) : "";
    $("kind").hidden = !chosen;
    if (!chosen || fixed()) return;
    const back = Object.assign(document.createElement("button"), { type: "button", textContent: app.dataset.another });
    back.onclick = () => open("");
    $("kind").append(" ", back);
  }

  function open(code) {
    Object.assign(now.draft, { category: code, standard: "", other: false });
    $("find").value = "";
    changed();
    show();
    $("title-2").focus();
  }

  const kind = ([code, name]) => choice(name, "", false, () => open(code));

  function standard([code, of, text, severity], isNamed) {
    const about = [code, severity, isNamed ? nameOf(of) : ""].filter(Boolean).join(" · ");
    return choice(text, about, code === now.draft.standard, () => decide(of, code, false));
  }

  function decide(of, code, other) {
    Object.assign(now.draft, { category: of || "", standard: code, other, anew: false });
    changed();
    Duban.steps.next(3);
    $("title-3").focus({ preventScroll: true });
  }

  // What was known the last time, until the server says what can be chosen now.
  async function load() {
    offered = (await Duban.store.fact("catalogue")) || offered;
    const answer = await Duban.upload.ask("/report/catalogue.json").catch(() => null);
    if (!answer || !answer.ok) return;
    offered = await answer.json();
    await Duban.store.know("catalogue", offered);
    if (Duban.steps.step() === 2) show();
  }

  Duban.what = { show, load, ruleOf };
})();
