// What waits and no field of this page shows: results that differ from what is recorded, that were not taken, or whose
// sheet is not open here. Each with what can be done about it.
(() => {
  const { $, fill, say, time, twice } = Duban.told;

  const standing = (entry) => {
    if (entry.came === "differs") return say("differs", { words: entry.why });
    if (entry.why) return say("not_taken", { words: entry.why });
    return entry.ready ? say("waits", { time: time(entry.made) }) : say("draft");
  };

  function button(text, then, kind = "btn-outline-secondary") {
    return Object.assign(document.createElement("button"), { type: "button", className: `btn ${kind}`, textContent: text, onclick: then });
  }

  async function drop(entry) {
    if (entry.came === "differs") Duban.form.close(entry.id, entry.why);
    await Duban.store.drop(entry.id);
    await Duban.start.changed([]);
  }

  async function again(entry, insists) {
    await Duban.store.save({ ...entry, ready: true, made: entry.made || entry.changed, came: "", why: "", insists });
    await Duban.send.all();
  }

  function buttons(entry) {
    if (entry.came === "differs") return [button(say("theirs"), () => drop(entry)), button(say("mine"), () => again(entry, true))];
    const away = button(say("delete"), null);
    twice(away, () => drop(entry));
    return entry.why ? [button(say("again"), () => again(entry, entry.insists)), away] : [away];
  }

  function box(entry) {
    const made = $("box").content.firstElementChild.cloneNode(true), title = made.querySelector("h2");
    title.append(Object.assign(document.createElement("a"), { href: `/audits/${entry.round}/sheets/${entry.sheet}`, textContent: entry.name || entry.round }), ` ${entry.code}`);
    made.querySelector(".what").textContent = Duban.what(entry);
    made.querySelector(".why").textContent = standing(entry);
    made.querySelector(".buttons").append(...buttons(entry));
    return made;
  }

  const show = (entries) => fill($("boxes"), entries, box);

  Duban.boxes = { show };
})();
