// Single keys: only when no field has the focus, no dialog is open, and the reader has not turned them off. A key may have several
// actions; the first that does not answer false has it.
const OFF = "assetlib.keys.off";
const actions = new Map();

export function onKey(key, action) {
  actions.set(key, [...(actions.get(key) ?? []), action]);
}

const writing = (node) => node?.closest?.('input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable], [role="menu"], .deep-zoom__view');

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey || event.isComposing) return;
  if (writing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key !== "Escape" && localStorage.getItem(OFF)) return;
  const known = actions.get(event.key.length === 1 ? event.key.toLowerCase() : event.key);
  if (known?.some((action) => action(event) !== false)) event.preventDefault();
});

onKey("?", () => {
  const list = document.getElementById("keys");
  if (!list) return false;
  const box = list.querySelector("[data-keys-on]");
  if (box) box.checked = !localStorage.getItem(OFF);
  list.showModal();
});

onKey("/", () => {
  const field = document.querySelector("asset-search .search__text");
  if (field) {
    field.focus();
    field.select();
  } else document.querySelector(".header__find")?.click();
});

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-keys-on]")) return;
  if (event.target.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "yes");
});

for (const [key, rel] of [["[", "prev"], ["]", "next"]]) {
  onKey(key, () => {
    const link = document.querySelector(`[data-near] [rel="${rel}"], #pager [rel="${rel}"]`);
    if (!link) return false;
    link.click();
  });
}

if (location.hash === "#find") document.querySelector("asset-search .search__text")?.focus();
