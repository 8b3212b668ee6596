// Parts of a page that are exchanged without leaving it: htmx does the work, this keeps the focus and says what changed.
import htmx from "htmx.org/dist/htmx.esm.js";
import { csrf } from "./csrf.js";
import { announce } from "./live.js";
import { text } from "./texts.js";
import { complain } from "./toasts.js";

let focusAfter = null;

/** Exchange #library for what `url` shows. `focus` is a selector that takes the focus afterwards. */
export function go(url, source, focus = null) {
  focusAfter = focus;
  return htmx.ajax("GET", url, { source, target: "#library", select: "#library", swap: "outerHTML show:none" });
}

/** A click that stays in this tab. */
export const plainClick = (event) => event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#library :is(a[data-swap], .chip a, a.choice__item)");
  if (!link || !plainClick(event)) return;
  event.preventDefault();
  const again = link.classList.contains("choice__item")
    ? `#library a.choice__item[aria-label="${CSS.escape(link.getAttribute("aria-label") ?? "")}"]`
    : link.closest(".menu") ? '#library [popovertarget="sorts"]' : "#q";
  link.closest("[popover]")?.hidePopover();
  go(link.href, link, again);
});

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRF-Token"] = csrf();
});

document.addEventListener("htmx:afterSettle", (event) => {
  const count = document.getElementById("results-count");
  if (event.detail.target?.id !== "library" && event.target.id !== "library") return;
  if (count) announce(count.textContent.trim());
  if (focusAfter) {
    const next = document.querySelector(focusAfter) ?? document.getElementById("q");
    next?.focus({ preventScroll: true });
  }
  focusAfter = null;
});

for (const trouble of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(trouble, () => complain(text("offline")));
}
document.addEventListener("htmx:responseError", async (event) => {
  const { xhr } = event.detail;
  let sentence = text("not_done");
  if (xhr.getResponseHeader("Content-Type")?.includes("json")) {
    const problem = JSON.parse(xhr.responseText);
    sentence = problem.detail ?? problem.title ?? sentence;
  } else {
    // A page says itself why it was not done; trying again would not help.
    const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
    sentence = page.querySelector(".error__text")?.textContent.trim() || sentence;
  }
  if (xhr.status === 401) location.reload();
  else complain(sentence);
});

export { htmx };
