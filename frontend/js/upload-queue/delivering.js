// Files for what was asked for: which file goes where, and the page that says what the checks found.
import { announce } from "../live.js";
import { fromInput } from "./picking.js";

const AGAIN = 1500;
const PARTS = ["delivery", "send-button"];
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Delivery {
  constructor(queue) {
    this.queue = queue;
    this.drawn = new Set();
    this.wanted = JSON.parse(queue.dataset.deliver);
    document.addEventListener("change", (event) => {
      const input = event.target.closest?.("input[data-for-item]");
      if (!input) return;
      queue.queue.add(fromInput(input).slice(0, 1).map((one) => ({ ...one, deliveredFor: Number(input.dataset.forItem) })));
      input.value = "";
    });
    if (document.querySelector("#delivery[data-waiting]")) this.#redraw();
  }

  asks(id) { return this.wanted.some((one) => one.id === id); }
  nameOf(id) { return this.wanted.find((one) => one.id === id)?.name; }

  /** Each file with the item that it is for: by the size or the name that it carries, else the next that waits. */
  assign(found) {
    const open = this.wanted.filter((one) => one.open);
    return found.map((one) => {
      const name = one.file.name.toLowerCase();
      const sized = this.wanted.filter(({ width, height }) => width && new RegExp(`(^|\\D)${width}\\s?[x×_-]\\s?${height}(\\D|$)`).test(name));
      const named = this.wanted.filter((each) => name.includes(each.name.toLowerCase()));
      const meant = [sized, named].find((those) => those.length === 1)?.[0] ?? open[0] ?? this.wanted[0];
      open.splice(open.indexOf(meant), open.includes(meant) ? 1 : 0);
      return { ...one, deliveredFor: meant.id };
    });
  }

  /** What has arrived is drawn by the server, with its checks. */
  follow(queue) {
    const ready = queue.items.filter((item) => item.state === "ready" && this.asks(item.deliveredFor) && !this.drawn.has(item.key));
    if (!ready.length) return;
    for (const item of ready) this.drawn.add(item.key);
    this.#redraw().then(() => queue.clearReady());
  }

  async #redraw() {
    if (this.again) {
      this.missed = true;
      return;
    }
    this.again = true;
    do {
      this.missed = false;
      await this.#fetch();
      if (document.querySelector("#delivery[data-waiting]")) await pause(AGAIN);
    } while (this.missed || document.querySelector("#delivery[data-waiting]"));
    this.again = false;
    announce(document.querySelector("#send-why")?.textContent ?? document.querySelector("#send-button")?.textContent.trim() ?? "");
  }

  async #fetch() {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const held = document.activeElement?.dataset?.forItem;
    for (const id of PARTS) {
      const [before, after] = [document.getElementById(id), page.getElementById(id)];
      if (before && after) before.replaceWith(after);
    }
    const queue = page.querySelector("upload-queue");
    if (queue) this.wanted = JSON.parse(queue.dataset.deliver);
    if (held) document.querySelector(`[data-for-item="${held}"]`)?.focus();
  }
}
