// Tables that are pictures – bars of ranges, heat, the map – as files: drawn as they stand on the page.
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

  function bars(table, x, y) {
    return all("svg", table).filter(shown).map((picture) => {
      const { left, top, width, height } = picture.getBoundingClientRect();
      const shapes = all("rect, line", picture).map((shape) => {
        const { fill, stroke, strokeWidth, opacity } = getComputedStyle(shape);
        const own = shape.getAttributeNames().filter((name) => name !== "class")
          .map((name) => `${name}="${shape.getAttribute(name)}"`).join(" ");
        const look = `fill="${fill}" stroke="${stroke}" stroke-width="${parseFloat(strokeWidth)}" opacity="${opacity}"`;
        return `<${shape.tagName} ${own} ${look}/>`;
      });
      const place = `x="${round(x(left))}" y="${round(y(top))}" width="${round(width)}" height="${round(height)}"`;
      return `<svg ${place} viewBox="${picture.getAttribute("viewBox")}" preserveAspectRatio="none">${shapes.join("")}</svg>`;
    });
  }

  function asSvg(figure) {
    const table = figure.querySelector("table");
    figure.classList.add("paper");
    const place = table.getBoundingClientRect();
    const x = (left) => left - place.left + MARGIN;
    const y = (top) => top - place.top + HEAD;
    const width = Math.ceil(place.width) + 2 * MARGIN;
    const height = Math.ceil(place.height) + HEAD + MARGIN;
    const tone = (name) => getComputedStyle(figure).getPropertyValue(`--${name}`).trim();
    const text = [
      `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif">`,
      `<rect width="${width}" height="${height}" fill="${tone("surface")}"/>`,
      `<text x="${MARGIN}" y="30" font-size="18" font-weight="600" fill="${tone("ink")}">${escaped(figure.dataset.title)}</text>`,
      ...cells(table, x, y), ...bars(table, x, y), ...texts(table, x, y),
      "</svg>",
    ].join("");
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

  window.pictures = { asSvg, asRows };
})();
