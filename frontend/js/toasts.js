// A toast says that something is done, with Undo where there is one. It leaves after six seconds, not while it is read.
import { element } from "./element.js";
import { icon } from "./icon.js";
import { text } from "./texts.js";

const SHOWN = 6000;

function mortal(toast) {
  let timer = setTimeout(leave, SHOWN);
  function leave() {
    if (toast.matches(":hover, :focus-within")) timer = setTimeout(leave, 1500);
    else toast.remove();
  }
  toast.addEventListener("submit", () => clearTimeout(timer));
}

export function done(sentence, undo = null) {
  const toast = element("div.toast", { role: "status" }, element("span", {}, sentence));
  if (undo) {
    toast.append(element("button.button.button--small", { type: "button", onclick: () => { toast.remove(); undo(); } }, text("undo")));
  }
  document.getElementById("toasts")?.append(toast);
  mortal(toast);
}

/** What went wrong stays until it is put away: a notice at the top of the page, never a toast. */
export function complain(sentence) {
  const place = document.querySelector(".page__notices");
  if (!place) return;
  place.querySelector("[data-complaint]")?.remove();
  const notice = element("div.notice.tone-bad", { role: "alert", "data-complaint": true }, icon("circle-x"), element("p.notice__text", {}, sentence));
  const close = element("button.button.button--small.button--quiet", { type: "button", onclick: () => notice.remove() }, text("close"));
  notice.append(element("div.notice__actions", {}, close));
  place.prepend(notice);
  notice.scrollIntoView({ block: "nearest" });
}

function found() {
  for (const toast of document.querySelectorAll("[data-toast]")) {
    toast.removeAttribute("data-toast");
    mortal(toast);
  }
}
document.addEventListener("htmx:afterSettle", found);
found();
