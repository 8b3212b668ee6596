// What is selected, over all pages of a session: id → {title, bytes, cleared}.
const KEY = "assetlib.selection";
const selected = new Map(JSON.parse(sessionStorage.getItem(KEY) ?? "[]"));
const listeners = new Set();

function changed() {
  sessionStorage.setItem(KEY, JSON.stringify([...selected]));
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
