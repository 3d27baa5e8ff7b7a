// The last step: words, a last look, what is known there already, and sending.
(() => {
  const LONGEST = 2000;
  const { $, app, alarm, say, trouble } = Duban.told;
  const { now, save, changed, take } = Duban.draft;

  function show() {
    const { draft } = now, rule = Duban.what.ruleOf(draft.standard), { nameOf, about } = Duban.where;
    $("look-place").textContent = draft.place ? [nameOf(draft.place), about(draft.place)].join(" · ") : "–";
    $("look-rule").textContent = rule ? `${rule[2]} · ${rule[0]} · ${rule[3]}` : draft.standard || say("other");
    Duban.shots.showSmall();
    $("phrase").textContent = rule ? rule[2] : "";
    offerPhrase();
    ready();
    known();
  }

  function offerPhrase() { $("phrase").hidden = Boolean(now.draft.description) || !$("phrase").textContent; }

  function ready() {
    $("send").textContent = $("known").childElementCount ? app.dataset.anew : app.dataset.send;
    $("send").disabled = false;
    $("progress").textContent = "";
  }

  // What is known there is offered before anything is sent; without a network the server asks when it is sent.
  async function known() {
    const body = Duban.upload.form({ ...now.draft, description: "" }, []);
    const answer = await Duban.upload.ask(`/report/known?${body}`).catch(() => null);
    offerKnown(answer && answer.ok ? await answer.text() : "");
  }

  function offerKnown(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html; // a part of our own page, escaped there
    $("known").replaceChildren(holder.content);
    now.draft.anew = Boolean($("known").childElementCount);
    ready();
  }

  function wrongWords(text) {
    $("wrong").textContent = text;
    $("wrong").classList.toggle("d-block", Boolean(text));
    $("description").classList.toggle("is-invalid", Boolean(text));
    $("description").setAttribute("aria-invalid", String(Boolean(text)));
    if (text) $("description").focus();
  }

  function isFit(number) {
    const length = now.draft.description.trim().length;
    wrongWords(length > LONGEST ? say("too_long", { n: LONGEST }) : length || number ? "" : say("say_what"));
    if (!now.draft.place) { alarm(say("choose_place")); return false; }
    return length <= LONGEST && Boolean(length || number);
  }

  // `number`: it is that issue; the photos and words are added there.
  async function send(number) {
    now.draft.description = $("description").value;
    alarm("");
    if (!isFit(number)) return;
    $("send").disabled = true;
    now.draft.why = "";
    $("progress").textContent = say("sending");
    await save();
    try {
      const told = ({ n, of, share }) => { $("progress").textContent = say("sending_photo", { n, of, share }); };
      const result = await Duban.upload.sendDraft(now.draft, { told, number });
      if (result.number) location.assign(result.go); else await notYet(result);
    } catch (error) { await kept(error); }
  }

  async function notYet(result) {
    if (result.known) { offerKnown(result.known); scrollTo(0, 0); return; }
    ready();
    now.shots = await Duban.store.photos(now.draft.key);
    const { description, ...others } = result.wrong;
    if (description) wrongWords(description);
    if (result.wrong.place) Duban.steps.go(1);
    alarm(Object.values(others).join(" "));
  }

  // Without a network the draft goes to the list and the next report can be begun; otherwise it stays open here.
  async function kept(error) {
    ready();
    if (error.kind === "offline") {
      await take(null);
      Duban.steps.fill();
      await Duban.drafts.show();
      Duban.steps.go(0);
    }
    trouble(error);
  }

  function listen() {
    const words = $("description");
    words.oninput = () => { now.draft.description = words.value; offerPhrase(); changed(); };
    $("phrase").onclick = () => { now.draft.description = words.value = $("phrase").textContent; offerPhrase(); words.focus(); changed(); };
    for (const name of ["severity", "source"]) if ($(name)) $(name).onchange = () => { now.draft[name] = $(name).value; changed(); };
    $("report-form").onsubmit = (event) => {
      event.preventDefault();
      send(event.submitter && event.submitter.name === "number" ? event.submitter.value : "");
    };
  }

  Duban.last = { show, listen };
})();
