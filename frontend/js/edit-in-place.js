// A form that opens where its value stands. <details> opens it and htmx brings the answer; this sees to focus, Esc and Back.
import { htmx } from "./swaps.js";

class EditInPlace extends HTMLElement {
  connectedCallback() {
    this.details = this.querySelector(".fact__edit");
    if (!this.details) return;
    this.summary = this.details.querySelector("summary");
    this.form = this.details.querySelector("form");
    this.details.addEventListener("toggle", () => this.details.open && this.#focusField());
    this.form.addEventListener("reset", () => this.#close());
    this.form.addEventListener("htmx:beforeRequest", () => { returnTo = this.id; });
    this.addEventListener("dblclick", (event) => {
      if (!this.details.open && !event.target.closest("a, button, summary")) this.details.open = true;
    });
    this.addEventListener("keydown", (event) => {
      if (!this.details.open) return;
      if (event.key === "Escape") {
        event.preventDefault();
        this.form.reset();
      } else if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) this.form.requestSubmit();
    });
    this.addEventListener("click", (event) => {
      const more = event.target.closest("[data-several-add]");
      if (!more) return;
      const field = more.previousElementSibling.cloneNode();
      field.value = "";
      more.before(field);
      field.focus();
    });
  }

  #focusField() {
    const first = this.form.querySelector('[aria-invalid="true"], input:not([type="hidden"]), select, textarea');
    first?.focus();
    if (first?.matches('input[type="text"], input:not([type])')) first.select();
  }

  #close() {
    this.details.open = false;
    this.summary.focus();
  }

  /** After an answer: to the field that was refused, or to the button that the form came from. */
  comeBack() {
    if (this.details?.open) this.#focusField();
    else this.summary?.focus();
  }
}

let returnTo = "";
document.addEventListener("htmx:afterSettle", () => {
  if (!returnTo) return;
  const place = document.getElementById(returnTo);
  returnTo = "";
  place?.comeBack?.();
});

customElements.define("edit-in-place", EditInPlace);

// A refused form comes back with its status and is shown; other refusals are told at the top of the page.
htmx.config.responseHandling = [
  { code: "204", swap: false },
  { code: "[23]..", swap: true },
  { code: "4(09|22)", swap: true },
  { code: "[45]..", swap: false, error: true },
];
