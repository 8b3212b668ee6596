// The search field: chips by keyboard, and the list of filters behind "+".
import { element } from "./element.js";
import { icon } from "./icon.js";
import { go, htmx } from "./swaps.js";
import { text } from "./texts.js";

class AssetSearch extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.field = this.querySelector(".search__text");
    this.frame = this.querySelector(".search__frame");
    this.addButton = this.querySelector("[data-add]");

    this.frame.addEventListener("mousedown", (event) => {
      if (event.target.closest("a, button, input, .filters")) return;
      event.preventDefault();
      this.field.focus();
    });
    this.field.addEventListener("keydown", (event) => this.#typed(event));
    this.querySelector(".search__chips")?.addEventListener("keydown", (event) => this.#onChip(event));
    this.addButton?.addEventListener("click", () => this.#toggle());
    this.addButton?.addEventListener("pointerenter", () => this.#offered());
    this.#leave = (event) => { if (this.list && !this.contains(event.target)) this.#close(); };
    document.addEventListener("pointerdown", this.#leave);
    document.addEventListener("focusin", this.#leave);
  }

  disconnectedCallback() {
    document.removeEventListener("pointerdown", this.#leave);
    document.removeEventListener("focusin", this.#leave);
  }

  #leave;

  #chips() { return [...this.querySelectorAll(".chip")]; }

  #typed(event) {
    if (event.isComposing) return;
    const { key } = event;
    const atStart = this.field.selectionStart === 0 && this.field.selectionEnd === 0;
    if ((key === "Backspace" || key === "ArrowLeft") && atStart && this.#chips().length) {
      event.preventDefault();
      this.#chips().at(-1).querySelector(".chip__off").focus();
    } else if (key === "+" && this.field.value === "" && this.dataset.filters) {
      event.preventDefault();
      this.#open();
    } else if (key === "ArrowDown") {
      if (document.querySelector("picture-grid")?.enter()) event.preventDefault();
    } else if (key === "Escape") {
      event.preventDefault();
      this.field.blur();
    }
  }

  #onChip(event) {
    const chip = event.target.closest(".chip");
    const stops = [...this.querySelectorAll(".chip a")];
    const here = stops.indexOf(event.target);
    if (event.key === "Backspace" || event.key === "Delete") {
      event.preventDefault();
      chip.querySelector(".chip__off").click();
    } else if (event.key === "ArrowLeft" && here > 0) {
      event.preventDefault();
      stops[here - 1].focus();
    } else if (event.key === "ArrowRight" || event.key === "Escape") {
      event.preventDefault();
      (stops[here + 1] ?? this.field).focus();
      if (event.key === "Escape") this.field.focus();
    }
  }

  #toggle() {
    if (this.list) this.#close(true);
    else this.#open();
  }

  /** What can be added, asked for once; nothing when the server does not say. */
  #offered() {
    this.asked ??= fetch(this.dataset.filters, { credentials: "same-origin", headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok && !answer.redirected ? answer.json() : null)).catch(() => null);
    return this.asked;
  }

  #open() {
    this.chosen = null;
    this.entry = element("input.control", {
      type: "text", role: "combobox", "aria-autocomplete": "list", "aria-expanded": "true", "aria-controls": "filter-rows", autocomplete: "off", spellcheck: "false",
    });
    this.rows = element("div.filters__list", { role: "listbox", id: "filter-rows", "aria-label": text("find_filter") });
    this.list = element("div.filters", {}, element("div.filters__head", {}, this.entry), this.rows);
    this.entry.addEventListener("input", () => this.#draw());
    this.entry.addEventListener("keydown", (event) => this.#inList(event));
    this.rows.addEventListener("mousedown", (event) => event.preventDefault());
    this.rows.addEventListener("click", (event) => {
      const row = event.target.closest("[role=option]");
      if (row) this.#take(Number(row.dataset.index));
    });
    this.frame.append(this.list);
    this.addButton.setAttribute("aria-expanded", "true");
    this.#draw();
    this.entry.focus();
    this.#fill(this.list);
  }

  /** The list stands at once, so that what is typed meanwhile is typed into it. */
  async #fill(list) {
    const filters = await this.#offered();
    if (this.list !== list) return;
    if (!filters) return location.assign(this.dataset.filters); // There it is said what is the matter.
    this.filters = filters;
    this.#draw();
  }

  #close(back = false) {
    this.list?.remove();
    this.list = null;
    this.addButton?.setAttribute("aria-expanded", "false");
    if (back) this.field.focus();
  }

  #options() {
    const typed = this.entry.value.trim().toLowerCase();
    const has = (label) => label.toLowerCase().includes(typed);
    if (!this.chosen) return (this.filters ?? []).filter((one) => has(one.label)).map((one) => ({ label: one.label, filter: one }));
    const choices = (this.chosen.choices ?? []).filter(([, label]) => has(label)).map(([, label, url]) => ({ label, url }));
    if (!this.chosen.choices && typed) choices.push({ label: `${this.chosen.label} ${this.entry.value.trim()}`, value: this.entry.value.trim() });
    return choices;
  }

  #draw(active = 0) {
    const options = this.#options();
    this.entry.placeholder = this.chosen ? this.chosen.hint || text(this.chosen.choices ? "find_value" : "type_value") : text("find_filter");
    this.entry.setAttribute("aria-label", this.chosen ? `${this.chosen.label}: ${this.entry.placeholder}` : this.entry.placeholder);
    this.rows.replaceChildren(...options.map((option, index) => {
      const row = element("div.filters__row", { role: "option", id: `filter-row-${index}`, "aria-selected": String(index === active), "data-index": index }, option.label);
      if (option.filter) row.append(icon("chevron-right", "small"));
      return row;
    }));
    if (!options.length && this.filters && (!this.chosen || this.chosen.choices)) this.rows.append(element("p.filters__none", {}, text("no_filter")));
    this.active = options.length ? active : -1;
    this.#point();
  }

  #point() {
    const row = this.rows.children[this.active];
    if (this.active >= 0 && row) {
      this.entry.setAttribute("aria-activedescendant", row.id);
      row.scrollIntoView({ block: "nearest" });
    } else this.entry.removeAttribute("aria-activedescendant");
    [...this.rows.querySelectorAll("[role=option]")].forEach((one, index) => one.setAttribute("aria-selected", String(index === this.active)));
  }

  #inList(event) {
    const count = this.#options().length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (count) this.active = (this.active + (event.key === "ArrowDown" ? 1 : count - 1)) % count;
      this.#point();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#take(this.active);
    } else if (event.key === "Escape" || (event.key === "Backspace" && this.entry.value === "")) {
      event.preventDefault();
      event.stopPropagation();
      if (!this.chosen) return this.#close(true);
      this.chosen = null;
      this.entry.value = "";
      this.#draw();
    }
  }

  #take(index) {
    const option = this.#options()[index];
    if (!option) return;
    if (option.filter) {
      this.chosen = option.filter;
      this.entry.value = "";
      this.#draw();
      this.entry.focus();
    } else if (option.url) {
      this.#close();
      go(option.url, this.addButton, "#q"); // A form as the source would add its own fields to the address.
    } else {
      this.form.append(element("input", { type: "hidden", name: this.chosen.name, value: option.value }));
      this.#close(true);
      htmx.trigger(this.form, "submit");
    }
  }
}

customElements.define("asset-search", AssetSearch);
