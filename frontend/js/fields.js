import { announce } from "./live.js";
import { text } from "./texts.js";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-reveal-button]");
  if (!button) return;
  const field = button.parentElement.querySelector("input");
  const shown = field.type === "text";
  field.type = shown ? "password" : "text";
  button.setAttribute("aria-pressed", String(!shown));
  button.setAttribute("aria-label", text(shown ? "show_password" : "hide_password"));
  field.focus();
});

// A limit is counted from four fifths on; being over it is said once.
document.addEventListener("input", (event) => {
  const field = event.target;
  const limit = Number(field.dataset?.limit);
  if (!limit) return;
  let counter = field.parentElement.querySelector(".field__counter");
  if (!counter) {
    counter = document.createElement("span");
    counter.className = "field__counter";
    field.after(counter);
  }
  const length = [...field.value].length;
  counter.hidden = length < limit * 0.8;
  counter.textContent = `${length} / ${limit}`;
  const over = length > limit;
  if (over && !("over" in counter.dataset)) announce(text("over_limit", { count: length - limit }));
  counter.toggleAttribute("data-over", over);
});

// A field for files looks like a button: Enter opens it as Space does.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches?.('input[type="file"]')) return;
  event.preventDefault();
  event.target.click();
});

// Who fills a field beside "Leave as it is" means to set it.
for (const way of ["input", "change"]) {
  document.addEventListener(way, (event) => {
    const verb = event.target.closest?.("[data-verb]")?.querySelector('select[name^="op."]');
    if (verb && verb !== event.target && verb.value === "" && event.target.value !== "") verb.value = "set";
  });
}

// A form that was sent stays one form: its button shows that it works, a second click does nothing.
document.addEventListener("submit", (event) => {
  const { submitter, target } = event;
  if (event.defaultPrevented || target.method !== "post" || target.hasAttribute("data-again") || target.matches(".selection-bar")) return;
  if (target.dataset.sent) return event.preventDefault();
  target.dataset.sent = "yes";
  submitter?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
});

document.addEventListener("click", (event) => {
  if (event.target.closest('[aria-disabled="true"]')) {
    event.preventDefault();
    event.stopPropagation();
  }
}, { capture: true });

for (const button of document.querySelectorAll("[data-reveal-button]")) button.hidden = false;
(document.querySelector("[data-focus]") ?? document.querySelector('main :is(input, select, textarea)[aria-invalid="true"]'))?.focus();
