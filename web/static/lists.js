// Choosing all lines of a page: everything else of a list works without scripts.
(() => {
  const button = document.querySelector(".choose-all");
  if (!button) return;
  const boxes = [...document.querySelectorAll(".lines .pick input")];
  const all = button.textContent;
  const tell = () => { button.textContent = boxes.every((box) => box.checked) ? button.dataset.none : all; };
  button.addEventListener("click", () => {
    const on = !boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = on;
    tell();
  });
  for (const box of boxes) box.addEventListener("change", tell);
})();
