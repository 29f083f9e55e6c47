// Pictures of numbers as files. What needs this is hidden until it is here, also on what htmx brings.
(() => {
  "use strict";

  const show = () => {
    for (const one of document.querySelectorAll(".downloads[hidden]")) one.hidden = false;
  };

  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-download]");
    const figure = button?.closest("[data-drawn]");
    if (!figure) return;
    const { drawn, panel, measure } = figure.dataset;
    const rows = () => (panel ? files.asRows(JSON.parse(panel)) : pictures.asRows(figure, measure));
    const picture = () => (panel ? pictures.ofChart(figure) : pictures.asSvg(figure));
    files.keep(button.dataset.download, drawn, rows, picture);
  });

  document.addEventListener("htmx:afterSwap", show);
  show();
})();
