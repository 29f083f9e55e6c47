// Sending files with progress. Without this file the form is sent as any other.
"use strict";

const STEPS = ["kB", "MB", "GB", "TB"];
const language = document.documentElement.lang;

function size(bytes) {
  let value = bytes / 1000;
  let step = 0;
  while (value >= 1000 && step < STEPS.length - 1) {
    value /= 1000;
    step += 1;
  }
  const digits = step > 0 && value < 10 ? 1 : 0;
  const shown = step === 0 ? Math.max(value, 1) : value;
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(shown)}\u00a0${STEPS[step]}`;
}

function begin(form) {
  const input = form.querySelector("input[type=file]");
  const drop = form.querySelector(".drop");
  const chosen = form.querySelector(".chosen");
  const sending = form.querySelector(".sending");
  const bar = sending.querySelector("progress");
  const status = sending.querySelector("p");
  const button = form.querySelector("button.is-main");
  const stop = form.querySelector("[data-stop]");
  const cancel = form.querySelector(".actions a");
  const fault = form.querySelector("[data-fault]");
  const words = form.querySelector("[data-words]").dataset;

  function refuse(sentence) {
    fault.hidden = !sentence;
    fault.querySelector("div").textContent = sentence;
  }

  function check() {
    const files = [...input.files];
    const all = files.reduce((sum, file) => sum + file.size, 0);
    if (files.length > Number(form.dataset.filesMax)) {
      return words.tooMany;
    }
    return all > Number(form.dataset.bytesMax) ? words.tooLarge : "";
  }

  function list() {
    chosen.replaceChildren(
      ...[...input.files].map((file) => {
        const line = document.createElement("li");
        const weight = document.createElement("span");
        weight.textContent = size(file.size);
        line.append(file.name, weight);
        return line;
      }),
    );
    chosen.hidden = input.files.length === 0;
    refuse(check());
  }

  drop.classList.add("is-scripted");
  input.addEventListener("change", list);
  for (const name of ["dragenter", "dragover"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.add("is-over");
    });
  }
  drop.addEventListener("dragleave", (event) => {
    if (!drop.contains(event.relatedTarget)) {
      drop.classList.remove("is-over");
    }
  });
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("is-over");
    if (event.dataTransfer.files.length && !button.disabled) {
      input.files = event.dataTransfer.files;
      list();
    }
  });

  function busy(is) {
    sending.hidden = !is;
    stop.hidden = !is;
    cancel.hidden = is;
    button.disabled = is;
    input.disabled = is;
    if (!is) {
      delete form.dataset.sent;
    }
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const sentence = check();
    refuse(sentence);
    if (sentence || button.disabled) {
      return;
    }
    const content = new FormData(form);
    const request = new XMLHttpRequest();
    const began = performance.now();
    busy(true);
    bar.value = 0;
    request.upload.addEventListener("progress", (at) => {
      if (!at.lengthComputable) {
        return;
      }
      bar.value = (100 * at.loaded) / at.total;
      const seconds = (performance.now() - began) / 1000;
      const left = (seconds * (at.total - at.loaded)) / Math.max(at.loaded, 1);
      const parts = [words.of.replace("{sent}", size(at.loaded)).replace("{all}", size(at.total))];
      if (at.loaded === at.total) {
        parts.splice(0, 1, words.keeping);
      } else if (seconds > 2) {
        parts.push(left < 90 ? words.seconds : words.minutes.replace("{n}", Math.round(left / 60)));
      }
      status.textContent = parts.join(" · ");
    });
    request.addEventListener("load", () => finish(request));
    request.addEventListener("error", () => {
      busy(false);
      refuse(words.broken);
    });
    request.addEventListener("abort", () => {
      busy(false);
      refuse(words.stopped);
    });
    stop.onclick = () => request.abort();
    request.open("POST", form.getAttribute("action") || location.href);
    request.setRequestHeader("Accept", "application/json");
    request.send(content);
  });

  function finish(request) {
    if ((request.getResponseHeader("Content-Type") || "").startsWith("application/json")) {
      location.assign(JSON.parse(request.responseText).url);
      return;
    }
    // The page as it came back says at the field what is wrong; what was chosen stays chosen.
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    const repeated = answer.getElementById("upload");
    if (!repeated) {
      busy(false);
      refuse(words.broken);
      return;
    }
    const files = input.files;
    form.replaceWith(repeated);
    for (const one of repeated.querySelectorAll("[data-needs-script]")) {
      one.hidden = false;
    }
    repeated.querySelector("input[type=file]").files = files;
    begin(repeated);
    repeated.querySelector("input[type=file]").focus();
  }

  list();
}

begin(document.getElementById("upload"));
