// Menus are popovers: the browser opens and shuts them; arrows, Home, End and letters move inside.
const items = (menu) => [...menu.querySelectorAll('[role="menuitem"]')];
const openerOf = (menu) => document.querySelector(`[popovertarget="${menu.id}"][aria-expanded="true"]`);
const anchored = CSS.supports("position-area", "block-end");

function place(menu, opener) {
  const box = opener.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const up = menu.classList.contains("menu--up") || (box.bottom + height > innerHeight && box.top > height);
  menu.style.left = `${Math.max(12, Math.min(box.right - width, innerWidth - width - 12))}px`;
  menu.style.top = `${up ? box.top - height - 12 : box.bottom}px`;
}

document.addEventListener("toggle", (event) => {
  const menu = event.target;
  if (!menu.matches?.(".menu[popover]")) return;
  const open = event.newState === "open";
  for (const opener of document.querySelectorAll(`[popovertarget="${menu.id}"]`)) {
    opener.setAttribute("aria-expanded", String(open && opener.getClientRects().length > 0));
  }
  if (!open) return;
  const opener = openerOf(menu);
  if (!anchored && opener) place(menu, opener);
  (menu.querySelector('[aria-current="true"]') ?? items(menu)[0])?.focus();
}, { capture: true });

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".menu[popover]");
  if (!menu) return;
  const all = items(menu);
  const here = all.indexOf(document.activeElement);
  const move = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: all.length - 1 }[event.key];
  if (move !== undefined) {
    event.preventDefault();
    all.at(move % all.length)?.focus();
  } else if (event.key === "Tab") {
    menu.hidePopover();
  } else if (event.key.length === 1 && event.key !== " ") {
    const letter = event.key.toLowerCase();
    const next = [...all.slice(here + 1), ...all].find((item) => item.textContent.trim().toLowerCase().startsWith(letter));
    next?.focus();
  }
});
