// A bar is moved, or its end, and the forecast follows: by the mouse, or by keys on its handle. Until it is saved nothing else moves.
import { csrf } from "./csrf.js";
import { text } from "./texts.js";

const DAY = 86_400_000;
const END_OF_BAR = 8;
const language = document.documentElement.lang || "en";
const shown = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
const live = document.getElementById("live");

const read = (iso) => Date.parse(`${iso}T00:00:00Z`);
const iso = (day) => new Date(day).toISOString().slice(0, 10);
const isWorkday = (day) => ![0, 6].includes(new Date(day).getUTCDay());

/** A workday further on or back; holidays are the server's to know. */
function workday(day, by) {
  let at = day + by * DAY;
  while (!isWorkday(at)) at += by * DAY;
  return at;
}

class GanttChart extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("pointerdown", (event) => this.#grab(event));
    this.addEventListener("focusout", (event) => event.target.matches?.(".gantt__handle") && !this.dragged && this.#takeBack(event.target));
    this.addEventListener("click", (event) => {
      const fold = event.target.closest("[data-fold]");
      if (fold) this.#fold(fold);
    });
    this.#show();
  }

  #show() {
    for (const fold of this.querySelectorAll("[data-fold]")) fold.hidden = !fold.closest("tbody").rows[1];
  }

  #fold(button) {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    for (const row of [...button.closest("tbody").rows].slice(1)) row.hidden = !open;
  }

  #days(handle) {
    return [read(handle.dataset.newStart ?? handle.dataset.start), read(handle.dataset.newFinish ?? handle.dataset.finish)];
  }

  #key(event) {
    const handle = event.target.closest?.(".gantt__handle");
    if (!handle) return;
    if (event.key === "Escape" && handle.hasAttribute("data-moved")) {
      event.preventDefault();
      this.#takeBack(handle);
      live.textContent = text("forecast_back");
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#save(handle);
    } else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      event.preventDefault();
      const by = event.key === "ArrowRight" ? 1 : -1;
      let [start, finish] = this.#days(handle);
      if (event.shiftKey && !("milestone" in handle.dataset)) finish = Math.max(start, workday(finish, by));
      else [start, finish] = this.#moved(start, finish, by);
      this.#put(handle, start, finish);
      live.textContent = handle.dataset.said;
    }
  }

  /** Both ends by as many workdays, so that the length stays. */
  #moved(start, finish, by) {
    return start === finish ? Array(2).fill(workday(start, by)) : [workday(start, by), workday(finish, by)];
  }

  #put(handle, start, finish) {
    const first = read(this.dataset.first), days = Number(this.dataset.days);
    handle.dataset.newStart = iso(start);
    handle.dataset.newFinish = iso(finish);
    handle.style.left = `${(100 * (start - first)) / DAY / days}%`;
    handle.style.width = `${(100 * ((finish - start) / DAY + 1)) / days}%`;
    handle.toggleAttribute("data-moved", true);
    const words = { start: shown.format(start), finish: shown.format(finish) };
    handle.dataset.told = start === finish ? words.start : `${words.start} – ${words.finish}`;
    handle.dataset.said = text("forecast_moved", words);
  }

  #takeBack(handle) {
    if (!handle.hasAttribute("data-moved")) return;
    this.#put(handle, read(handle.dataset.start), read(handle.dataset.finish));
    delete handle.dataset.newStart;
    delete handle.dataset.newFinish;
    handle.removeAttribute("data-moved");
  }

  #grab(event) {
    const handle = event.target.closest?.(".gantt__handle");
    if (!handle || event.button !== 0) return;
    event.preventDefault();
    handle.focus();
    this.dragged = handle;
    handle.setPointerCapture(event.pointerId);
    const box = handle.getBoundingClientRect(), perDay = handle.parentElement.offsetWidth / Number(this.dataset.days);
    const end = !("milestone" in handle.dataset) && event.clientX > box.right - END_OF_BAR;
    const [start, finish] = this.#days(handle), from = event.clientX;
    const move = (now) => {
      const by = Math.round((now.clientX - from) / perDay) * DAY;
      if (end) this.#put(handle, start, Math.max(start, finish + by));
      else this.#put(handle, start + by, finish + by);
    };
    const drop = (now) => {
      handle.removeEventListener("pointermove", move);
      handle.removeEventListener("pointerup", drop);
      handle.removeEventListener("pointercancel", drop);
      this.dragged = null;
      const [newStart, newFinish] = this.#days(handle);
      if (now.type === "pointercancel" || (newStart === start && newFinish === finish)) this.#takeBack(handle);
      else this.#save(handle);
    };
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", drop);
    handle.addEventListener("pointercancel", drop);
  }

  async #save(handle) {
    if (!handle.hasAttribute("data-moved") || handle.hasAttribute("aria-busy")) return;
    const [start, finish] = this.#days(handle);
    handle.setAttribute("aria-busy", "true");
    this.#tell("");
    try {
      const answer = await fetch(`/api/v1/tasks/${handle.dataset.task}/forecast`, {
        method: "PUT",
        headers: { "Content-Type": "application/json", "X-CSRF-Token": csrf() },
        body: JSON.stringify({ start: iso(start), finish: iso(finish), revision: Number(handle.dataset.revision) }),
      });
      if (answer.ok) return await this.#redraw(handle.dataset.task);
      const problem = await answer.json().catch(() => ({}));
      const fields = Object.values(problem.fields ?? problem.details?.fields ?? {});
      this.#tell([problem.detail ?? text("not_done"), ...fields].join(" "));
    } catch {
      this.#tell(text("offline"));
    }
    handle.removeAttribute("aria-busy");
    this.#takeBack(handle);
  }

  #tell(sentence) {
    const place = this.querySelector(".gantt__problem");
    place.hidden = !sentence;
    place.textContent = sentence;
  }

  /** The page as it is now: days, slips and bars of activities follow from the task. */
  async #redraw(task) {
    const answer = await fetch(location.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const folded = [...this.querySelectorAll('[data-fold][aria-expanded="false"]')].map((each) => each.closest("tbody").rows[1]?.id);
    this.innerHTML = page.getElementById(this.id).innerHTML;
    document.querySelector(".campaign__head")?.replaceWith(page.querySelector(".campaign__head"));
    this.#show();
    for (const fold of this.querySelectorAll("[data-fold]")) if (folded.includes(fold.closest("tbody").rows[1]?.id)) this.#fold(fold);
    this.querySelector(`#task-${task} .gantt__handle`)?.focus();
    live.textContent = text("forecast_saved");
  }
}

customElements.define("gantt-chart", GanttChart);
