// The QR code on the sign of a point, by the camera where the browser can read codes; typed otherwise.
(() => {
  const EVERY = 250;
  const { $, say } = Duban.told;
  let film = null;

  async function reader() {
    if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return null;
    const known = await BarcodeDetector.getSupportedFormats().catch(() => []);
    return known.includes("qr_code") ? new BarcodeDetector({ formats: ["qr_code"] }) : null;
  }

  async function camera() {
    try { return await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }); } catch { return null; }
  }

  function stop() {
    if (film) for (const track of film.getTracks()) track.stop();
    film = null;
    $("film").srcObject = null;
  }

  async function look(detector, found) {
    while (film) {
      const codes = await detector.detect($("film")).catch(() => []);
      if (film && codes.length) { found(codes[0].rawValue); return; }
      await new Promise((done) => setTimeout(done, EVERY));
    }
  }

  // `found` is told what the code says, once.
  async function scan(found) {
    const dialog = $("scanner");
    const take = (read) => { dialog.close(); if (read.trim()) found(Duban.place.codeOf(read)); };
    $("code").value = "";
    $("scan-close").onclick = () => dialog.close();
    $("scan-take").onclick = () => take($("code").value);
    $("code").onkeydown = (event) => { if (event.key === "Enter") { event.preventDefault(); take($("code").value); } };
    dialog.onclose = stop;
    dialog.showModal();
    const detector = await reader();
    film = detector && dialog.open ? await camera() : null;
    $("film").hidden = !film;
    if (!film) { $("scan-note").textContent = say("scan_none"); $("code").focus(); return; }
    if (!dialog.open) { stop(); return; }
    $("film").srcObject = film;
    $("film").play().catch(() => {}); // some never say that it has begun
    await look(detector, take);
  }

  Duban.scan = scan;
})();
