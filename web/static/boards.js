// Pictures of the tables: they hold nothing that the table does not. Drawn anew when the theme changes.
// What draws them weighs more than all else, so it is fetched when the page has been read and a picture comes into view.
(() => {
  const from = document.currentScript.dataset.pictures;
  const holders = [...document.querySelectorAll(".chart[data-of]")];
  const charts = new Map();
  const root = document.documentElement;
  const colour = (name) => getComputedStyle(root).getPropertyValue(name).trim();

  function read(table) {
    const rows = [...table.tBodies[0].rows].map((row) => [...row.cells].map((cell) => cell.textContent.trim()));
    const heads = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
    return { heads, names: rows.map((row) => row[0]), column: (n) => rows.map((row) => Number(row[n])) };
  }

  const short = (name) => (name.length > 9 ? `${name.slice(0, 8)}…` : name);

  function frame(names, sideways) {
    const ink = colour("--soft"), line = colour("--line");
    const words = { type: "category", data: names, inverse: sideways, axisLabel: { color: ink, interval: sideways ? 0 : "auto", formatter: short, hideOverlap: true }, axisLine: { lineStyle: { color: line } }, axisTick: { show: false } };
    const numbers = { type: "value", minInterval: 1, axisLabel: { color: ink }, splitLine: { lineStyle: { color: line } } };
    return {
      animation: false, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      grid: { left: 12, right: 20, top: 36, bottom: 12, containLabel: true },
      tooltip: { trigger: "axis", renderMode: "richText", confine: true },
      legend: { top: 6, textStyle: { color: ink } },
      xAxis: sideways ? numbers : words, yAxis: sideways ? words : numbers,
    };
  }

  function drawing(table) {
    const { heads, names, column } = read(table);
    const accent = colour("--accent"), calm = root.dataset.bsTheme === "dark" ? "#8ec5ff" : "#0b5cad";
    const bar = (name, data, tint, more) => ({ type: "bar", name, data, itemStyle: { color: tint }, barMaxWidth: 34, ...more });
    const line = (name, data, tint, dash) => ({ type: "line", name, data, symbol: "none", lineStyle: { color: tint, type: dash, width: 2 }, itemStyle: { color: tint } });
    const kinds = {
      stacked: () => {
        const late = column(3), rest = column(1).map((n, at) => Math.max(n - late[at], 0));
        return { ...frame(names, false), series: [bar(heads[3], late, accent, { stack: "open" }), bar(table.dataset.rest || heads[1], rest, calm, { stack: "open", itemStyle: { color: calm, decal: { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [3, 4], rotation: -0.7, color: "rgba(255,255,255,.25)" } } })] };
      },
      bars: () => ({ ...frame(names, false), legend: { show: false }, series: [bar(heads[1], column(1), calm)] }),
      flat: () => ({ ...frame(names, true), legend: { show: false }, series: [bar(heads[1], column(1), calm)] }),
      lines: () => ({ ...frame(names.map((day) => day.slice(5)), false), series: [line(heads[1], column(1), accent, "solid"), line(heads[2], column(2), calm, "dashed")] }),
    };
    return kinds[table.dataset.chart]();
  }

  function draw(holder) {
    const table = document.getElementById(holder.dataset.of)?.querySelector("table[data-chart]");
    if (!table) return;
    charts.get(holder)?.dispose();
    const chart = echarts.init(holder, null, { renderer: "canvas" });
    chart.setOption(drawing(table));
    charts.set(holder, chart);
  }

  let fetched = null;
  const fetching = () => fetched ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    Object.assign(script, { src: from, onload: done, onerror: failed });
    document.head.append(script);
  });

  const seen = new IntersectionObserver((entries) => {
    const near = entries.filter((entry) => entry.isIntersecting).map((entry) => entry.target);
    for (const holder of near) seen.unobserve(holder);
    if (near.length) fetching().then(() => near.forEach(draw), () => holders.forEach((holder) => holder.remove()));
  }, { rootMargin: "200px" });
  addEventListener("load", () => holders.forEach((holder) => seen.observe(holder)));
  new ResizeObserver(() => charts.forEach((chart) => chart.resize())).observe(document.querySelector("main"));
  new MutationObserver(() => [...charts.keys()].forEach(draw)).observe(root, { attributes: true, attributeFilter: ["data-bs-theme"] });
  addEventListener("beforeprint", () => { if (window.echarts) for (const holder of holders) if (!charts.has(holder)) draw(holder); });
})();
