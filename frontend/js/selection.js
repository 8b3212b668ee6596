// What is selected, id → {title, bytes, cleared}. It belongs to one place, the library or a collection: there it stays over all
// pages and searches, and elsewhere it is not.
const KEY = "assetlib.selection";
const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
const place = location.pathname;
const selected = new Map(kept?.place === place ? kept.entries : []);
const listeners = new Set();

function changed() {
  sessionStorage.setItem(KEY, JSON.stringify({ place, entries: [...selected] }));
  for (const listener of listeners) listener();
}

export const selection = {
  has: (id) => selected.has(id),
  get size() { return selected.size; },
  get ids() { return [...selected.keys()]; },
  get entries() { return [...selected]; },
  get bytes() { return [...selected.values()].reduce((sum, one) => sum + (one.bytes || 0), 0); },
  get notCleared() { return [...selected].filter(([, one]) => one.cleared === false); },
  set(entries, on) {
    for (const [id, about] of entries) {
      if (on) selected.set(id, about);
      else selected.delete(id);
    }
    changed();
  },
  clear() {
    selected.clear();
    changed();
  },
  listen(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

/** What a tile or a row of the list says about its asset. */
export function aboutTile(tile) {
  return [tile.dataset.id, {
    title: tile.querySelector(".tile__title, .list__title")?.textContent.trim() ?? "",
    bytes: Number(tile.dataset.bytes) || 0,
    cleared: tile.dataset.cleared === undefined ? undefined : tile.dataset.cleared === "yes",
  }];
}
