// A card is drawn to another column: the same as pressing its button there.
class TaskBoard extends HTMLElement {
  connectedCallback() {
    for (const card of this.querySelectorAll("[data-card]")) card.draggable = true;
    this.addEventListener("dragstart", (event) => this.#lift(event));
    this.addEventListener("dragend", () => this.#drop());
    this.addEventListener("dragover", (event) => this.#over(event));
    this.addEventListener("dragleave", (event) => event.target.closest?.(".board__column")?.removeAttribute("data-over"));
    this.addEventListener("drop", (event) => {
      const column = this.#goal(event);
      if (!column) return;
      event.preventDefault();
      this.card.querySelector(`button[value="${column.dataset.stage}"]`)?.click();
    });
  }

  #lift(event) {
    this.card = event.target.closest?.("[data-card]");
    this.card?.toggleAttribute("data-dragged", true);
    if (event.dataTransfer) event.dataTransfer.effectAllowed = "move";
  }

  #goal(event) {
    const column = event.target.closest?.(".board__column");
    return column && this.card?.dataset.stages.split(" ").includes(column.dataset.stage) ? column : null;
  }

  #over(event) {
    const column = this.#goal(event);
    if (!column) return;
    event.preventDefault();
    column.toggleAttribute("data-over", true);
  }

  #drop() {
    this.card?.removeAttribute("data-dragged");
    for (const column of this.querySelectorAll("[data-over]")) column.removeAttribute("data-over");
    this.card = null;
  }
}

customElements.define("task-board", TaskBoard);
