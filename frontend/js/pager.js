// The next page is put below when its link comes into sight. After four, the link waits to be asked, so that the end can be reached.
import { icon } from "./icon.js";
import { announce } from "./live.js";
import { complain } from "./toasts.js";
import { text } from "./texts.js";

const BY_ITSELF = 4;
let appended = 0;
let busy = false;
let left = false;

/** Somebody leaves for an asset: what is under way must not change the address that they come back to. */
export function leave() { left = true; }
addEventListener("pageshow", () => { left = busy = false; });

async function append(link) {
  if (busy) return;
  busy = true;
  link.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(link.href, { headers: { "HX-Request": "true", "HX-Target": "library" }, credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    const body = await answer.text();
    if (left) return;
    const page = new DOMParser().parseFromString(body, "text/html");
    const tiles = [...(page.getElementById("tiles")?.children ?? [])];
    const first = document.querySelector("#pager [data-where]").textContent.match(/[\d\s.,\u202f\u00a0]+/)?.[0];
    const here = location.pathname + location.search;
    const there = new URL(link.href);
    for (const tile of document.getElementById("tiles").children) tile.dataset.page ??= here;
    for (const tile of tiles) tile.dataset.page = there.pathname + there.search;
    document.getElementById("tiles").append(...tiles);
    const where = page.querySelector("#pager [data-where]");
    if (first && where) where.textContent = where.textContent.replace(/[\d.,\u202f\u00a0]+/, first.trim());
    document.getElementById("pager").replaceWith(page.getElementById("pager"));
    history.replaceState(history.state, "", link.href);
    for (const grid of document.querySelectorAll("picture-grid")) grid.show();
    appended += 1;
    announce(text("more_loaded", { count: tiles.length }));
  } catch {
    if (left) return;
    link.removeAttribute("aria-busy");
    appended = BY_ITSELF;
    complain(text("offline"));
  }
  busy = false;
  watch();
}

const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting || appended >= BY_ITSELF) continue;
    seen.unobserve(entry.target);
    append(entry.target);
  }
}, { rootMargin: "0px 0px 200px" });

function watch() {
  seen.disconnect();
  const link = document.querySelector("#pager[data-endless] [rel=next]");
  if (!link) return;
  if (appended < BY_ITSELF) seen.observe(link);
  else if (!document.querySelector("[data-append]")) {
    const more = document.createElement("button");
    more.type = "button";
    more.className = "button button--small";
    more.dataset.append = "";
    more.append(icon("arrow-down", "small"), text("load_more"));
    more.addEventListener("click", () => append(link));
    document.querySelector("#pager .pager__or")?.replaceWith(more);
  }
}

document.addEventListener("htmx:afterSwap", () => { appended = 0; watch(); });
watch();
