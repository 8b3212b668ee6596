// <upload-queue>: the drop zone, the rows and the figures of a Queue.
import { element } from "../element.js";
import { icon } from "../icon.js";
import { announce } from "../live.js";
import { number, size, text } from "../texts.js";
import { complain } from "../toasts.js";
import { Api } from "./api.js";
import { Delivery } from "./delivering.js";
import { Keeping } from "./keeping.js";
import { canPick, fromDrop, fromInput, fromPaste, fromPicker } from "./picking.js";
import { speedOf } from "./item.js";
import { Queue } from "./queue.js";

const ORDER = { failed: 0, "needs-file": 1 };
const PICTURES = /^image\/(jpeg|png|gif|webp|avif|svg\+xml)$/;

function duration(seconds) {
  if (seconds < 60) return text("seconds_left", { count: number(Math.max(1, Math.ceil(seconds))) });
  if (seconds < 5400) return text("minutes_left", { count: number(Math.ceil(seconds / 60)) });
  return text("hours_left", { count: number(Math.ceil(seconds / 3600)) });
}

class UploadQueue extends HTMLElement {
  async connectedCallback() {
    this.rows = new Map();
    this.list = this.querySelector("[data-rows]");
    this.drop = this.querySelector(".drop");
    this.quarter = 0;
    const about = {};
    if (this.dataset.folder) about.folder = this.dataset.folder;
    if (this.dataset.asVersionOf) about.asVersionOf = Number(this.dataset.asVersionOf);
    if (this.dataset.deliver) this.delivery = new Delivery(this);
    const keeping = await new Keeping(this.dataset.owner).open();
    this.queue = new Queue({ api: new Api(this.dataset.url), keeping, about, onChange: () => this.#draw() });
    this.#listen();
    this.dataset.ready = "";
    await this.#alone();
  }

  // One tab of a browser carries on with what is kept; a second one only sends what is given to it.
  async #alone() {
    if (!navigator.locks) return this.queue.restore();
    const notice = this.querySelector("[data-elsewhere]");
    // A page that is just being left may hold the lock for a moment: no notice for that.
    const others = setTimeout(() => { notice.hidden = false; }, 1200);
    await navigator.locks.request(`assetlib-uploads-${this.dataset.owner}`, async () => {
      clearTimeout(others);
      notice.hidden = true;
      await this.queue.restore();
      await new Promise(() => {}); // Held until the page is gone.
    });
  }

  #listen() {
    const { queue } = this;
    for (const input of this.querySelectorAll('input[type="file"]')) {
      input.addEventListener("change", () => {
        this.#add(fromInput(input));
        input.value = "";
      });
    }
    this.addEventListener("click", (event) => this.#clicked(event));
    this.addEventListener("submit", (event) => event.preventDefault());

    let depth = 0;
    const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
    document.addEventListener("dragenter", (event) => {
      if (!carriesFiles(event)) return;
      depth += 1;
      this.drop.setAttribute("data-over", "");
    });
    document.addEventListener("dragleave", (event) => {
      if (!carriesFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (!depth) this.drop.removeAttribute("data-over");
    });
    document.addEventListener("dragover", (event) => { if (carriesFiles(event)) event.preventDefault(); });
    document.addEventListener("drop", async (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth = 0;
      this.drop.removeAttribute("data-over");
      this.#add(await fromDrop(event.dataTransfer));
    });
    document.addEventListener("paste", (event) => {
      if (event.target.closest("input, textarea")) return;
      const found = fromPaste(event.clipboardData);
      if (!found.length) return;
      event.preventDefault();
      this.#add(found);
    });
    addEventListener("beforeunload", (event) => {
      if (queue.items.some((item) => item.busy && !item.kept)) event.preventDefault();
    });
    setInterval(() => { if (queue.items.some((item) => item.busy)) this.#draw(); }, 1000);
  }

  async #clicked(event) {
    const button = event.target.closest("button, label[data-pick]");
    if (!button) return;
    const { queue } = this;
    const { act } = button.dataset;
    const item = queue.items.find((one) => one.key === button.closest("[data-key]")?.dataset.key);
    const all = queue.items;
    if (button.matches("[data-pick]") && canPick) {
      event.preventDefault();
      this.#add(await fromPicker());
    } else if (act === "pause") queue.pause(item);
    else if (act === "resume") queue.resume(item);
    else if (act === "remove") { this.#focusBeside(item); queue.remove(item); }
    else if (act === "find") this.#find(item);
    else if (act === "leave-out") queue.leaveOut(item);
    else if (act === "as-version") queue.leaveOut(item, item.same.id);
    else if (act === "pause-all") all.forEach((one) => queue.pause(one));
    else if (act === "resume-all") all.filter((one) => ["paused", "waiting-network"].includes(one.state)).forEach((one) => queue.resume(one));
    else if (act === "retry-all") all.filter((one) => one.state === "failed" && !one.final).forEach((one) => queue.resume(one));
    else if (act === "find-all") {
      const held = all.filter((one) => one.state === "needs-file" && one.handle);
      if (held.length) queue.askAgain(held);
      else this.querySelector('input[type="file"]').click();
    } else if (act === "clear") queue.clearReady();
  }

  #add(found) {
    this.queue.add(this.delivery ? this.delivery.assign(found) : found);
  }

  // On the page of a deliverable only what is sent for it.
  get shown() {
    return this.delivery ? this.queue.items.filter((item) => this.delivery.asks(item.deliveredFor)) : this.queue.items;
  }

  #find(item) {
    if (item.handle) this.queue.askAgain([item]);
    else this.querySelector('input[type="file"]').click();
  }

  #focusBeside(item) {
    const row = this.rows.get(item.key)?.node;
    const next = row?.nextElementSibling ?? row?.previousElementSibling;
    (next?.querySelector("button") ?? this.querySelector("[data-pick], .drop button, input[type=file]"))?.focus();
  }

  // ---- drawing: at most once in a frame ----

  #draw() {
    if (this.waiting) return;
    this.waiting = true;
    const frame = document.visibilityState === "visible" ? requestAnimationFrame : (then) => setTimeout(then, 250);
    frame(() => {
      this.waiting = false;
      this.#drawRows();
      this.#drawHead();
    });
  }

  #drawRows() {
    this.delivery?.follow(this.queue);
    const items = [...this.shown].sort((a, b) => (ORDER[a.state] ?? 2) - (ORDER[b.state] ?? 2));
    const keys = new Set(items.map((item) => item.key));
    for (const [key, row] of this.rows) {
      if (keys.has(key)) continue;
      row.node.remove();
      if (row.picture) URL.revokeObjectURL(row.picture);
      this.rows.delete(key);
    }
    items.forEach((item, index) => {
      const row = this.#row(item);
      if (this.list.children[index] !== row.node) this.list.insertBefore(row.node, this.list.children[index] ?? null);
      this.#fill(row, item);
      // What stands here does not stand among the earlier ones as well.
      if (item.id) document.querySelector(`[data-upload="${item.id}"]`)?.remove();
    });
    this.list.hidden = !items.length;
    this.drop.toggleAttribute("data-empty", !items.length && !this.delivery);
  }

  #row(item) {
    let row = this.rows.get(item.key);
    if (row) return row;
    const node = this.querySelector("template[data-row]").content.firstElementChild.cloneNode(true);
    const part = (name) => node.querySelector(`[data-${name}]`);
    row = { node, thumb: part("thumb"), name: part("name"), meta: part("meta"), bar: part("bar"), line: part("line"), left: part("left"), right: part("right"), status: part("status"), actions: part("actions") };
    node.dataset.key = item.key;
    this.rows.set(item.key, row);
    return row;
  }

  #fill(row, item) {
    const { state, percent } = item;
    const view = this.#view(item);
    row.node.dataset.state = state;
    if (row.url !== item.asset?.url || row.said !== item.name) {
      row.url = item.asset?.url;
      row.said = item.name;
      row.name.replaceChildren(item.asset?.url ? element("a.upload-row__name", { href: item.asset.url }, item.name) : item.name);
    }
    if (row.meta.dataset.says !== view.meta) {
      row.meta.dataset.says = view.meta;
      row.meta.replaceChildren(view.meta, ...(view.same ? [" ", element("a", { href: view.same.url }, `${view.same.ref} ${view.same.title}`)] : []));
    }
    row.bar.hidden = !view.bar;
    row.bar.value = percent;
    row.bar.setAttribute("aria-label", item.name);
    row.bar.toggleAttribute("data-still", state !== "uploading");
    row.line.hidden = !view.left;
    row.left.textContent = view.left ?? "";
    row.right.textContent = view.right ?? "";
    if (row.state !== `${state} ${item.problem?.code ?? ""}`) {
      row.state = `${state} ${item.problem?.code ?? ""}`;
      row.status.replaceChildren(...(view.status ? [element(`span.status.tone-${view.status.tone}`, {}, view.status.spin ? element("span.spinner", { "aria-hidden": "true" }) : icon(view.status.icon), view.status.label)] : []));
      const held = row.actions.contains(document.activeElement) ? document.activeElement.dataset.act : null;
      row.actions.replaceChildren(...view.actions.map(([act, label, drawing]) => this.#action(act, label, drawing, item)));
      if (held) (row.actions.querySelector(`[data-act="${held}"]`) ?? row.actions.querySelector("button"))?.focus();
    }
    this.#picture(row, item);
  }

  #action(act, label, drawing, item) {
    const button = element("button.button.button--small", { type: "button", "data-act": act });
    if (drawing && !["resume", "find"].includes(act)) {
      button.classList.add("button--icon");
      button.setAttribute("aria-label", `${label}, ${item.name}`);
      button.title = label;
      if (act === "remove") button.classList.add("button--quiet");
      button.append(icon(drawing));
    } else button.append(...(drawing ? [icon(drawing, "small")] : []), element("span", {}, label), element("span.out-of-sight", {}, `, ${item.name}`));
    return button;
  }

  #view(item) {
    const { state, percent } = item;
    const sizes = size(item.size);
    const name = this.delivery?.nameOf(item.deliveredFor);
    const folder = name ? `${text("goes_to", { item: name })}, ` : item.folder ? `${item.folder}, ` : "";
    const remove = ["remove", text(["ready", "checking", "left-out"].includes(state) ? "put_away" : "remove"), "x"];
    const share = text("percent", { percent: number(percent) });
    switch (state) {
      case "waiting": case "opening":
        return { meta: folder + sizes, bar: percent > 0, left: percent > 0 ? share : text("waiting"), actions: [["pause", text("pause"), "pause"], remove] };
      case "uploading": {
        const done = Math.min(item.parts.size + 1, item.count);
        const speed = speedOf(item.history);
        return {
          meta: folder + (item.count > 1 ? text("part_of", { size: sizes, part: number(done), count: number(item.count) }) : sizes),
          bar: true, left: share, right: speed ? text("per_second", { size: size(speed) }) : "", actions: [["pause", text("pause"), "pause"], remove],
        };
      }
      case "pausing":
        return { meta: folder + sizes, bar: true, left: text("pausing", { percent: number(percent) }), actions: [["resume", text("resume"), "play"], remove] };
      case "paused":
        return { meta: folder + sizes, bar: true, left: text("paused_at", { percent: number(percent) }), actions: [["resume", text("resume"), "play"], remove] };
      case "waiting-network":
        return { meta: text("lost_at", { percent: number(percent) }), bar: true, left: text("waiting_network", { percent: number(percent) }), actions: [["resume", text("try_now"), "play"], remove] };
      case "needs-file":
        return { meta: text(item.handle ? "allow_again" : "choose_again", { size: sizes, percent: number(percent) }), bar: percent > 0, left: percent > 0 ? share : "", status: percent > 0 ? null : { icon: "file", label: text("needs_file"), tone: "warn" }, actions: [["find", text(item.handle ? "go_on" : "choose_file"), "play"], remove] };
      case "checking":
        return { meta: folder + sizes, status: { spin: true, label: text("checking"), tone: "ink" }, actions: [] };
      case "ready":
        if (!item.same) return { meta: folder + sizes, status: { icon: "circle-check", label: text("ready"), tone: "ok" }, actions: [remove] };
        return {
          meta: item.objection ?? text("same_as"), same: item.objection ? null : item.same, status: { icon: "copy", label: text("known"), tone: "warn" },
          actions: [
            ...(item.mayLeaveOut ? [["leave-out", text("leave_out")]] : []),
            ...(item.mayLeaveOut && item.file && item.same.takes_it ? [["as-version", text("as_version", { ref: item.same.ref })]] : []), remove,
          ],
        };
      case "left-out":
        return { meta: folder + sizes, status: { icon: "circle-minus", label: text("left_out"), tone: "ink" }, actions: [remove] };
      default: {
        const sentence = item.problem?.sentence || text(`problem_${item.problem?.code}`);
        return { meta: sentence.startsWith("problem_") ? text("problem_broken") : sentence, status: { icon: "circle-x", label: text("failed"), tone: "bad" }, actions: [...(item.final || item.problem?.code === "changed" ? [] : [["resume", text("retry"), "refresh-cw"]]), remove] };
      }
    }
  }

  #picture(row, item) {
    const url = item.asset?.thumb_url;
    if (url && row.shown !== url) {
      row.shown = url;
      row.thumb.replaceChildren(element("img", { src: url, alt: "", width: 56, height: 56 }));
      if (row.picture) URL.revokeObjectURL(row.picture);
      row.picture = null;
    } else if (!row.shown && item.file && PICTURES.test(item.file.type) && item.size < 30e6) {
      row.picture = URL.createObjectURL(item.file);
      row.shown = row.picture;
      const picture = element("img", { src: row.picture, alt: "", width: 56, height: 56 });
      picture.addEventListener("error", () => row.thumb.replaceChildren(icon("file", "large")));
      row.thumb.replaceChildren(picture);
    }
  }

  #drawHead() {
    const { queue } = this;
    const { figures } = queue;
    const items = this.shown;
    const head = this.querySelector("[data-head]");
    head.hidden = !items.length;
    const count = (...states) => items.filter((item) => states.includes(item.state)).length;
    this.querySelector("[data-files]").textContent = items.length === 1 ? text("one_file") : text("files", { count: number(items.length) });
    const parts = [
      ["sum_ready", count("ready")], ["sum_checking", count("checking")], ["sum_uploading", count("uploading", "opening", "pausing")], ["sum_waiting", count("waiting")],
      ["sum_paused", count("paused")], ["sum_network", count("waiting-network")], ["sum_needs", count("needs-file")], ["sum_failed", count("failed")],
    ];
    this.querySelector("[data-sum]").textContent = parts.filter(([, amount]) => amount).map(([key, amount]) => text(key, { count: number(amount) })).join(", ");
    const moving = items.some((item) => item.busy);
    const left = figures.left ? `, ${duration(figures.left)}` : "";
    this.querySelector("[data-bytes]").textContent = moving || count("paused") ? text("of_bytes", { sent: size(figures.sent), size: size(figures.size) }) + left : "";
    const total = this.querySelector("[data-total]");
    total.value = figures.percent;
    total.hidden = !moving;
    const show = (act, on) => { this.querySelector(`[data-act="${act}"]`).hidden = !on; };
    show("pause-all", items.length > 1 && items.some((item) => item.pausable));
    show("resume-all", !moving && count("paused", "waiting-network") > 1);
    show("retry-all", items.filter((item) => item.state === "failed" && !item.final).length > 1);
    show("find-all", count("needs-file") > 1);
    show("clear", count("ready", "left-out") > 0);
    this.#say(items, figures, moving);
    if (queue.signedOut && !this.told) {
      this.told = true;
      complain(text("signed_out"));
    }
  }

  // Every quarter and the end, not every per cent.
  #say(items, figures, moving) {
    if (!items.length) {
      this.quarter = 0;
      return;
    }
    const quarter = Math.floor(figures.percent / 25);
    if (moving && quarter > this.quarter && quarter < 4) announce(text("say_percent", { percent: number(quarter * 25) }));
    this.quarter = Math.max(this.quarter, quarter);
    const open = items.filter((item) => item.busy || ["checking", "paused", "needs-file"].includes(item.state)).length;
    if (open) this.over = false;
    else if (!this.over) {
      this.over = true;
      this.quarter = 0;
      const failed = items.filter((item) => item.state === "failed").length;
      announce(text(failed ? "say_end_failed" : "say_end", { count: number(items.length - failed), failed: number(failed) }));
    }
  }
}

customElements.define("upload-queue", UploadQueue);
