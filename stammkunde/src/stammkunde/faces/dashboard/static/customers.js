// Comfort only: marking all rows of a page, and saying on the button what will be sent.
"use strict";

document.addEventListener("change", (event) => {
  const box = event.target;
  if (!box.matches?.("[data-mark-all], [name=customer]")) return;
  event.stopPropagation();
  const boxes = [...document.querySelectorAll("[name=customer]")];
  if (box.matches("[data-mark-all]")) {
    for (const one of boxes) one.checked = box.checked;
  }
  const marked = boxes.filter((one) => one.checked).length;
  const all = document.querySelector("[data-mark-all]");
  all.checked = marked === boxes.length;
  all.indeterminate = marked > 0 && marked < boxes.length;
  const button = document.querySelector("[data-marked]");
  const label = button.querySelector("span");
  label.dataset.usual ??= label.textContent;
  label.textContent = marked ? `${button.dataset.marked} (${marked})` : label.dataset.usual;
});

// What htmx brings later needs this file as well.
document.addEventListener("htmx:afterSwap", () => {
  for (const one of document.querySelectorAll("#found [data-needs-script]")) one.hidden = false;
});

// A click elsewhere closes the choice of columns.
document.addEventListener("click", (event) => {
  const open = document.querySelector("details.choose[open]");
  if (open && !open.contains(event.target)) open.open = false;
});
