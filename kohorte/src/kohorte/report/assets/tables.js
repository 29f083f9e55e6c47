// Pictures as they stand on the page, for files: tables – bars of ranges, heat, the map – and still charts.
(() => {
  "use strict";

  const MARGIN = 16, HEAD = 48;
  const all = (selector, root) => [...root.querySelectorAll(selector)];
  const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const round = (number) => Math.round(number * 10) / 10;
  const shown = (element) => element.getClientRects().length > 0 && !element.closest(".aside");

  // The words of a text as they are broken into lines, each with its place.
  function lines(node) {
    const range = document.createRange();
    const found = [];
    for (const { 0: word, index } of node.data.matchAll(/\S+/g)) {
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const place = range.getBoundingClientRect();
      const last = found.at(-1);
      if (last && Math.abs(last.top - place.top) < 2) last.words.push(word);
      else if (place.width) found.push({ words: [word], left: place.left, top: place.top, height: place.height });
    }
    return found;
  }

  function texts(table, x, y) {
    const walker = document.createTreeWalker(table, NodeFilter.SHOW_TEXT);
    const parts = [];
    while (walker.nextNode()) {
      const { currentNode: node } = walker;
      const parent = node.parentElement;
      if (!node.data.trim() || parent.closest("svg") || !shown(parent)) continue;
      const { color, fontSize, fontWeight } = getComputedStyle(parent);
      for (const line of lines(node)) {
        const place = `x="${round(x(line.left))}" y="${round(y(line.top + line.height * 0.78))}"`;
        const font = `font-size="${parseFloat(fontSize)}" font-weight="${fontWeight}"`;
        parts.push(`<text ${place} ${font} fill="${color}">${escaped(line.words.join(" "))}</text>`);
      }
    }
    return parts;
  }

  function box(element, x, y, attributes) {
    const { left, top, width, height } = element.getBoundingClientRect();
    const place = `x="${round(x(left))}" y="${round(y(top))}" width="${round(width)}" height="${round(height)}"`;
    return `<rect ${place} ${attributes}/>`;
  }

  function cells(table, x, y) {
    return all("th, td, .swatch", table).filter(shown).flatMap((cell) => {
      const { backgroundColor, outlineStyle, outlineColor } = getComputedStyle(cell);
      const filled = !/^rgba\(.*, 0\)$|^transparent$/.test(backgroundColor);
      return [
        ...(filled ? [box(cell, x, y, `fill="${backgroundColor}"`)] : []),
        ...(outlineStyle === "dashed" ? [box(cell, x, y, `fill="none" stroke="${outlineColor}" stroke-dasharray="3 3"`)] : []),
      ];
    });
  }

  // A drawing with the looks that the style sheet gives it, put where it is to stand.
  function drawing(picture, place) {
    const shapes = all("rect, line, path, polygon, circle, text", picture).map((shape) => {
      const { fill, fillOpacity, stroke, strokeWidth, strokeDasharray, opacity, fontSize } = getComputedStyle(shape);
      const own = shape.getAttributeNames().filter((name) => name !== "class")
        .map((name) => `${name}="${escaped(shape.getAttribute(name))}"`).join(" ");
      const dashes = strokeDasharray === "none" ? "" : ` stroke-dasharray="${strokeDasharray.replaceAll("px", "")}"`;
      const look = `fill="${fill}" fill-opacity="${fillOpacity}" stroke="${stroke}" stroke-width="${parseFloat(strokeWidth)}" opacity="${opacity}"${dashes}`;
      if (shape.tagName === "text") return `<text ${own} fill="${fill}" font-size="${parseFloat(fontSize)}">${escaped(shape.textContent)}</text>`;
      return `<${shape.tagName} ${own} ${look}/>`;
    });
    return `<svg ${place} viewBox="${picture.getAttribute("viewBox")}">${shapes.join("")}</svg>`;
  }

  function bars(table, x, y) {
    return all("svg", table).filter(shown).map((picture) => {
      const { left, top, width, height } = picture.getBoundingClientRect();
      const place = `x="${round(x(left))}" y="${round(y(top))}" width="${round(width)}" height="${round(height)}" preserveAspectRatio="none"`;
      return drawing(picture, place);
    });
  }

  // A page for a drawing: its ground, its title, and what stands on it.
  function sheet(figure, width, height, parts) {
    const tone = (name) => getComputedStyle(figure).getPropertyValue(`--${name}`).trim();
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif">`,
      `<rect width="${width}" height="${height}" fill="${tone("surface")}"/>`,
      `<text x="${MARGIN}" y="30" font-size="18" font-weight="600" fill="${tone("ink")}">${escaped(figure.dataset.title)}</text>`,
      ...parts,
      "</svg>",
    ].join("");
  }

  function legend(figure) {
    let left = MARGIN;
    return all(".legend li", figure).flatMap((name) => {
      const color = getComputedStyle(name, "::before").backgroundColor;
      const ink = getComputedStyle(name).color;
      const place = left;
      left += 36 + 7.5 * name.textContent.length;
      return [
        `<rect x="${place}" y="46" width="12" height="12" rx="3" fill="${color}"/>`,
        `<text x="${place + 18}" y="57" font-size="14" fill="${ink}">${escaped(name.textContent)}</text>`,
      ];
    });
  }

  // A still chart with its title and its legend, half as large again as it is drawn.
  function ofChart(figure) {
    const picture = figure.querySelector(".picture svg");
    figure.classList.add("paper");
    const [, , wide, high] = picture.getAttribute("viewBox").split(" ").map(Number);
    const names = legend(figure);
    const head = HEAD + (names.length ? 24 : 0);
    const width = wide * 1.5 + 2 * MARGIN;
    const height = head + high * 1.5 + MARGIN;
    const place = `x="${MARGIN}" y="${head}" width="${wide * 1.5}" height="${high * 1.5}"`;
    const text = sheet(figure, width, height, [...names, drawing(picture, place)]);
    figure.classList.remove("paper");
    return { text, width, height };
  }

  function asSvg(figure) {
    const table = figure.querySelector("table");
    figure.classList.add("paper");
    const place = table.getBoundingClientRect();
    const x = (left) => left - place.left + MARGIN;
    const y = (top) => top - place.top + HEAD;
    const width = Math.ceil(place.width) + 2 * MARGIN;
    const height = Math.ceil(place.height) + HEAD + MARGIN;
    const parts = [...cells(table, x, y), ...bars(table, x, y), ...texts(table, x, y)];
    const text = sheet(figure, width, height, parts);
    figure.classList.remove("paper");
    return { text, width, height };
  }

  const words = (cell) => cell.textContent.replace(/\s+/g, " ").trim();

  // Rows as numbers: what a row or a cell holds, not how it is written.
  function asRows(figure, measure) {
    const table = figure.querySelector("table");
    const [first, second] = all("thead tr", table).map((row) => [...row.children]);
    const body = all("tbody tr", table);
    if (table.dataset.columns) {
      const head = [words(first[0]), ...table.dataset.columns.split(",")];
      return [head, ...body.map((row) => [words(row.children[0]), ...(row.dataset.raw ?? "").split(",")])];
    }
    const head = second ? [...first.filter((cell) => cell.rowSpan > 1), ...second] : first;
    const number = (cell) => cell.dataset.raw ?? cell.dataset[measure] ?? words(cell);
    return [head.map(words), ...body.map(({ children: [name, ...rest] }) => [words(name), ...rest.map(number)])];
  }

  window.pictures = { asSvg, ofChart, asRows };
})();
