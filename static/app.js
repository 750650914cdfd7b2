// The little that a page needs beside htmx. Every page works without it.
"use strict";

const TOAST_STAYS = 9000; // milliseconds; a pointer or the focus on it makes it stay
const MOST_TOASTS = 2; // shown at once; others wait

const say = (sentence) => {
  document.querySelector("#told").textContent = sentence;
};

// Dialogs and menus

const openDialog = () => {
  const dialog = document.querySelector("#dialog > dialog[data-modal]:not([open])");
  if (!dialog) return;
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
};

const closeMenus = (except) => {
  document.querySelectorAll("details.dropdown[open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
};

// Toasts

const leavesByItself = (toast) => toast.matches(".success, .info");

const closeToast = (toast) => {
  toast.remove();
  arrangeToasts();
};

const countDown = (toast) => {
  if ("armed" in toast.dataset) return;
  toast.dataset.armed = "";
  const leave = () => {
    if (toast.matches(":hover, :focus-within")) setTimeout(leave, TOAST_STAYS);
    else closeToast(toast);
  };
  if (leavesByItself(toast)) setTimeout(leave, TOAST_STAYS);
};

const MOST_UNDONE = 20; // by one press (`views/undo_all.py`)

// What was removed one by one is one message, which undoes all of it.
const mergeRemovals = () => {
  const { removed, undoAll, undoAllWord } = document.querySelector("#toasts").dataset;
  const [first, ...more] = document.querySelectorAll("#toasts [data-removal]:has(form)");
  if (!more.length || first.querySelectorAll("[name=entry]").length >= MOST_UNDONE) return;
  const last = more.pop();
  const form = last.querySelector("form");
  [first, ...more].forEach((toast) => {
    form.append(...toast.querySelectorAll("[name=entry]"));
    toast.remove();
  });
  form.action = undoAll;
  form.querySelector("button").textContent = undoAllWord;
  last.querySelector("p").textContent = removed.replace(
    "NUMBER",
    form.querySelectorAll("[name=entry]").length,
  );
};

// What would leave by itself makes room, the oldest first; what has to be read waits for its turn.
const arrangeToasts = () => {
  const toasts = [...document.querySelectorAll("[data-toast]")];
  const tooMany = Math.max(0, toasts.length - MOST_TOASTS);
  const leaving = toasts.slice(0, -1).filter(leavesByItself).slice(0, tooMany);
  leaving.forEach((toast) => toast.remove());
  toasts
    .filter((toast) => !leaving.includes(toast))
    .forEach((toast, index) => {
      toast.hidden = index >= MOST_TOASTS;
      if (!toast.hidden) countDown(toast);
    });
};

// Numbers

const COPIED_STAYS = 1500; // milliseconds
const MOST_COPYABLE = 2000; // numbers; a page of more is there to be read and printed
const copyable = ".number:not(.number[role], :is(a, button, label, summary) .number)";

const dialled = (shown) => (/\p{L}/u.test(shown) ? shown.trim() : shown.replace(/[^\d+*#,;]/g, ""));

// In a sentence: punctuation stands close to its number, and begins no line; nor does the button.
const keepTogether = (number, button) => {
  const kept = document.createElement("span");
  const rest = button.nextSibling;
  const [marks] = /^[,.:;)]*/.exec(rest?.data ?? "");
  if (marks) rest.deleteData(0, marks.length);
  kept.className = "kept";
  number.before(kept);
  kept.append(number, marks, button);
};

const offerToCopy = () => {
  if (!navigator.clipboard) return;
  document.querySelectorAll("[data-copies][hidden]").forEach((button) => (button.hidden = false));
  const { copy } = document.body.dataset;
  const numbers = document.querySelectorAll(copyable);
  if (numbers.length > MOST_COPYABLE) return;
  numbers.forEach((number) => {
    if (!number.matches("a")) {
      number.setAttribute("role", "button");
      number.tabIndex = 0;
      number.title = copy;
    } else if (!number.nextElementSibling?.matches("[data-copies]")) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "copy", title: copy });
      button.setAttribute("aria-label", `${copy}: ${number.textContent}`);
      button.append(document.querySelector("#copy-icon").content.cloneNode(true));
      button.dataset.copies = dialled(number.textContent);
      number.after(button);
      if (number.closest(".what")) keepTogether(number, button);
    }
  });
};

const copyNumber = async (pressed) => {
  const number = pressed.dataset.copies ?? dialled(pressed.textContent);
  const isCopied = await navigator.clipboard.writeText(number).then(
    () => true,
    () => false, // the browser does not allow it: nothing is said to be copied
  );
  if (!isCopied) return;
  const { copied } = document.body.dataset;
  pressed.dataset.copied = copied;
  pressed.classList.add("copied");
  say(number.includes("\n") ? copied : `${copied}: ${number}`);
  setTimeout(() => {
    pressed.classList.remove("copied");
    say("");
  }, COPIED_STAYS);
};

const arm = () => {
  openDialog();
  document.querySelectorAll("[data-close][hidden]").forEach((button) => (button.hidden = false));
  mergeRemovals();
  arrangeToasts();
  offerToCopy();
};

const showNotice = (sentence) => {
  const notice = document.createElement("div");
  notice.className = "notice error";
  notice.setAttribute("role", "alert");
  notice.textContent = sentence;
  document.querySelector("#notice").replaceChildren(notice);
};

// What is typed and not sent is not left without a question. A link, a closed tab and a form without htmx leave
// the page; htmx and "Cancel" replace a part of it.
const sentForms = new WeakSet();
const isTyped = (field) => field.value !== field.defaultValue;

const unsentIn = (place) =>
  [...place.querySelectorAll("form[data-guarded]")].find(
    (form) =>
      !sentForms.has(form) &&
      (form.matches("[data-typed]") || [...form.querySelectorAll("input, textarea")].some(isTyped)),
  );

const mayReplace = (place) => {
  const form = unsentIn(place);
  if (!form || confirm(document.body.dataset.leave)) return true;
  form.querySelector("input:not([type=hidden]), textarea").focus();
  return false;
};

document.addEventListener("htmx:config:request", (event) => {
  const { target, request } = event.detail.ctx;
  if (request.method === "GET" && !mayReplace(target)) event.preventDefault();
});
// Sent on, to where they sign in: what was typed is kept there.
document.addEventListener("htmx:after:request", (event) => {
  const { hx, request } = event.detail.ctx;
  if (hx.redirect && request.form) sentForms.add(request.form);
});
// A notice that offers to send it again goes to the same address as the form.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  document.querySelectorAll("form[data-guarded]").forEach((form) => {
    if (form.action === event.target.action) sentForms.add(form);
  });
});
document.addEventListener("input", (event) => {
  if (event.target.form) sentForms.delete(event.target.form);
});
addEventListener("beforeunload", (event) => {
  // Where nobody has touched the page, a browser does not ask, and complains.
  if (navigator.userActivation?.hasBeenActive !== false && unsentIn(document)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const { target } = event;
  if (!target.closest) return;
  const closed = target.closest("[data-close]")?.parentElement;
  if (closed) closed.matches("[data-toast]") ? closeToast(closed) : closed.remove();
  target.closest("[data-dismiss]")?.closest("dialog").close();
  const number = target.closest(".number[role=button], [data-copies]");
  const isMarking = !number?.dataset.copies && String(getSelection()); // a part of it
  if (number && !isMarking) copyNumber(number);
  const menu = target.closest("details.dropdown");
  closeMenus(menu);
  // What opens a dialog gets the focus back, and is not seen any more: its menu takes it instead.
  if (menu && target.closest("[hx-get]")) {
    menu.querySelector("summary").focus();
    menu.open = false;
  }
  const cancel = target.closest("[data-empty]");
  if (cancel) {
    event.preventDefault();
    const place = document.querySelector(cancel.dataset.empty);
    if (!mayReplace(place)) return;
    place.replaceChildren();
    document.querySelector("#add")?.focus();
  }
});

// The key of the slash types a full stop in a Russian layout; in others it types other things.
const isSlash = ({ key, code, ctrlKey, altKey, metaKey }) =>
  (key === "/" || (code === "Slash" && key === ".")) && !(ctrlKey || altKey || metaKey);

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  const inDialog = document.querySelector("dialog[open]");
  if (isSlash(event) && !typing && !inDialog) {
    event.preventDefault();
    (document.querySelector("#lookup-number") ?? document.querySelector("#finder"))?.select();
  }
  // AltGr, with which some layouts type letters, arrives as Ctrl and Alt.
  if (event.code === "KeyZ" && event.altKey && !event.ctrlKey && !event.metaKey && !inDialog) {
    event.preventDefault();
    [...document.querySelectorAll("[data-toast]:not([hidden]) form button")].pop()?.click();
  }
});

document.addEventListener("keydown", (event) => {
  const number = event.target.closest?.(".number[role=button]");
  if (number && (event.key === "Enter" || event.key === " ")) {
    event.preventDefault();
    copyNumber(number);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  const menu = document.querySelector("details.dropdown[open]");
  const form = event.target.closest?.("form[data-keys]");
  if (menu) {
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  } else if (form) {
    form.querySelector("[data-cancel]").click();
  } else {
    const toast = [...document.querySelectorAll("[data-toast]:not([hidden])")].pop();
    if (toast) closeToast(toast);
  }
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-keys]");
  if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});

document.addEventListener("htmx:after:swap", (event) => {
  arm();
  // A notice would hide behind a dialog.
  if (event.detail.ctx?.hx?.retarget === "#notice") document.querySelector("#dialog > dialog")?.close();
});

// Where the focus goes after a request

const focused = new WeakMap(); // by request: several may be under way
let opener = null; // what the dialog was opened from, or what the notice answers

// A row that is removed leaves the focus to the next one, the last one to the one before it.
const heirOf = (link) => {
  const row = link?.closest("tr");
  if (!row) return null;
  const heir = row.nextElementSibling ?? row.previousElementSibling;
  return heir?.querySelector("td.actions a:last-of-type") ?? document.querySelector("#add");
};

document.addEventListener("htmx:before:request", (event) => {
  const inDialog = event.target.closest("dialog");
  const inNotice = event.target.closest("#notice");
  if (!inDialog && !inNotice) opener = document.activeElement;
  focused.set(event.detail.ctx, inDialog ? heirOf(opener) : inNotice ? opener : document.activeElement);
  // The last notice is over once the person does something; a preview while typing is not that.
  if (!event.target.matches("textarea, [data-quiet], #notice *")) document.querySelector("#notice").replaceChildren();
});
// A button that is disabled meanwhile loses the focus, a dialog that is swapped away takes it along: give it
// back to where it was, or else to the page. htmx enables the button just after this event; one that is
// disabled still was pressed again, and is given it after that.
const giveFocusBack = (to) => {
  if (!to || to === document.body || to.disabled || document.activeElement !== document.body) return;
  to.focus({ preventScroll: true });
  if (document.activeElement === document.body)
    document.querySelector("#main").focus({ preventScroll: true });
};
document.addEventListener("htmx:finally:request", (event) => {
  const to = focused.get(event.detail.ctx);
  // What was disabled for less than a frame loses the focus with the next one.
  requestAnimationFrame(() => setTimeout(() => giveFocusBack(to)));
});
document.addEventListener("htmx:error", (event) => {
  const { ctx, error } = event.detail;
  const aborted = error?.name === "AbortError" && ctx?.status !== "error: AbortError";
  if (!aborted || ctx?.request?.method !== "GET") showNotice(document.body.dataset.lost);
});
document.addEventListener("DOMContentLoaded", arm);

// How many requests wait, in the menu and in the title. It asks as a page that was left open, which keeps no
// session alive; whatever goes wrong is nobody's business until the next page.
const WAITING_EVERY = 60000; // milliseconds
let waitingAt = Date.now();

const refreshWaiting = async () => {
  const mark = document.querySelector("[data-waiting]");
  if (!mark || document.visibilityState !== "visible") return;
  waitingAt = Date.now();
  const headers = { "X-Poll": "1" };
  const answer = await fetch(mark.dataset.waiting, { headers, redirect: "error" }).catch(() => null);
  if (!answer?.ok) return;
  mark.innerHTML = await answer.text();
  const count = mark.querySelector("[data-count]")?.dataset.count;
  document.title = (count ? `(${count}) ` : "") + document.title.replace(/^\(\d+\) /, "");
};

setInterval(refreshWaiting, WAITING_EVERY);
document.addEventListener("visibilitychange", () => {
  if (Date.now() - waitingAt >= WAITING_EVERY) refreshWaiting();
});
document.addEventListener("requests-changed", refreshWaiting);
