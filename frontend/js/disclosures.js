// A button with aria-controls and aria-expanded shows and hides what it names; a tree's arrow shows its branch.
const KEY = "assetlib.closed";
const closed = new Set(JSON.parse(sessionStorage.getItem(KEY) ?? "[]"));

function set(button, open) {
  button.setAttribute("aria-expanded", String(open));
  const part = button.matches(".tree__toggle")
    ? button.closest("li").querySelector(":scope > ul")
    : document.getElementById(button.getAttribute("aria-controls"));
  if (part) part.hidden = !open;
  if (button.dataset.less) {
    button.dataset.more ??= button.textContent;
    button.textContent = open ? button.dataset.less : button.dataset.more;
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(".facet__toggle, .facet__more, .tree__toggle");
  if (!button) return;
  const open = button.getAttribute("aria-expanded") !== "true";
  set(button, open);
  const id = button.getAttribute("aria-controls");
  if (!id) return;
  const usual = button.matches(".facet__toggle");
  if (open === usual) closed.delete(id);
  else closed.add(id);
  sessionStorage.setItem(KEY, JSON.stringify([...closed]));
});

function restore() {
  for (const id of closed) {
    const button = document.querySelector(`[aria-controls="${CSS.escape(id)}"]:is(.facet__toggle, .facet__more)`);
    if (button) set(button, !button.matches(".facet__toggle"));
  }
}

document.addEventListener("htmx:afterSwap", restore);
restore();

// On a narrow page the tree of collections would push the collection itself out of sight.
if (matchMedia("(max-width: 1023.98px)").matches) document.querySelector(".collection__tree")?.removeAttribute("open");
