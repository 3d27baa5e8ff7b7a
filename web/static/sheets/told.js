// What the inspector is told: words in their language, what is wrong, what was sent.
(() => {
  const $ = (id) => document.getElementById(id);
  const app = $("app");
  const words = JSON.parse(app.dataset.words);
  const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  const time = (at) => new Date(at).toLocaleString(document.documentElement.lang, { dateStyle: "short", timeStyle: "short" });

  function alarm(text, way) {
    $("alarm").textContent = text || "";
    $("alarm").hidden = !text;
    if (text && way) $("alarm").append(" ", way);
    if (text) $("alarm").scrollIntoView({ block: "nearest" });
  }

  function news(text) {
    $("news").textContent = text || "";
    $("news").hidden = !text;
    if (text) $("news").scrollIntoView({ block: "nearest" });
  }

  function link(href, text) {
    return Object.assign(document.createElement("a"), { href, textContent: text, className: "tap" });
  }

  // `quietly`: nobody asked for it just now, so that no network is nothing to tell.
  function trouble(error, { quietly = false } = {}) {
    if (error.kind === "logged_out") alarm(say("logged_out"), link(`/login?next=${encodeURIComponent(location.pathname)}`, say("log_in")));
    else if (error.kind === "offline") { if (!quietly) news(say("kept")); }
    else if (error.kind === "elsewhere") { if (!quietly) news(say("elsewhere")); }
    else if (error.kind) alarm(error.words || say("failed", { status: error.status }));
    else if (Duban.store.isFull(error)) alarm(say("full"));
    else { alarm(say("failed", { status: error.name })); throw error; }
  }

  // The first tap asks, the second one does it.
  function twice(button, then) {
    button.onclick = () => {
      if (button.dataset.sure) { then(); return; }
      button.dataset.sure = "1";
      button.textContent = say("really");
    };
  }

  // What stands there already is left alone: somebody's thumb may be above it.
  function fill(list, things, make) {
    const shown = JSON.stringify(things);
    if (list.dataset.shown === shown) return;
    list.dataset.shown = shown;
    list.replaceChildren(...things.map(make));
  }

  Duban.told = { $, app, words, say, time, alarm, news, trouble, twice, fill };
})();
