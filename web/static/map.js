// The map of issues. Points come for the part in view; the list beside it shows the same, for keyboards and readers.
(() => {
  const ground = document.getElementById("map");
  if (!ground) return;
  const words = ground.dataset;
  const count = document.getElementById("beside-count");
  const beside = document.getElementById("beside-lines");
  if (!window.L) { count.textContent = words.failed; return; }
  const marks = Object.fromEntries(words.marks.trim().split(/\s+/).map((one) => one.split(":")));
  const layers = words.layers ? words.layers.split(" ") : [];
  const map = L.map(ground, { zoomControl: false, maxZoom: 19, minZoom: 3, attributionControl: layers.length > 0 });
  L.control.zoom({ zoomInTitle: words.in, zoomOutTitle: words.out }).addTo(map);
  L.control.scale({ imperial: false }).addTo(map);
  for (const layer of layers) {
    L.tileLayer(layer, { subdomains: "01234567", maxNativeZoom: 18, maxZoom: 19, attribution: words.attribution }).addTo(map);
  }
  const spots = L.markerClusterGroup({
    maxClusterRadius: 44, showCoverageOnHover: false, animate: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    iconCreateFunction: (cluster) => {
      const late = cluster.getAllChildMarkers().filter((one) => one.options.late).length;
      return pileIcon(cluster.getChildCount(), late);
    },
  }).addTo(map);
  const piles = L.layerGroup().addTo(map);
  let asking = null;

  const address = (number) => `/issues/${encodeURIComponent(number)}`;
  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const brief = (words) => ([...words].length > 60 ? `${[...words].slice(0, 59).join("")}…` : words);
  const short = (n) => (n < 10000 ? String(n) : `${Math.round(n / 1000)}k`);
  const icon = (inner) => L.divIcon({ html: inner, className: "placed-mark", iconSize: null, iconAnchor: [14, 14] });

  function pileIcon(n, late) {
    return L.divIcon({ html: element("span", late ? "pile overdue" : "pile", short(n)), className: "placed-pile", iconSize: [44, 44] });
  }

  function spotMarker(one) {
    const mark = element("span", `mark ${one.state}${one.overdue ? " overdue" : ""}`, marks[one.state] || "?");
    const title = `${one.number} ${one.state_word}${one.overdue ? ` ${words.overdue}` : ""}`;
    const marker = L.marker([one.lat, one.lng], { icon: icon(mark), title, alt: title, late: one.overdue });
    marker.bindPopup(() => line(one));
    return marker;
  }

  function pileMarker(one) {
    const said = words.many.replace("{n}", one.n).replace("{late}", one.overdue);
    const marker = L.marker([one.lat, one.lng], { icon: pileIcon(one.n, one.overdue), title: said, alt: said });
    marker.on("click", () => map.setView([one.lat, one.lng], Math.min(map.getZoom() + 2, 19)));
    return marker;
  }

  function line(one) {
    const made = element("div");
    const link = element("a", "", one.number);
    link.href = address(one.number);
    made.append(link, " ", element("span", `state ${one.state}`, one.state_word));
    if (one.overdue) made.append(" ", element("span", "late", words.overdue));
    made.append(element("br"), brief(one.description), " ", element("span", "soft", one.point_name || ""));
    return made;
  }

  function tell(shown) {
    spots.clearLayers();
    piles.clearLayers();
    spots.addLayers(shown.spots.map(spotMarker));
    for (const one of shown.piles) pileMarker(one).addTo(piles);
    count.textContent = words.here.replace("{n}", shown.total) + (shown.newest_only && shown.total ? ` (${words.newest})` : "");
    if (!shown.spots.length) return;
    beside.replaceChildren(...shown.spots.slice(0, 50).map((one) => {
      const item = element("li");
      item.append(...line(one).childNodes);
      return item;
    }));
  }

  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const box = map.getBounds().pad(0.1);
    const bbox = [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()].map((one) => one.toFixed(5)).join(",");
    const query = new URLSearchParams(words.query);
    query.set("bbox", bbox);
    query.set("zoom", String(map.getZoom()));
    try {
      const answer = await fetch(`/map/points.json?${query}`, { signal: asking.signal, headers: { "HX-Request": "true" } });
      if (answer.headers.get("HX-Redirect")) { location.assign(answer.headers.get("HX-Redirect")); return; }
      const shown = await answer.json();
      if (answer.ok) tell(shown); else count.textContent = shown.error || words.failed;
    } catch (error) {
      if (error.name !== "AbortError") count.textContent = words.failed;
    }
  }

  async function label() {
    map.createPane("names").style.zIndex = "450";  // below the marks, above the ground
    const answer = await fetch("/map/labels.json");
    if (!answer.ok) return;
    for (const one of await answer.json()) {
      const name = L.divIcon({ html: element("span", "", one.name), className: "placed", iconSize: [0, 0] });
      const marker = L.marker([one.lat, one.lng], { icon: name, interactive: false, keyboard: false, pane: "names" });
      const fits = () => (one.level === 2 ? map.getZoom() < 13 : map.getZoom() >= 13);
      const show = () => (fits() ? marker.addTo(map) : marker.remove());
      map.on("zoomend", show);
      show();
    }
  }

  const extent = words.extent ? words.extent.split(",").map(Number) : [73, 18, 135, 53];
  map.fitBounds([[extent[1], extent[0]], [extent[3], extent[2]]], { animate: false });
  map.on("moveend", ask);
  ask();
  if (!layers.length) label().catch(() => {});
})();
