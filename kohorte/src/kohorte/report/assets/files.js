// Pictures and the numbers in them as files: SVG, PNG and CSV.
(() => {
  "use strict";

  function save(name, type, text) {
    const link = document.createElement("a");
    link.download = name;
    link.href = type === "image/png" ? text : URL.createObjectURL(new Blob([text], { type }));
    link.click();
  }

  function asPng({ text, width, height }, done) {
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      canvas.width = 2 * width;
      canvas.height = 2 * height;
      canvas.getContext("2d").drawImage(image, 0, 0, 2 * width, 2 * height);
      done(canvas.toDataURL("image/png"));
    };
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  }

  function asCsv(rows) {
    const cell = (value) => (value === null ? "" : /[",\n]/.test(value) ? `"${String(value).replaceAll('"', '""')}"` : value);
    return rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
  }

  function asRows(panel) {
    const head = ["period", ...panel.lines.flatMap((line) => [line.name, `${line.name} low`, `${line.name} high`]), "complete"];
    const rows = panel.keys.map((key, i) =>
      [key, ...panel.lines.flatMap((line) => [line.values[i], line.low[i], line.high[i]]), panel.complete[i]]);
    return [head, ...rows];
  }

  function keep(kind, name, rows, picture) {
    if (kind === "csv") return save(`${name}.csv`, "text/csv", asCsv(rows()));
    const drawn = picture();
    if (kind === "svg") return save(`${name}.svg`, "image/svg+xml", drawn.text);
    asPng(drawn, (address) => save(`${name}.png`, "image/png", address));
  }

  window.files = { asRows, keep };
})();
