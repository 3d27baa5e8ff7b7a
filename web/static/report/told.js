// What the reader is told: words in their language, what is wrong, what was sent.
(() => {
  const $ = (id) => document.getElementById(id);
  const app = $("app");
  const words = JSON.parse(app.dataset.words);
  const say = (name, values = {}) => words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);

  function link(href, text) {
    return Object.assign(document.createElement("a"), { href, textContent: text });
  }

  function alarm(text, way) {
    $("alarm").textContent = text || "";
    $("alarm").hidden = !text;
    if (text && way) $("alarm").append(" ", way);
    if (text) $("alarm").scrollIntoView({ block: "nearest" });
  }

  function news(sent) {
    $("news").replaceChildren(...sent.flatMap((one) => [link(one.go, say("sent", { number: one.number })), " "]));
    $("news").hidden = !sent.length;
  }

  function trouble(error) {
    if (error.kind === "logged_out") alarm(say("logged_out"), link("/login?next=%2Freport", say("log_in")));
    else if (error.kind === "offline") alarm(say(navigator.onLine ? "broken_off" : "kept"));
    else if (error.kind === "elsewhere") alarm(say("elsewhere"));
    else if (error.kind === "refused" && error.words) alarm(error.words);
    else if (error.kind) alarm(say("failed", { status: error.status }));
    else if (Duban.store.isFull(error)) alarm(say("full"));
    else { alarm(say("failed", { status: error.name })); throw error; }
  }

  // A choice as large as a thumb.
  function choice(text, more, pressed, then) {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", onclick: then });
    button.setAttribute("aria-pressed", String(pressed));
    button.append(Object.assign(document.createElement("span"), { textContent: text }));
    if (more) button.append(Object.assign(document.createElement("span"), { className: "soft", textContent: more }));
    item.append(button);
    return item;
  }

  Duban.told = { $, app, words, say, alarm, news, trouble, choice };
})();
