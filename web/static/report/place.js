// Where it is: the phone's position, points around it, search. Points seen once can be chosen without a network too.
(() => {
  const NEAR = 500, FEW = 8, MANY = 20, KEPT = 2000, METRE = 111195;

  function locate() {
    return new Promise((done) => {
      if (!navigator.geolocation) { done(null); return; }
      const found = ({ coords }) => done({ lat: coords.latitude, lng: coords.longitude, exact: Math.round(coords.accuracy) });
      navigator.geolocation.getCurrentPosition(found, () => done(null), { enableHighAccuracy: true, timeout: 12000, maximumAge: 30000 });
    });
  }

  async function isAllowed() {
    try { return (await navigator.permissions.query({ name: "geolocation" })).state === "granted"; } catch { return false; }
  }

  function metres(a, b) {
    const across = (b.lng - a.lng) * Math.cos((a.lat * Math.PI) / 180);
    return Math.round(Math.hypot(b.lat - a.lat, across) * METRE);
  }

  // All within 500 m; a few where none is that near.
  function nearest(places, from) {
    const known = places.filter((one) => one.lat !== null && one.lng !== null).map((one) => ({ ...one, metres: metres(from, one) }));
    known.sort((a, b) => a.metres - b.metres);
    const close = known.filter((one) => one.metres <= NEAR);
    return (close.length ? close : known.slice(0, FEW)).slice(0, MANY);
  }

  async function get(address) {
    const answer = await Duban.upload.ask(address);
    return answer.ok ? answer.json() : null;
  }

  // The latest last, so that the oldest fall out when there are too many.
  async function remember(places) {
    const known = (await Duban.store.fact("points").catch(() => null)) || [];
    const fresh = new Set(places.map((one) => one.point));
    const all = [...known.filter((one) => !fresh.has(one.point)), ...places].filter((one) => one.point);
    await Duban.store.know("points", all.slice(-KEPT)).catch(() => {});
  }

  const kept = async () => (await Duban.store.fact("points").catch(() => null)) || [];

  async function around(from) {
    try {
      const found = await get(`/report/near.json?lat=${from.lat}&lng=${from.lng}`);
      if (found) {
        await remember(found.places);
        return { places: nearest(found.places, from), area: found.area };
      }
    } catch (error) { if (error.kind === undefined) throw error; }
    return { places: nearest(await kept(), from), area: null };
  }

  async function search(words) {
    try {
      const found = await get(`/report/places.json?q=${encodeURIComponent(words)}`);
      if (found) return found.places;
    } catch (error) { if (error.kind === undefined) throw error; }
    const wanted = words.toLowerCase();
    return (await kept()).filter((one) => `${one.name} ${one.point} ${one.in}`.toLowerCase().includes(wanted)).slice(0, MANY);
  }

  // What a sign says: its address ends in /p/CODE, or it is the code itself.
  function codeOf(read) {
    const found = /\/p\/([^/?#\s]+)/.exec(read);
    if (!found) return read.trim();
    try { return decodeURIComponent(found[1]); } catch { return found[1]; } // no sign of ours
  }

  // The point with a code; without a network, one seen before, else the bare code, which is looked up when it is sent.
  async function byCode(code) {
    try {
      const found = await get(`/report/places.json?code=${encodeURIComponent(code)}`);
      if (found) { await remember(found.places); return found.places[0] || null; }
    } catch (error) { if (error.kind === undefined) throw error; }
    const seen = (await kept()).find((one) => one.point.toUpperCase() === code.toUpperCase());
    return seen || { point: code.toUpperCase(), area: "", name: "", in: "", category: "", kind: "", lat: null, lng: null, unverified: true };
  }

  Duban.place = { locate, isAllowed, around, search, byCode, codeOf, metres };
})();
