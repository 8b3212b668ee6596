// One stop of Tab for all tiles; arrow keys move by what the eye sees: rows of unequal pictures. Space selects, Shift ranges,
// Enter opens (it is a link), D downloads the tile, or all that is selected.
import { onKey } from "./keys.js";
import { aboutTile, selection } from "./selection.js";

const TILE = "li.tile, tbody tr[data-id]";
const LINK = ".tile__title, .list__title";
const CHECK = 'input[name="asset"]';

class PictureGrid extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", this);
    this.addEventListener("click", this);
    this.addEventListener("change", this);
    this.addEventListener("focusin", (event) => this.#standOn(event.target.closest(TILE)));
    this.stop = selection.listen(() => this.show());
    this.show();
  }

  disconnectedCallback() { this.stop?.(); }

  get tiles() { return [...this.querySelectorAll(TILE)]; }

  handleEvent(event) {
    if (event.type === "click") this.shift = event.shiftKey;
    else if (event.type === "change") this.#changed(event);
    else this.#pressed(event);
  }

  /** Focus the tile of this address; without one, the tile that Tab leads to, or the first in sight. */
  enter(url = null) {
    const links = [...this.querySelectorAll(LINK)];
    const wanted = url ? links.find((link) => link.getAttribute("href") === url) : this.#stop(links);
    wanted?.focus();
    return Boolean(wanted);
  }

  #stop(links) {
    const inSight = (link) => {
      const { top, bottom } = link.closest(TILE).getBoundingClientRect();
      return bottom > 0 && top < innerHeight;
    };
    const now = links.find((link) => link.tabIndex === 0);
    return now && inSight(now) ? now : links.find(inSight) ?? now;
  }

  /** Tab leads to this tile and past all others; what else a tile holds has a key of its own. */
  #standOn(tile) {
    const stop = tile?.querySelector(LINK);
    if (!stop) return;
    for (const one of this.querySelectorAll(`${LINK}, ${CHECK}, .list__download`)) one.tabIndex = one === stop ? 0 : -1;
  }

  /** Boxes follow the selection, also those that came with the next page. */
  show() {
    this.#standOn(this.querySelector(`:is(${LINK})[tabindex="0"]`)?.closest(TILE) ?? this.tiles.find((tile) => tile.querySelector(LINK)));
    for (const tile of this.tiles) {
      const box = tile.querySelector(CHECK);
      if (box) box.checked = selection.has(tile.dataset.id);
    }
    this.querySelector(".grid")?.toggleAttribute("data-selecting", selection.size > 0);
    const all = this.querySelector("[data-all]");
    if (all) {
      const boxes = [...this.querySelectorAll(CHECK)];
      const on = boxes.filter((box) => box.checked).length;
      all.checked = on > 0 && on === boxes.length;
      all.indeterminate = on > 0 && on < boxes.length;
    }
  }

  #changed(event) {
    const box = event.target;
    if (box.matches("[data-all]")) {
      selection.set(this.tiles.filter((tile) => tile.querySelector(CHECK)).map(aboutTile), box.checked);
    } else if (box.matches(CHECK)) {
      this.#select(box.closest(TILE), box.checked, this.shift);
      this.shift = false;
    }
  }

  #select(tile, on, range) {
    const tiles = this.tiles;
    const to = tiles.indexOf(tile);
    const from = range && this.last?.isConnected ? tiles.indexOf(this.last) : to;
    const part = tiles.slice(Math.min(from, to), Math.max(from, to) + 1).filter((one) => one.querySelector(CHECK));
    this.last = tile;
    selection.set(part.map(aboutTile), on);
  }

  #pressed(event) {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const tile = event.target.closest(TILE);
    if (!tile || !event.target.matches(`${LINK}, ${CHECK}`)) return;
    if (event.key === " " && event.target.matches(LINK)) {
      event.preventDefault();
      const box = tile.querySelector(CHECK);
      if (box) this.#select(tile, event.shiftKey ? true : !box.checked, event.shiftKey);
      return;
    }
    const next = this.#neighbour(tile, event.key);
    if (!next) return;
    event.preventDefault();
    next.querySelector(LINK)?.focus();
    if (event.shiftKey) {
      this.last ??= tile;
      const from = this.last;
      this.#select(next, true, true);
      this.last = from;
    }
  }

  #neighbour(tile, key) {
    const tiles = this.tiles.filter((one) => one.querySelector(LINK));
    const here = tiles.indexOf(tile);
    if (key === "Home") return tiles[0];
    if (key === "End") return tiles.at(-1);
    const list = this.hasAttribute("data-list");
    if (!list && key === "ArrowRight") return tiles[here + 1];
    if (!list && key === "ArrowLeft") return tiles[here - 1];
    if (key !== "ArrowDown" && key !== "ArrowUp") return undefined;
    if (list) return tiles[here + (key === "ArrowDown" ? 1 : -1)];
    const mine = tile.getBoundingClientRect();
    const middle = mine.left + mine.width / 2;
    const down = key === "ArrowDown";
    let row = null;
    let best;
    let distance = Infinity;
    for (const one of down ? tiles.slice(here + 1) : tiles.slice(0, here).reverse()) {
      const box = one.getBoundingClientRect();
      if (Math.abs(box.top - mine.top) < 4) continue;
      row ??= box.top;
      if (Math.abs(box.top - row) > 4) break;
      const away = Math.max(box.left - middle, middle - box.right, 0) + Math.abs(box.left + box.width / 2 - middle) / 1000;
      if (away < distance) [best, distance] = [one, away];
    }
    return best;
  }
}

// From nowhere in particular, arrows lead to the pictures.
for (const key of ["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"]) {
  onKey(key, () => {
    const nowhere = document.activeElement?.matches("body, main, picture-grid");
    return Boolean(nowhere && document.querySelector("picture-grid")?.enter());
  });
}

onKey("d", () => {
  const all = selection.size ? document.querySelector("selection-bar [data-download-all]") : null;
  if (all) {
    all.click();
    return;
  }
  const tile = document.activeElement?.closest?.(TILE);
  const url = tile?.dataset.download ?? (tile ? null : document.querySelector("[data-download-now]")?.href);
  if (!url) return false;
  location.href = url;
});

customElements.define("picture-grid", PictureGrid);
