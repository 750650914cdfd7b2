// What takes several lists takes its time: a form that leaves the page tells that it was sent.
"use strict";

const WAITS_AFTER = 700; // milliseconds
let waits = 0;

document.addEventListener("submit", ({ target, submitter, defaultPrevented }) => {
  if (defaultPrevented || !target.dataset.waits || submitter?.matches("[data-download]")) return;
  clearTimeout(waits);
  waits = setTimeout(() => {
    document.querySelector(".waits")?.remove();
    const line = document.createElement("p");
    const bar = document.createElement("progress");
    line.className = "progress waits";
    bar.setAttribute("aria-hidden", "true");
    line.append(bar, target.dataset.waits);
    (submitter?.closest(".buttons") ?? target.lastElementChild).after(line);
    say(target.dataset.waits);
  }, WAITS_AFTER);
});
// Back again: the page may be as it was left.
addEventListener("pageshow", () => {
  clearTimeout(waits);
  document.querySelector(".waits")?.remove();
});
