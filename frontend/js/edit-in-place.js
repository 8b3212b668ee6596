// A fact that becomes a form where it stands. htmx brings form and answer; this sees to focus, Esc and the announcement.
import { announce } from "./live.js";
import { htmx } from "./swaps.js";
import { text } from "./texts.js";

class EditInPlace extends HTMLElement {
  connectedCallback() {
    if (this.ready) return;
    this.ready = true;
    this.addEventListener("htmx:beforeSwap", () => { this.sent = Boolean(this.querySelector("form")); });
    this.addEventListener("htmx:afterSettle", () => this.#arrived());
    this.addEventListener("dblclick", (event) => {
      if (!this.querySelector("form") && !event.target.closest("a, button")) this.querySelector(".fact__open")?.click();
    });
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.querySelector("form")) {
        event.preventDefault();
        event.stopPropagation();
        this.querySelector("[data-cancel]")?.click();
      } else if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
        this.querySelector("form")?.requestSubmit();
      }
    });
    this.addEventListener("click", (event) => { this.cancelled = Boolean(event.target.closest("[data-cancel]")); });
  }

  #arrived() {
    const form = this.querySelector("form");
    if (form) {
      const first = form.querySelector("[aria-invalid=true], input:not([type=hidden]), select, textarea");
      first?.focus();
      if (first?.select && first.type === "text") first.select();
      return;
    }
    this.querySelector(".fact__open")?.focus();
    if (this.sent && !this.cancelled) announce(text("saved"));
  }
}

customElements.define("edit-in-place", EditInPlace);
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "422", swap: true },
  { code: "[45]..", swap: false, error: true },
];
