// Choosing contacts. Without it the boxes are a plain form.
"use strict";

const boxes = () => [...document.querySelectorAll("#rows [name=contact]")];
const isChosen = (box) => box.checked;
const allBox = () => document.querySelector("#chooser [name=all]");
let lastBox = null; // from which shift and a click choose a range

const showChoice = () => {
  const chooser = document.querySelector("#chooser");
  const pageBox = document.querySelector("[data-choose-page]");
  if (!chooser || !pageBox) return;
  const all = boxes();
  const count = all.filter(isChosen).length;
  const isPage = count > 0 && count === all.length;
  const every = allBox();
  if (every) {
    every.checked &&= isPage;
    every.closest("label").hidden = !isPage;
  }
  pageBox.hidden = !all.length;
  pageBox.checked = isPage;
  pageBox.indeterminate = count > 0 && !isPage;
  const total = every?.checked ? Number(every.dataset.total) : count;
  const told = chooser.dataset.count.replace("COUNT", total.toLocaleString(document.documentElement.lang));
  const counted = chooser.querySelector("[data-counted]");
  counted.hidden = false;
  if (counted.textContent === told || !(total || counted.textContent)) return;
  counted.textContent = told;
  say(told);
};

const choose = (chosen, isOn) => {
  chosen.forEach((box) => (box.checked = isOn));
  showChoice();
};

const clearChoice = () => {
  const hadFocus = document.querySelector("#chooser").contains(document.activeElement);
  choose(boxes(), false);
  if (hadFocus) document.querySelector("[data-choose-page]").focus();
};

document.addEventListener("click", (event) => {
  const box = event.target;
  if (!box.matches?.("#rows [name=contact]")) return;
  const all = boxes();
  const [from, to] = [all.indexOf(lastBox), all.indexOf(box)].sort((a, b) => a - b);
  if (event.shiftKey && from >= 0) choose(all.slice(from, to + 1), box.checked);
  lastBox = box;
});

// A click with shift on a name would mark the text up to there.
document.addEventListener("mousedown", (event) => {
  if (event.shiftKey && event.target.closest?.("#rows label")) event.preventDefault();
});

document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-choose-page]")) choose(boxes(), target.checked);
  else if (target.matches("#rows [name=contact], #chooser [name=all]")) showChoice();
});

// Before the rest of the page hears of it: Escape lets go of what is chosen first.
document.addEventListener(
  "keydown",
  (event) => {
    if (event.key !== "Escape" || !boxes().some(isChosen)) return;
    if (document.querySelector("dialog[open], details.dropdown[open]")) return;
    if (event.target.closest?.("form[data-keys]")) return;
    event.stopPropagation();
    clearChoice();
  },
  true,
);

// A row that is edited where it stands, and comes back as another element, is chosen as it was before.
const edited = new WeakMap(); // by request: the table body, and the row's place from its end

document.addEventListener("htmx:before:request", (event) => {
  const row = event.target.closest?.("#rows tr");
  if (!row || !(row.dataset.chosen || row.querySelector("[name=contact]:checked"))) return;
  const rows = row.parentElement;
  edited.set(event.detail.ctx, { rows, fromEnd: rows.rows.length - row.sectionRowIndex });
});

document.addEventListener("htmx:after:swap", (event) => {
  const was = edited.get(event.detail.ctx);
  const row = was?.rows.rows[was.rows.rows.length - was.fromEnd];
  const box = row?.querySelector("[name=contact]");
  if (box) box.checked = true;
  else if (row?.matches(".editing")) row.dataset.chosen = "true";
  showChoice();
});

addEventListener("pageshow", showChoice); // a browser fills boxes in again, on the way back
document.addEventListener("DOMContentLoaded", showChoice);
