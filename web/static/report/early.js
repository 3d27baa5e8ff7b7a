// Before anything is painted: does this browser have what the page for scripts needs? If not, the plain forms stay.
(() => {
  const enough = "indexedDB" in window && "fetch" in window && "content" in document.createElement("template") && "toBlob" in HTMLCanvasElement.prototype;
  if (enough) document.documentElement.classList.add("js");
  window.Duban = {};
})();
