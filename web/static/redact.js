// Areas on a photo: drawn with finger, pen or mouse, moved with the keyboard. The numbers in the table are what is sent.
"use strict";
(() => {
  const svg = document.querySelector(".canvas svg");
  const body = document.querySelector(".areas tbody");
  if (!svg || !body) return;
  const SIDES = ["left", "top", "width", "height"];
  const most = Number(body.dataset.most);
  const rows = () => [...body.rows];
  const cells = (row) => SIDES.map((side) => row.querySelector(`[name^="${side}-"]`));
  const numbers = (row) => cells(row).map((cell) => (cell.value.trim() === "" ? NaN : Number(cell.value.replace(",", "."))));
  const dropped = (row) => row.querySelector("[type=checkbox]");
  const fits = ([x, y, w, h]) => [x, y, w, h].every(Number.isFinite) && x >= 0 && y >= 0 && w > 0 && h > 0 && x + w <= 100.05 && y + h <= 100.05;
  const within = (value, low, high) => Math.min(Math.max(value, low), high);
  const tenth = (value) => String(Math.round(value * 10) / 10);

  function draw() {
    const focused = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.row : undefined;
    svg.replaceChildren();
    rows().forEach((row, n) => {
      const area = numbers(row);
      if (!fits(area) || dropped(row).checked) return;
      const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      ["x", "y", "width", "height"].forEach((name, at) => rect.setAttribute(name, area[at]));
      rect.setAttribute("tabindex", "0");
      rect.setAttribute("role", "img");
      rect.setAttribute("aria-label", svg.dataset.area.replace("{n}", n + 1));
      rect.dataset.row = n;
      svg.append(rect);
      if (String(n) === focused) rect.focus();
    });
  }

  function put(row, area) {
    cells(row).forEach((cell, at) => { cell.value = tenth(area[at]); });
    dropped(row).checked = false;
    draw();
  }

  function free() {
    const empty = rows().find((row) => cells(row).every((cell) => cell.value.trim() === ""));
    if (empty || rows().length >= most) return empty;
    const last = rows()[rows().length - 1];
    const row = last.cloneNode(true);
    const n = rows().length;
    row.cells[0].textContent = n + 1;
    row.querySelectorAll("input").forEach((input) => {
      input.name = input.name.replace(/-\d+$/, `-${n}`);
      input.setAttribute("aria-label", input.getAttribute("aria-label").replace(/\d+/, n + 1));
      if (input.type === "checkbox") input.checked = false; else input.value = "";
    });
    body.append(row);
    return row;
  }

  function at(event) {
    const box = svg.getBoundingClientRect();
    return [within((event.clientX - box.left) / box.width * 100, 0, 100), within((event.clientY - box.top) / box.height * 100, 0, 100)];
  }

  let start = null;
  let row = null;
  svg.addEventListener("pointerdown", (event) => {
    if (event.target !== svg) { event.target.focus(); return; }
    row = free();
    if (!row) return;
    start = at(event);
    svg.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  svg.addEventListener("pointermove", (event) => {
    if (!start) return;
    const [x, y] = at(event);
    const area = [Math.min(x, start[0]), Math.min(y, start[1]), Math.abs(x - start[0]), Math.abs(y - start[1])];
    if (area[2] > 0.5 && area[3] > 0.5) put(row, area);
  });
  const end = () => { start = null; };
  svg.addEventListener("pointerup", end);
  svg.addEventListener("pointercancel", end);

  const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  svg.addEventListener("keydown", (event) => {
    const chosen = rows()[Number(event.target.dataset.row)];
    if (!chosen) return;
    let [x, y, w, h] = numbers(chosen);
    if (event.key === "Delete" || event.key === "Backspace") {
      cells(chosen).forEach((cell) => { cell.value = ""; });
      draw();
      event.preventDefault();
      return;
    }
    const step = STEPS[event.key];
    if (!step) return;
    if (event.shiftKey) {
      w = within(w + step[0], 1, 100 - x);
      h = within(h + step[1], 1, 100 - y);
    } else {
      x = within(x + step[0], 0, 100 - w);
      y = within(y + step[1], 0, 100 - h);
    }
    put(chosen, [x, y, w, h]);
    event.preventDefault();
  });
  body.addEventListener("input", draw);
  body.addEventListener("change", draw);
  draw();
})();
