// A box of the filters leads to its address at once; the focus stays on it. F shows and hides the whole column.
import { onKey } from "./keys.js";
import { go } from "./swaps.js";

const KEY = "assetlib.facets";
const narrow = matchMedia("(max-width: 1023.98px)");
let sheet = false;

document.addEventListener("change", (event) => {
  const box = event.target;
  if (!box.matches("[data-go]")) return;
  const facet = box.closest("[data-facet]").dataset.facet;
  go(box.dataset.go, box, `[data-facet="${CSS.escape(facet)}"] input[value="${CSS.escape(box.value)}"]`);
});

const library = () => document.getElementById("library");

function show() {
  const place = library();
  if (!place) return;
  const open = narrow.matches ? sheet : localStorage.getItem(KEY) !== "closed";
  place.dataset.facets = open ? "open" : "closed";
  for (const button of place.querySelectorAll("[data-facets-toggle][aria-expanded]")) button.setAttribute("aria-expanded", String(open));
}

function toggle() {
  if (!library()) return false;
  if (narrow.matches) sheet = !sheet;
  else if (localStorage.getItem(KEY) === "closed") localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, "closed");
  show();
  if (narrow.matches) {
    if (sheet) library().querySelector(".library__facets button")?.focus();
    else library().querySelector(".library__filter")?.focus();
  }
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-facets-toggle]")) toggle();
  else if (sheet && narrow.matches && !event.target.closest(".library__facets")) toggle();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && sheet && narrow.matches && !event.defaultPrevented) {
    event.preventDefault();
    toggle();
  }
});
onKey("f", () => (document.querySelector("deep-zoom") ? false : toggle()));
narrow.addEventListener("change", () => { sheet = false; show(); });
document.addEventListener("htmx:afterSwap", show);
show();
