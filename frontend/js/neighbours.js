// From an asset back to the very search it was opened from, and on to the next one there: the grid leaves its addresses behind,
// and takes the focus back to the tile of the asset that was looked at last.
import { element } from "./element.js";
import { icon } from "./icon.js";
import { onKey } from "./keys.js";
import { leave } from "./pager.js";
import { plainClick } from "./swaps.js";
import { number, text } from "./texts.js";

const KEY = "assetlib.walk";
const LINK = ":is(.tile__title, .list__title)";
const address = (url) => url.pathname + url.search;
const walk = JSON.parse(sessionStorage.getItem(KEY) ?? "null");

/** What was appended keeps the address of its own page: there it stands when somebody comes back. */
const pageOf = (tile) => tile.dataset.page ?? address(location);

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(`#tiles ${LINK}`);
  if (!link) return;
  const steps = [...document.querySelectorAll(`#tiles ${LINK}`)].map((one) => ({ url: one.getAttribute("href"), page: pageOf(one.closest("[data-id]")) }));
  const total = Number(document.getElementById("results-count")?.dataset.total) || steps.length;
  const first = Number(document.querySelector("#pager [data-where]")?.textContent.match(/\d+/)?.[0]) || 1;
  const at = link.getAttribute("href");
  sessionStorage.setItem(KEY, JSON.stringify({ steps, total, first, at }));
  if (!plainClick(event)) return;
  leave();
  history.replaceState(history.state, "", pageOf(link.closest("[data-id]")));
}, { capture: true });

function step(label, key, drawing, rel, url) {
  return element("a.button.button--icon.button--small", { href: url, rel, "aria-label": label, title: `${label} (${key})` }, icon(drawing));
}

function onTheWay(back) {
  const here = walk?.steps?.findIndex(({ url }) => url === location.pathname) ?? -1;
  if (here < 0) return;
  const { steps, total, first } = walk;
  sessionStorage.setItem(KEY, JSON.stringify({ ...walk, at: location.pathname }));
  back.href = steps[here].page;
  back.lastChild.textContent = back.pathname === "/library" ? text(total === 1 ? "results_one" : "results", { count: number(total) }) : text("back");
  const near = element("span.asset__near", { "data-near": true });
  if (here > 0) near.append(step(text("previous"), "\u2190", "chevron-left", "prev", steps[here - 1].url));
  if (here < steps.length - 1) near.append(step(text("next"), "\u2192", "chevron-right", "next", steps[here + 1].url));
  back.after(element("span.asset__place", {}, text("place", { position: number(first + here), total: number(total) })), near);
}

function cameBack() {
  const [arrival] = performance.getEntriesByType("navigation");
  const from = document.referrer ? new URL(document.referrer).pathname : "";
  const back = arrival?.type === "back_forward" || from === walk.at;
  if (back && walk.steps.some(({ page }) => page === address(location))) document.querySelector("picture-grid")?.enter(walk.at);
}

const back = document.querySelector("[data-back]");
if (back) onTheWay(back);
else if (walk) cameBack();

// Arrows walk on, unless they have work to do where the focus is.
for (const [key, rel] of [["ArrowLeft", "prev"], ["ArrowRight", "next"]]) {
  onKey(key, () => {
    if (document.activeElement?.closest("input, video, audio, [role=region]")) return false;
    const link = document.querySelector(`[data-near] [rel="${rel}"]`);
    if (!link) return false;
    link.click();
  });
}
