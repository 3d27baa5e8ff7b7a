// A photo from the camera: when and where it was taken, then made small. Drawing it loses what the camera wrote. A video
// stays as it is.
(() => {
  const LONG_SIDE = 1920, QUALITY = 0.85, SMALL_ENOUGH = 1500000, LARGEST = 15 * 1024 * 1024, HEAD = 256 * 1024;
  const TAKEN = 0x9003, OFFSET = 0x9011, DETAILS = 0x8769, PLACE = 0x8825;

  // The notes of a JPEG (EXIF, a little TIFF inside its first segments). Anything odd: no notes.
  function notes(buffer) {
    const view = new DataView(buffer);
    try {
      if (view.getUint16(0) !== 0xffd8) return {};
      for (let at = 2; view.getUint8(at) === 0xff && at < view.byteLength - 4; at += 2 + view.getUint16(at + 2)) {
        if (view.getUint16(at) === 0xffe1 && view.getUint32(at + 4) === 0x45786966) return tiff(new DataView(buffer, at + 10));
        if (view.getUint16(at) === 0xffda) break;
      }
    } catch (error) { if (!(error instanceof RangeError)) throw error; }
    return {};
  }

  function tiff(view) {
    const little = view.getUint16(0) === 0x4949;
    const first = table(view, view.getUint32(4, little), little);
    const details = first[DETAILS] ? table(view, first[DETAILS].whole, little) : {};
    const place = first[PLACE] ? table(view, first[PLACE].whole, little) : {};
    return { taken: moment(details[TAKEN], details[OFFSET]), ...position(place) };
  }

  function table(view, at, little) {
    const found = {};
    const count = Math.min(view.getUint16(at, little), 200);
    for (let row = 0; row < count; row += 1) {
      const place = at + 2 + row * 12;
      found[view.getUint16(place, little)] = entry(view, place, little);
    }
    return found;
  }

  function entry(view, place, little) {
    const kind = view.getUint16(place + 2, little), count = view.getUint32(place + 4, little);
    const whole = kind === 3 ? view.getUint16(place + 8, little) : view.getUint32(place + 8, little);
    if (kind === 2 && count < 64) return { whole, text: text(view, count > 4 ? whole : place + 8, count) };
    if (kind === 5 && count <= 3) return { whole, parts: parts(view, whole, count, little) };
    return { whole };
  }

  const text = (view, at, count) => Array.from({ length: count }, (_, n) => view.getUint8(at + n)).filter(Boolean).map((one) => String.fromCharCode(one)).join("");
  const parts = (view, at, count, little) => Array.from({ length: count }, (_, n) => view.getUint32(at + n * 8, little) / (view.getUint32(at + n * 8 + 4, little) || 1));

  // Cameras without an offset mean the time of the place, which is this phone's.
  function moment(taken, offset) {
    const found = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec((taken && taken.text) || "");
    if (!found) return null;
    const zone = /^[+-]\d\d:\d\d$/.test((offset && offset.text) || "") ? offset.text : "";
    const at = new Date(`${found[1]}-${found[2]}-${found[3]}T${found[4]}${zone}`);
    return Number.isNaN(at.getTime()) ? null : at.toISOString();
  }

  function position(table) {
    const degrees = (value, half) => {
      if (!value || !value.parts || value.parts.length !== 3) return NaN;
      const [whole, minutes, seconds] = value.parts;
      return (whole + minutes / 60 + seconds / 3600) * (half && /[SW]/.test(half.text || "") ? -1 : 1);
    };
    const lat = degrees(table[2], table[1]), lng = degrees(table[4], table[3]);
    const real = Math.abs(lat) <= 90 && Math.abs(lng) <= 180 && (lat !== 0 || lng !== 0);
    return real ? { lat, lng } : {};
  }

  async function decoded(file) {
    if ("createImageBitmap" in window) {
      try { return await createImageBitmap(file, { imageOrientation: "from-image" }); } catch { /* some know no options, some no such file */ }
    }
    const url = URL.createObjectURL(file);
    try {
      const image = new Image();
      image.src = url;
      await image.decode();
      return image;
    } finally { URL.revokeObjectURL(url); }
  }

  // What this browser cannot show but the server may know is sent as it is.
  const isForeign = (file) => /^image\/(heic|heif)$/.test(file.type) && file.size <= LARGEST;

  async function small(file) {
    const image = await decoded(file).catch((error) => { if (isForeign(file)) return null; throw error; });
    if (!image) return file;
    const width = image.naturalWidth || image.width, height = image.naturalHeight || image.height;
    const share = Math.min(1, LONG_SIDE / Math.max(width, height));
    if (share === 1 && file.size <= SMALL_ENOUGH && /^image\/(jpeg|png|webp)$/.test(file.type)) return file;
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(width * share));
    canvas.height = Math.max(1, Math.round(height * share));
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    if (image.close) image.close();
    return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("too large to draw"))), "image/jpeg", QUALITY));
  }

  // By its first bytes, as the server does: boxes that are no photo (MP4, MOV), or elements (WebM).
  function isVideo(head) {
    const first = new Uint8Array(head.slice(0, 12)), letters = String.fromCharCode(...first);
    if (letters.slice(4, 8) === "ftyp") return !/^(hei[cxms]|hev[cxms]|mif1|msf1|avi[fs]|crx |jxl )/.test(letters.slice(8));
    return first.length > 3 && new DataView(head).getUint32(0) === 0x1a45dfa3;
  }

  // How many seconds; not known where this browser cannot play it. What a browser recorded tells it only at its end.
  async function lasts(file) {
    const film = document.createElement("video"), url = URL.createObjectURL(file);
    try {
      return await new Promise((done) => {
        const told = () => { if (Number.isFinite(film.duration)) done(film.duration); else film.currentTime = 1e7; };
        setTimeout(() => done(NaN), 5000);
        Object.assign(film, { preload: "metadata", muted: true, onloadedmetadata: told, onerror: () => done(NaN) });
        film.ondurationchange = () => { if (Number.isFinite(film.duration)) done(film.duration); };
        film.src = url;
      });
    } finally { film.removeAttribute("src"); URL.revokeObjectURL(url); }
  }

  const refusal = (words, facts) => Object.assign(new Error(words), { told: words, facts });

  // Sent as it is. What the server would refuse is told before it is sent; where the page does not say, the server does.
  async function filmed(file) {
    const [megabytes, seconds] = (document.getElementById("app").dataset.films || "").split(" ").map(Number);
    if (megabytes && file.size > megabytes * 1024 * 1024) throw refusal("film_large", { name: file.name, most: megabytes });
    const found = seconds ? await lasts(file) : NaN;
    if (Number.isFinite(found) && found > seconds + 0.5) throw refusal("film_long", { name: file.name, most: seconds, found: Math.ceil(found) });
    const taken = file.lastModified ? new Date(file.lastModified).toISOString() : null;
    return { blob: file.slice(0, file.size, file.type || "video/mp4"), name: file.name || "video.mp4", size: file.size, taken };
  }

  const isFilm = (blob) => /^video\//.test(blob.type);

  // A small picture of a photo or a video that is kept here.
  function picture(blob, label) {
    const made = document.createElement(isFilm(blob) ? "video" : "img"), url = URL.createObjectURL(blob);
    const forget = () => URL.revokeObjectURL(url);
    if (isFilm(blob)) { Object.assign(made, { muted: true, playsInline: true, preload: "auto", onloadeddata: forget, onerror: forget }); made.setAttribute("aria-label", label); made.setAttribute("role", "img"); }
    else Object.assign(made, { alt: label, onload: forget, onerror: forget });
    made.src = isFilm(blob) ? `${url}#t=0.1` : url;
    return made;
  }

  // Throws for what this browser cannot show: then it is no photo, and the reader is told.
  async function prepare(file) {
    const head = await file.slice(0, HEAD).arrayBuffer();
    if (isVideo(head)) return filmed(file);
    const known = notes(head);
    const blob = await small(file);
    const taken = known.taken || (file.lastModified ? new Date(file.lastModified).toISOString() : null);
    return { blob: new Blob([await blob.arrayBuffer()], { type: blob.type }), name: file.name || "photo.jpg", size: blob.size, taken, lat: known.lat, lng: known.lng };
  }

  Duban.photo = { prepare, notes, picture, isFilm };
})();
