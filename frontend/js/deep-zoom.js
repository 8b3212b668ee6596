// The stage of a picture: fits it, zooms into its tiles (the viewer is fetched on first use), F fills the screen.
import { element } from "./element.js";
import { onKey } from "./keys.js";
import { number, text } from "./texts.js";
import { complain } from "./toasts.js";
import { htmx } from "./swaps.js";

/** Our index of tiles, or a DZI object, as the viewer wants it. */
function tileSource(index) {
  if (index.Image) return index;
  return {
    width: index.width,
    height: index.height,
    tileSize: index.tile_size,
    tileOverlap: index.overlap ?? 0,
    minLevel: index.min_level ?? 0,
    ...(index.max_level === undefined ? {} : { maxLevel: index.max_level }),
    getTileUrl: (level, x, y) => index.tiles.replace("{level}", level).replace("{x}", x).replace("{y}", y),
  };
}

class DeepZoom extends HTMLElement {
  connectedCallback() {
    this.stage = this.closest(".asset__stage");
    this.picture = this.querySelector("img");
    this.percent = this.stage.querySelector("[data-zoom-percent]");
    this.stage.addEventListener("click", (event) => {
      const button = event.target.closest("[data-zoom]");
      if (button) this.zoom(button.dataset.zoom);
    });
    this.picture?.addEventListener("dblclick", () => this.zoom("in"));
    if (this.picture?.complete) this.#fitted();
    else this.picture?.addEventListener("load", () => this.#fitted());
    addEventListener("resize", () => this.viewer || this.#fitted());
  }

  #fitted() {
    const full = Number(this.dataset.width) || this.picture.naturalWidth;
    if (full && this.picture.clientWidth) this.#show(this.picture.clientWidth / full);
  }

  #show(share) {
    if (this.percent) this.percent.textContent = text("zoom", { percent: number(share * 100) });
  }

  async zoom(way) {
    if (!this.dataset.zoom) return;
    if (!this.viewer && way === "fit") return;
    try {
      await (this.opening ??= this.#open());
    } catch {
      this.opening = null;
      this.viewer = null;
      this.querySelector(".deep-zoom__view")?.remove();
      complain(text("offline"));
      return;
    }
    const { viewport } = this.viewer;
    if (way === "fit") viewport.goHome();
    else if (way === "full") viewport.zoomTo(viewport.imageToViewportZoom(1 / devicePixelRatio));
    else viewport.zoomBy(way === "in" ? 1.6 : 1 / 1.6);
    viewport.applyConstraints();
  }

  async #open() {
    const [{ default: OpenSeadragon }, answer] = await Promise.all([
      import("openseadragon"),
      fetch(this.dataset.zoom, { credentials: "same-origin", headers: { Accept: "application/json" } }),
    ]);
    if (!answer.ok) throw new Error(String(answer.status));
    const view = element("div.deep-zoom__view", { role: "application", "aria-label": this.dataset.label });
    this.stage.querySelector(".stage").append(view);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.viewer = OpenSeadragon({
      element: view,
      tileSources: tileSource(await answer.json()),
      drawer: "canvas",
      showNavigationControl: false,
      visibilityRatio: 0.5,
      maxZoomPixelRatio: 4,
      minZoomImageRatio: 0.6,
      animationTime: still ? 0 : 0.4,
      springStiffness: 9,
      placeholderFillStyle: null,
      gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    });
    this.viewer.addHandler("zoom", () => this.#seen());
    this.viewer.addHandler("open", () => this.#seen());
    this.viewer.addHandler("tile-load-failed", () => { this.broken = true; });
    await new Promise((resolve, reject) => {
      this.viewer.addOnceHandler("open", resolve);
      this.viewer.addOnceHandler("open-failed", reject);
    });
  }

  #seen() {
    const { viewport } = this.viewer;
    // Where it is going to, not how far it has come: nothing tells when it is there.
    this.#show(viewport.viewportToImageZoom(viewport.getZoom()) * devicePixelRatio);
  }

  disconnectedCallback() { this.viewer?.destroy(); }
}

function fullScreen() {
  const stage = document.querySelector(".asset__stage");
  if (!stage || !document.fullscreenEnabled) return false;
  if (document.fullscreenElement) document.exitFullscreen();
  else {
    stage.dataset.theme = "dark";
    stage.requestFullscreen();
  }
}

document.addEventListener("fullscreenchange", () => {
  if (!document.fullscreenElement) document.querySelector(".asset__stage")?.removeAttribute("data-theme");
});
document.addEventListener("click", (event) => { if (event.target.closest("[data-full-screen]")) fullScreen(); });
if (document.querySelector(".asset__stage")) {
  onKey("f", fullScreen);
  const zoom = (way) => () => document.querySelector("deep-zoom")?.zoom(way);
  onKey("+", zoom("in"));
  onKey("-", zoom("out"));
  onKey("0", zoom("fit"));
  onKey("1", zoom("full"));
}

// Previews that are being made: look again now and then, and put them in when they are there. Whoever is on the way
// through the page by keyboard keeps their place.
async function lookAgain(place, wait) {
  await new Promise((resolve) => setTimeout(resolve, wait));
  const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  if (!place.isConnected) return;
  if (!page || page.querySelector(".stage [data-waiting]")) {
    lookAgain(place, Math.min(wait * 1.5, 20000));
    return;
  }
  const holdsFocus = (part) => document.querySelector(part).contains(document.activeElement);
  const exchange = (part) => {
    const fresh = document.adoptNode(page.querySelector(part));
    document.querySelector(part).replaceWith(fresh);
    htmx.process(fresh);
  };
  exchange(holdsFocus(".asset__stage") ? ".stage" : ".asset__stage");
  if (!holdsFocus(".asset__info") && !document.querySelector("dialog[open], .fact__edit[open]")) exchange(".asset__info");
}
const waiting = document.querySelector(".stage [data-waiting]");
if (waiting) lookAgain(waiting, 2000);

customElements.define("deep-zoom", DeepZoom);
