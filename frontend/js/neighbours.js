// From an asset back to the very search it was opened from, and on to the next one there: the grid leaves its addresses behind.
import { element } from "./element.js";
import { icon } from "./icon.js";
import { number, text } from "./texts.js";

const KEY = "assetlib.walk";

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#tiles :is(.tile__title, .list__title)");
  if (!link) return;
  const urls = [...document.querySelectorAll("#tiles :is(.tile__title, .list__title)")].map((one) => one.getAttribute("href"));
  const total = Number(document.getElementById("results-count")?.dataset.total) || urls.length;
  const first = Number(document.querySelector("#pager [data-where]")?.textContent.match(/\d+/)?.[0]) || 1;
  sessionStorage.setItem(KEY, JSON.stringify({ urls, total, first, back: location.pathname + location.search }));
}, { capture: true });

function step(label, key, drawing, rel, url) {
  return element("a.button.button--icon.button--small", { href: url, rel, "aria-label": label, title: `${label} (${key})` }, icon(drawing));
}

const back = document.querySelector("[data-back]");
const walk = back && JSON.parse(sessionStorage.getItem(KEY) ?? "null");
const here = walk ? walk.urls.indexOf(location.pathname) : -1;
if (here >= 0) {
  back.href = walk.back;
  back.lastChild.textContent = walk.back.startsWith("/library") ? text("results", { count: number(walk.total) }) : text("back");
  const near = element("span.asset__near", { "data-near": true });
  if (here > 0) near.append(step(text("previous"), "[", "chevron-left", "prev", walk.urls[here - 1]));
  if (here < walk.urls.length - 1) near.append(step(text("next"), "]", "chevron-right", "next", walk.urls[here + 1]));
  back.after(element("span.asset__place", {}, text("place", { position: number(walk.first + here), total: number(walk.total) })), near);
}
