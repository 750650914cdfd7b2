// The little that a page needs beside htmx. Every page works without it.
"use strict";

const TOAST_STAYS = 9000; // milliseconds; a pointer or the focus on it makes it stay

const openDialog = () => {
  const dialog = document.querySelector("#dialog > dialog[data-modal]:not([open])");
  if (!dialog) return;
  dialog.addEventListener("close", () => dialog.remove());
  dialog.showModal();
};

const armToast = (toast) => {
  toast.dataset.armed = "";
  if (!toast.matches(".success, .info")) return;
  const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, TOAST_STAYS) : toast.remove());
  setTimeout(leave, TOAST_STAYS);
};

const arm = () => {
  openDialog();
  document.querySelectorAll("[data-close][hidden]").forEach((button) => (button.hidden = false));
  document.querySelectorAll("[data-toast]:not([data-armed])").forEach(armToast);
};

const showNotice = (sentence) => {
  const notice = document.createElement("div");
  notice.className = "notice error";
  notice.setAttribute("role", "alert");
  notice.textContent = sentence;
  document.querySelector("#notice").replaceChildren(notice);
};

document.addEventListener("click", (event) => {
  const { target } = event;
  target.closest?.("[data-close]")?.parentElement.remove();
  target.closest?.("[data-dismiss]")?.closest("dialog").close();
  const cancel = target.closest?.("[data-empty]");
  if (cancel) {
    event.preventDefault();
    document.querySelector(cancel.dataset.empty).replaceChildren();
    document.querySelector("#add")?.focus();
  }
});

// The key of the slash types a full stop in a Russian layout; in others it types other things.
const isSlash = ({ key, code, ctrlKey, altKey, metaKey }) =>
  (key === "/" || (code === "Slash" && key === ".")) && !(ctrlKey || altKey || metaKey);

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (isSlash(event) && !typing && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    document.querySelector("#lookup-number, #finder")?.select();
  }
});

document.addEventListener("keydown", (event) => {
  const form = event.target.closest?.("form[data-keys]");
  if (!form) return;
  if (event.key === "Escape") form.querySelector("[data-cancel]").click();
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});

document.addEventListener("htmx:after:swap", (event) => {
  arm();
  // A notice would hide behind a dialog.
  if (event.detail.ctx?.hx?.retarget === "#notice") document.querySelector("#dialog > dialog")?.close();
});
const focused = new WeakMap(); // by request: several may be under way
document.addEventListener("htmx:before:request", (event) => {
  focused.set(event.detail.ctx, document.activeElement);
  // The last notice is over once the person does something; a preview while typing is not that.
  if (!event.target.matches("textarea, [data-quiet]")) document.querySelector("#notice").replaceChildren();
});
// A button that is disabled meanwhile loses the focus, a dialog that is swapped away takes it along: give it
// back to where it was, or else to the page. htmx enables the button just after this event; one that is
// disabled still was pressed again, and is given it after that.
const giveFocusBack = (to) => {
  if (!to || to === document.body || to.disabled || document.activeElement !== document.body) return;
  to.focus({ preventScroll: true });
  if (document.activeElement === document.body) document.querySelector("#main").focus({ preventScroll: true });
};
document.addEventListener("htmx:finally:request", (event) => {
  const to = focused.get(event.detail.ctx);
  // What was disabled for less than a frame loses the focus with the next one.
  requestAnimationFrame(() => setTimeout(() => giveFocusBack(to)));
});
document.addEventListener("htmx:error", (event) => {
  const aborted = event.detail.error?.name === "AbortError" && event.detail.ctx?.status !== "error: AbortError";
  if (!aborted || event.detail.ctx?.request?.method !== "GET") showNotice(document.body.dataset.lost);
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
