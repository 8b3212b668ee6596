import { element } from "./element.js";
import { onKey } from "./keys.js";
import { announce } from "./live.js";
import { selection } from "./selection.js";
import { number, size, text } from "./texts.js";

let spoken = selection.size;

class SelectionBar extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.stop = selection.listen(() => this.show(true));
    this.form.addEventListener("reset", (event) => {
      event.preventDefault();
      selection.clear();
    });
    this.show(false);
  }

  disconnectedCallback() { this.stop?.(); }

  show(speak) {
    const count = selection.size;
    const label = count === 1 ? text("selected_one") : text("selected_many", { count: number(count) });
    this.toggleAttribute("data-open", count > 0);
    this.querySelector("[data-count]").textContent = label;
    const amount = this.querySelector("[data-number]");
    if (amount) amount.textContent = number(count);
    const about = this.querySelector("[data-about]");
    const closed = selection.notCleared;
    if (closed.length) {
      about.replaceChildren(element("button", { type: "button", onclick: () => this.#which() }, text("some_not_cleared", { count: number(closed.length), total: number(count) })));
    } else {
      const known = selection.entries.every(([, one]) => one.cleared === true);
      about.textContent = selection.bytes ? (known ? text("all_cleared", { size: size(selection.bytes) }) : size(selection.bytes)) : "";
    }
    const elsewhere = selection.ids.filter((id) => !document.querySelector(`picture-grid [data-id="${CSS.escape(id)}"]`)).length;
    if (elsewhere) about.append(element("span.selection-bar__elsewhere", {}, text("selected_elsewhere", { count: number(elsewhere) })));
    if (speak && count !== spoken) announce(count ? text("announce_selected", { count: number(count) }) : text("cleared_selection"));
    spoken = count;
  }

  #which() {
    const closed = selection.notCleared;
    const dialog = element("dialog.dialog", { "aria-labelledby": "which-title", "data-once": true }, element("div.dialog__body", {},
      element("h2.dialog__title", { id: "which-title" }, text("not_cleared_title")),
      element("p.dialog__text", {}, text("not_cleared_text")),
      element("ul.stack", {}, ...closed.map(([, one]) => element("li", {}, one.title))),
      element("div.dialog__foot", {},
        element("button.button", { type: "button", "data-close": true }, text("close")),
        element("button.button.button--primary", { type: "button", onclick: () => { dialog.close(); selection.set(closed, false); } }, text("deselect_them")))));
    document.body.append(dialog);
    dialog.showModal();
  }
}

// Forms that act on the selection carry it, also what stands on other pages.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches(".selection-bar, [data-with-selection]")) return;
  form.querySelectorAll("input[data-carried]").forEach((one) => one.remove());
  const here = new Set([...document.querySelectorAll('input[name="asset"]:checked')].filter((box) => box.form === form).map((box) => box.value));
  for (const id of selection.ids) {
    if (!here.has(id)) form.append(element("input", { type: "hidden", name: "asset", value: id, "data-carried": true }));
  }
}, { capture: true });

onKey("Escape", () => {
  if (!selection.size || !document.querySelector("selection-bar") || document.querySelector("[popover]:popover-open")) return false;
  selection.clear();
});

customElements.define("selection-bar", SelectionBar);
