// One standard of a form: its fields and what is kept of it. Whatever is entered is kept on the device at once.
(() => {
  const LONGEST = 2000, COUNTS = ["found", "required", "faults", "minutes"];
  const { say, time } = Duban.told;

  class Fields {
    constructor(box, sheet) {
      this.box = box;
      this.code = box.dataset.code;
      this.measure = JSON.parse(box.dataset.measure);
      this.entry = Duban.store.blank({ ...sheet, code: this.code });
      this.edits = this.saved = 0;
    }

    // What is kept does not take the place of what was changed since.
    edit(changes) { Object.assign(this.entry, changes); this.edits += 1; }
    isUnsaved() { return this.edits !== this.saved; }

    one(name) { return this.box.querySelector(`[name="${CSS.escape(`${name}-${this.code}`)}"]`); }
    picks() { return [...this.box.querySelectorAll('input[type="radio"]')]; }
    isEmpty() { return !this.entry.result && !this.entry.note && !this.entry.photo && !Object.keys(this.entry.facts).length; }
    isChosen() { return Boolean(this.entry.result || Object.keys(this.entry.facts).length); }

    // What is kept goes into the fields; a field that the page has filled already stays as it is.
    async fill() {
      this.entry = (await Duban.store.entry(this.entry.id)) || this.entry;
      const { result, note, facts } = this.entry;
      if (result && !this.picks().some((pick) => pick.checked)) for (const pick of this.picks()) pick.checked = pick.value === result;
      if (note && !this.one("note").value) this.one("note").value = note;
      for (const name of COUNTS) if (this.one(name) && facts[name] && !this.one(name).value) this.one(name).value = facts[name];
      this.show();
    }

    // What stands in the fields. What is changed is no longer what was recorded.
    read() {
      const pick = this.picks().find((one) => one.checked), facts = {};
      for (const name of COUNTS) if (this.one(name) && this.one(name).value.trim()) facts[name] = this.one(name).value.trim();
      this.edit({ result: pick ? pick.value : "", note: this.one("note").value.trim(), facts, changed: Date.now() });
      this.unready();
    }

    unready() { this.edit({ ready: false, came: "", why: "", insists: false }); }

    async save() {
      const { edits } = this;
      if (this.isEmpty()) await Duban.store.drop(this.entry.id); else await Duban.store.save(this.entry);
      this.saved = Math.max(this.saved, edits);
      this.show();
    }

    async photograph(file) {
      const made = await Duban.photo.prepare(file);
      this.edit({ photo: { ...made, id: Duban.store.newKey(), sent: false }, changed: Date.now() });
      this.unready();
      await this.save();
    }

    // Why it cannot be recorded as it is; nothing where it can.
    wrong() {
      const { code, entry } = this, bad = Duban.verdict.bad(entry.facts), said = bad ? "" : Duban.verdict.of(entry.facts, this.measure);
      if (bad) return say("count_bad", { code, value: bad[1] });
      if (!entry.result && !said) return say("count_all", { code });
      if (said && entry.result && entry.result !== said && entry.result !== "not_applicable") return say("counts_differ", { code, said: say(`result_${said}`) });
      if ((entry.result || said) !== "met" && !entry.note) return say("note_needed", { code });
      return entry.note.length > LONGEST ? say("too_long", { code, n: LONGEST }) : "";
    }

    record() { this.edit({ ready: true, made: Date.now(), came: "", why: "", insists: false }); return this.save(); }

    // Told where it is to be put right, until something is changed.
    refuse() {
      const line = this.box.querySelector(".standing"), field = this.entry.note || !this.isChosen() ? this.picks()[0] : this.one("note");
      Object.assign(line, { textContent: this.wrong(), hidden: false });
      line.classList.add("late");
      field.focus();
      field.scrollIntoView({ block: "center" });
    }

    show() {
      const line = this.box.querySelector(".standing"), shown = this.box.querySelector(".photo"), { entry } = this;
      line.hidden = this.isEmpty();
      line.classList.remove("late");
      line.textContent = entry.ready ? say("waits", { time: time(entry.made) }) : say("draft");
      this.box.classList.toggle("is-kept", entry.ready);
      shown.hidden = !entry.photo;
      if (entry.photo) this.showPhoto(shown, entry.photo);
    }

    // The server has it, or something else instead.
    done(words) {
      const said = Object.assign(document.createElement("p"), { textContent: words || Duban.what(this.entry, this.measure) });
      this.box.replaceChildren(this.box.querySelector("legend"), said);
      this.box.classList.remove("is-kept");
      delete this.box.dataset.code;
    }

    showPhoto(line, photo) {
      const image = Object.assign(Duban.photo.picture(photo.blob, say("photo_kept", { name: photo.name })), { width: 96, height: 96 });
      const away = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-outline-secondary", textContent: say("remove_photo") });
      away.onclick = async () => { this.edit({ photo: null }); this.unready(); await this.save(); this.one("photo").focus(); };
      line.replaceChildren(image, away);
    }
  }

  // What was seen, in words.
  function what({ result, note, facts, photo }, measure) {
    const said = result || (measure ? Duban.verdict.of(facts, measure) : "");
    const counted = COUNTS.filter((name) => facts[name]).map((name) => `${say(`count_${name}`)} ${facts[name]}`);
    return [said && say(`result_${said}`), ...counted, note, photo && say(photo.blob && Duban.photo.isFilm(photo.blob) ? "with_film" : "with_photo")].filter(Boolean).join(" · ");
  }

  Object.assign(Duban, { Fields, what });
})();
