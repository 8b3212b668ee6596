// The bell is a link to all notices. Here it opens the newest beside it, and following a notice marks it read.
import { csrf } from "./csrf.js";

const bell = document.querySelector("[data-bell]");
const panel = document.getElementById("notices-panel");

function place() {
  const box = bell.getBoundingClientRect();
  panel.style.left = `${Math.max(12, Math.min(box.right - panel.offsetWidth, innerWidth - panel.offsetWidth - 12))}px`;
  panel.style.top = `${box.bottom}px`;
}

async function fill() {
  panel.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(bell.dataset.bell, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    panel.innerHTML = await answer.text();
  } catch {
    panel.textContent = panel.dataset.absent;
  }
  panel.removeAttribute("aria-busy");
}

function countDown() {
  const count = bell?.querySelector("[data-count]");
  const left = Number(count?.textContent) - 1;
  if (!count || Number.isNaN(left)) return;
  count.textContent = String(left);
  count.hidden = left <= 0;
  bell.setAttribute("aria-label", left > 0 ? bell.getAttribute("aria-label").replace(String(left + 1), String(left)) : bell.title);
}

if (bell && panel) {
  bell.setAttribute("aria-haspopup", "dialog");
  bell.setAttribute("aria-expanded", "false");
  bell.setAttribute("aria-controls", panel.id);
  // The browser shuts the panel when the bell is pressed; the click that follows must not open it again.
  let wasOpen = false;
  bell.addEventListener("pointerdown", () => { wasOpen = panel.matches(":popover-open"); });
  bell.addEventListener("click", async (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    const shut = wasOpen || panel.matches(":popover-open");
    wasOpen = false;
    if (shut) return panel.hidePopover();
    await fill();
    panel.showPopover();
    place();
    panel.focus();
  });
  panel.addEventListener("toggle", (event) => bell.setAttribute("aria-expanded", String(event.newState === "open")));
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    panel.hidePopover();
    bell.focus();
  });
  addEventListener("resize", () => panel.matches(":popover-open") && place());
}

// The page is left while this is on its way: `keepalive` lets it arrive.
function markRead(event) {
  const link = event.target.closest?.("[data-notice]");
  if (!link || (event.type === "auxclick" && event.button !== 1)) return;
  fetch(`/api/v1/notices/${link.dataset.notice}/read`, {
    method: "POST", keepalive: true, credentials: "same-origin", headers: { "X-CSRF-Token": csrf() },
  });
  link.closest(".told")?.classList.remove("told--unread");
  delete link.dataset.notice;
  countDown();
}
document.addEventListener("click", markRead);
document.addEventListener("auxclick", markRead);
