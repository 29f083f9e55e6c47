// Comfort only: without this file every page still works.
"use strict";

// A form that was sent is not sent again by a second click.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent === "true") {
    event.preventDefault();
    return;
  }
  if (form.method === "post" && !form.hasAttribute("data-again")) {
    form.dataset.sent = "true";
  }
});

// Coming back to a page, its forms can be sent once more.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button?.dataset.copy) {
    copy(button);
  } else if (button?.dataset.show) {
    show(button);
  }
});

function copy(button) {
  const words = document.getElementById(button.dataset.copy).textContent;
  navigator.clipboard.writeText(words).then(() => {
    const label = button.querySelector("span");
    label.dataset.before ??= label.textContent;
    label.textContent = button.dataset.done;
    setTimeout(() => (label.textContent = label.dataset.before), 2000);
  });
}

function show(button) {
  const field = document.getElementById(button.dataset.show);
  const shown = field.type === "text";
  field.type = shown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!shown));
}

// What needs this file is hidden until it is here.
for (const one of document.querySelectorAll("[data-needs-script]")) {
  one.hidden = false;
}
// Choosing is enough where htmx fetches the list; the button is for pages without script.
for (const button of document.querySelectorAll("form[hx-get] button[type=submit]")) {
  button.hidden = true;
}

// On a phone the tabs may be wider than the page: the current one is in sight.
document
  .querySelector(".tabs [aria-current]")
  ?.scrollIntoView({ inline: "center", block: "nearest" });
