// Brings the page to life: charts with tooltips, switches, search, downloads.
// Without it everything can still be read: still pictures by month, tables, the percent cohorts.
(() => {
  "use strict";

  const { charts, language, currency, unfinished, goal: goalWord } = JSON.parse(
    document.getElementById("chart-data").textContent,
  );
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const state = { grain: "month", measure: "percent", age: "calendar" };

  // ---------------------------------------------------------------- charts

  const tones = (element) => {
    const style = getComputedStyle(element);
    const read = (name) => style.getPropertyValue(`--${name}`).trim();
    return {
      first: read("accent"), second: read("second"), third: read("third"),
      ink: read("ink"), muted: read("muted"), line: read("line"), surface: read("surface"),
      font: getComputedStyle(document.body).fontFamily,
    };
  };

  const nextToUnfinished = (complete, index) =>
    [index - 1, index, index + 1].some((near) => complete[near] === false);

  function lineSeries(line, complete, tone, index) {
    const color = tone[line.style];
    const quiet = { silent: true, symbol: "none", lineStyle: { width: 0 }, tooltip: { show: false } };
    const band = line.low.some((low) => low !== null);
    const width = line.high.map((high, i) => (high === null || line.low[i] === null ? null : high - line.low[i]));
    const dot = (value, i) => ({
      value,
      symbolSize: complete.length > 40 && complete[i] ? 0 : 6,
      itemStyle: { color: complete[i] ? color : tone.surface, borderColor: color, borderWidth: 2 },
    });
    const common = { type: "line", name: line.name, color, symbol: "circle", showAllSymbol: true, z: 3 };
    return [
      ...(band ? [
        { ...quiet, type: "line", stack: `band${index}`, data: line.low },
        { ...quiet, type: "line", stack: `band${index}`, data: width, areaStyle: { color, opacity: 0.16 } },
      ] : []),
      { ...common, lineStyle: { color, width: 2 }, data: line.values.map((value, i) => (complete[i] ? dot(value, i) : null)) },
      {
        ...common,
        lineStyle: { color, width: 2, type: [3, 5] },
        data: line.values.map((value, i) => (nextToUnfinished(complete, i) ? dot(value, i) : null)),
      },
    ];
  }

  function barSeries(line, complete, tone) {
    const color = tone[line.style];
    return [{
      type: "bar", name: line.name, stack: "all", barCategoryGap: "30%", color,
      data: line.values.map((value, i) => ({
        value,
        itemStyle: complete[i]
          ? { color, borderColor: tone.surface, borderWidth: complete.length > 40 ? 0 : 0.5 }
          : { color: color + "40", borderColor: color, borderType: [3, 3], borderWidth: 1 },
      })),
    }];
  }

  function goalSeries(goal, tone) {
    const holds = (index) => goal.values[index] !== null && goal.values[index] !== undefined;
    return [{
      type: "line", name: goal.name, step: "middle", silent: true, z: 2, color: tone.ink,
      lineStyle: { color: tone.ink, width: 1.5, type: [6, 4] }, tooltip: { show: false },
      endLabel: { show: true, formatter: goal.name, color: tone.ink, fontSize: 12, align: "right", offset: [0, -10], textBorderColor: tone.surface, textBorderWidth: 3 },
      showAllSymbol: true, symbol: "rect",
      data: goal.values.map((value, index) => ({
        value,
        symbolSize: holds(index - 1) || holds(index + 1) ? 0 : [16, 2],
        itemStyle: { color: tone.ink },
      })),
    }];
  }

  function tooltip(panel, index) {
    const box = document.createElement("div");
    box.className = "tip";
    const head = document.createElement("strong");
    head.textContent = panel.names[index] + (panel.complete[index] ? "" : ` (${unfinished})`);
    box.append(head);
    for (const line of panel.lines) {
      if (!line.texts[index]) continue;
      const row = document.createElement("div");
      const name = document.createElement("i");
      name.textContent = panel.lines.length > 1 ? line.name : line.intervals[index];
      const value = document.createElement("span");
      value.textContent = line.texts[index];
      row.append(...(panel.lines.length > 1 ? [name, value] : [value, name]));
      box.append(row);
    }
    if (panel.goal && panel.goal.texts[index]) {
      const row = document.createElement("div");
      row.textContent = `${goalWord}: ${panel.goal.texts[index]}`;
      box.append(row);
    }
    return box;
  }

  function option(chart, panel, tone) {
    const bars = chart.kind === "bars";
    const { min, max, step, labels } = panel.axis;
    const words = { color: tone.muted, fontSize: 12 };
    return {
      animation: false,
      textStyle: { fontFamily: tone.font },
      grid: { left: 4, right: 20, top: 14, bottom: 4, containLabel: true },
      tooltip: {
        trigger: "axis", confine: true, backgroundColor: tone.surface, borderColor: tone.line,
        axisPointer: { type: bars ? "shadow" : "line", lineStyle: { color: tone.muted } },
        formatter: (points) => tooltip(panel, points[0].dataIndex),
      },
      xAxis: {
        type: "category", data: panel.labels, boundaryGap: true,
        axisLabel: { ...words, hideOverlap: true }, axisTick: { show: false },
        axisLine: { lineStyle: { color: tone.muted } },
      },
      yAxis: {
        type: "value", min, max, interval: step,
        axisLabel: { ...words, formatter: (value) => labels[Math.round((value - min) / step)] ?? "" },
        splitLine: { lineStyle: { color: tone.line } },
      },
      series: [
        ...panel.lines.flatMap((line, index) =>
          bars ? barSeries(line, panel.complete, tone) : lineSeries(line, panel.complete, tone, index)),
        ...(panel.goal ? goalSeries(panel.goal, tone) : []),
      ],
    };
  }

  const drawn = new Map();

  // The length of period that is chosen, or the only one that a chart has.
  const grainOf = (figure) =>
    (figure.querySelector(`[data-grain="${state.grain}"]`) ?? figure.querySelector("[data-grain]")).dataset.grain;

  function draw(figure) {
    const chart = charts[figure.dataset.chart];
    const panel = chart?.panels[grainOf(figure)];
    if (!panel) return;
    const place = figure.querySelector(`.panel[data-grain="${grainOf(figure)}"] .live`);
    figure.classList.add("drawn");
    let picture = drawn.get(place);
    if (!picture) {
      picture = echarts.init(place, null, { renderer: "svg" });
      drawn.set(place, picture);
      new ResizeObserver(() => picture.resize()).observe(place);
    }
    picture.setOption(option(chart, panel, tones(document.documentElement)), true);
  }

  // ------------------------------------------------------------- downloads

  function asSvg(chart, panel) {
    // ECharts writes a quoted font name into an attribute as it is, and the file would be no XML.
    const tone = { ...tones(document.querySelector(".paper")), font: "sans-serif" };
    const picture = echarts.init(null, null, { renderer: "svg", ssr: true, width: 960, height: 480 });
    const shown = option(chart, panel, tone);
    picture.setOption({
      ...shown,
      backgroundColor: tone.surface,
      title: { text: chart.title, left: 12, top: 10, textStyle: { color: tone.ink, fontSize: 18 } },
      legend: panel.lines.length > 1 ? { right: 16, top: 14, data: panel.lines.map((line) => line.name) } : undefined,
      grid: { ...shown.grid, left: 16, right: 32, top: 64, bottom: 16 },
    });
    const text = picture.renderToSVGString();
    picture.dispose();
    return text;
  }

  function download(figure, kind) {
    if (figure.dataset.drawn) {
      return files.keep(kind, figure.dataset.drawn, () => pictures.asRows(figure, state.measure), () => pictures.asSvg(figure));
    }
    const chart = charts[figure.dataset.chart];
    const panel = chart.panels[grainOf(figure)];
    if (!panel) return;
    const picture = () => ({ text: asSvg(chart, panel), width: 960, height: 480 });
    files.keep(kind, `${chart.slug}-${grainOf(figure)}`, () => files.asRows(panel), picture);
  }

  // --------------------------------------------------------------- cohorts

  const locale = language === "de" ? "de-DE" : "en-GB";

  function fillCohorts() {
    for (const table of all("[data-age] table.heat")) {
      const share = state.measure === "percent";
      const digits = share ? Number(table.dataset.digits) : 0;
      const format = new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
      const cells = all("td[data-percent]", table).filter((cell) => cell.dataset[state.measure] !== "");
      const number = (cell) => Number(cell.dataset[state.measure]);
      // Totals differ by powers of ten between large and small cohorts; the root keeps both visible.
      const value = share ? number : (cell) => Math.sqrt(Math.max(0, number(cell)));
      const later = cells.filter((cell) => !/first|unfinished/.test(cell.className)).map(value);
      const lowest = later.length ? Math.min(...later) : 0;
      const span = Math.max(lowest, ...later) - lowest || 1;
      for (const cell of cells) {
        cell.textContent = format.format(number(cell));
        if (cell.classList.contains("first")) continue;
        const place = Math.min(1, Math.max(0, (value(cell) - lowest) / span));
        const level = value(cell) > 0 ? 1 + Math.floor(place * 8.999) : 0;
        cell.classList.remove(...[...cell.classList].filter((name) => /^h\d$/.test(name)));
        cell.classList.add(`h${level}`);
      }
      table.querySelector("tfoot").hidden = !share;
      table.querySelector(".measure").textContent = `(${words(table)})`;
    }
  }

  function words(table) {
    const pressed = document.querySelector(`[data-switch="measure"] [value="${state.measure}"]`).textContent;
    return state.measure === "revenue" && currency ? `${pressed}, ${currency}` : pressed;
  }

  // -------------------------------------------------------------- switches

  function show() {
    for (const panel of all(".panel")) {
      panel.hidden = panel.dataset.grain !== grainOf(panel.closest("figure"));
    }
    for (const part of all("[data-age]")) part.hidden = part.dataset.age !== state.age;
    for (const button of all("[data-switch] button")) {
      button.setAttribute("aria-pressed", String(state[button.parentElement.dataset.switch] === button.value));
    }
  }

  function search(text) {
    const wanted = text.trim().toLowerCase();
    for (const part of all("[data-search]")) part.hidden = !part.dataset.search.includes(wanted);
    document.querySelector(".nothing").hidden = all("tr[data-search]:not([hidden])").length > 0;
  }

  document.addEventListener("click", ({ target }) => {
    const button = target.closest("button");
    if (!button) return;
    const name = button.parentElement.dataset.switch;
    if (name) {
      state[name] = button.value;
      show();
      if (name === "grain") all("figure[data-chart]").forEach(draw);
      if (name === "measure") fillCohorts();
    } else if (button.dataset.download) {
      download(button.closest("figure[data-chart], [data-drawn]"), button.dataset.download);
    }
  });
  document.getElementById("search").addEventListener("input", ({ target }) => search(target.value));

  const links = new Map(all(".contents a").map((link) => [link.hash.slice(1), link]));
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      links.forEach((link, id) => (id === target.id ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
    }
  }, { rootMargin: "-20% 0px -70% 0px" });
  all("section[id]").forEach((section) => seen.observe(section));

  function openTarget() {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    const details = target && target.closest("details");
    if (details) details.open = true;
  }
  addEventListener("hashchange", openTarget);
  openTarget();

  for (const part of all(".needs-script")) part.hidden = false;
  const redraw = () => all("figure[data-chart]").forEach(draw);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  redraw();
})();
