// All files of a person on their way: four things at a time over all of them, each part tried again until it is there.
import { Lost, Refused } from "./api.js";
import { fingerprint, sha256 } from "./hashing.js";
import { Item, moving, speedOf } from "./item.js";
import { fileOf } from "./keeping.js";
import { Line } from "./line.js";

const [AT_ONCE, TRIES, LONGEST_PAUSING] = [4, 8, 60000];

const soon = (tries) => Math.min(30000, 700 * 2 ** tries) * (0.5 + Math.random() / 2);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export class Queue {
  constructor({ api, keeping, about = {}, onChange }) {
    Object.assign(this, { api, keeping, about, onChange });
    Object.assign(this, { items: [], running: 0, line: new Line() });
    this.moved = [];
    this.gone = new Set(); // Removed here; the server's list may still name them for a moment.
    addEventListener("online", () => this.#lineIsBack());
    addEventListener("offline", () => this.#lineIsGone());
  }

  // What is there from before: kept by this browser, or known to the server from another one.
  async restore() {
    for (const record of await this.keeping.all()) {
      if (this.items.some((item) => item.key === record.key)) continue;
      const item = new Item({ ...record, file: null, kept: Boolean(record.file || record.handle), restored: true });
      this.items.push(item);
      await this.#fileIsBack(item, await fileOf(record));
    }
    try {
      for (const upload of await this.api.openUploads()) this.#fromServer(upload);
    } catch {
      // Without the list the kept ones still open themselves again.
    }
    this.#changed();
    this.#work();
  }

  #fromServer(upload) {
    if (this.gone.has(upload.id)) return;
    const known = this.items.find((item) => item.id === upload.id || (upload.fingerprint && item.fingerprint === upload.fingerprint));
    const parts = new Map((upload.parts ?? []).map((part) => [part.n, part.size]));
    if (known) {
      known.id = upload.id;
      if (!known.partSize) known.parts = parts;
      return;
    }
    this.items.push(new Item({
      id: upload.id, name: upload.name, path: upload.name, size: upload.size, fingerprint: upload.fingerprint,
      mtime: upload.mtime, parts, state: "needs-file", elsewhere: true, deliveredFor: upload.delivered_for,
    }));
  }

  async #fileIsBack(item, file) {
    if (!file) item.state = "needs-file";
    else if (file.size !== item.size || (item.mtime && file.lastModified !== item.mtime)) {
      item.file = null;
      this.#fail(item, "changed");
      return;
    } else {
      item.file = file;
      item.state = item.paused ? "paused" : "waiting";
    }
    this.#changed();
  }

  /** Files that were chosen, dropped or pasted. Those that the queue waits for find their place again. */
  async add(found) {
    for (const { file, path, handle, root, deliveredFor } of found) {
      const waiting = this.items.filter((item) => item.state === "needs-file" && item.size === file.size);
      const mark = waiting.length ? await fingerprint(file) : null;
      const same = waiting.find((item) => item.fingerprint === mark || (!item.fingerprint && item.name === file.name));
      if (same) {
        Object.assign(same, { file, handle, root, mtime: file.lastModified, state: "waiting", paused: false });
        this.keeping.put(same);
        continue;
      }
      if (this.items.some((item) => item.path === path && item.size === file.size && item.mtime === file.lastModified && item.deliveredFor === deliveredFor && !["failed", "left-out"].includes(item.state))) continue;
      const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : undefined;
      const item = new Item({ file, handle, root, path, folder, name: file.name, size: file.size, mtime: file.lastModified, fingerprint: mark, asVersionOf: this.about.asVersionOf, deliveredFor });
      this.items.push(item);
      this.keeping.put(item);
    }
    this.#changed();
    this.#work();
  }

  /** From a click: ask for the files again that the browser holds handles of. */
  async askAgain(items) {
    for (const item of items) await this.#fileIsBack(item, await fileOf(item, true));
    this.#work();
  }

  /** Begin nothing more of it. Parts that are on their way arrive first, unless they take too long. */
  pause(item) {
    if (!item.pausable) return;
    item.paused = true;
    if (item.flying.size || item.completing) {
      item.state = "pausing";
      clearTimeout(item.patience);
      item.patience = setTimeout(() => item.state === "pausing" && this.#stop(item, "paused"), LONGEST_PAUSING);
    } else this.#stop(item, "paused");
    this.keeping.note(item.key, { paused: true });
    this.#changed();
  }

  resume(item) {
    if (!["pausing", "paused", "failed", "waiting-network"].includes(item.state)) return;
    const state = item.state === "pausing" ? "uploading" : item.file ? "waiting" : "needs-file";
    Object.assign(item, { paused: false, problem: null, tries: 0, state });
    this.keeping.note(item.key, { paused: false });
    this.#changed();
    this.#work();
  }

  async remove(item) {
    item.removed = true;
    if (item.id) this.gone.add(item.id);
    this.#stop(item, "removed");
    this.items = this.items.filter((one) => one !== item);
    this.#changed();
    await this.keeping.drop(item);
    if (item.id && !item.arrived) await this.api.cancel(item.id).catch(() => {});
    this.#work();
  }

  clearReady() {
    this.items = this.items.filter((item) => !["ready", "left-out"].includes(item.state));
    this.#changed();
  }

  /** Delete again what became of it. With `target` its file goes up once more, as a version of that asset. */
  async leaveOut(item, target = null) {
    try {
      await this.api.deleteAsset(item.asset.id);
    } catch (error) {
      item.objection = error.message;
      this.#changed();
      return;
    }
    Object.assign(item, { state: "left-out", asset: null, same: null, objection: null });
    if (target) {
      const { file, handle, root, path, name, size, mtime, fingerprint } = item;
      const again = new Item({ file, handle, root, path, name, size, mtime, fingerprint, asVersionOf: target });
      this.items.splice(this.items.indexOf(item), 1, again);
      this.keeping.put(again);
    }
    this.#changed();
    this.#work();
  }

  #stop(item, state) {
    item.state = state;
    if (["waiting-network", "failed"].includes(state)) item.peak = 0; // From here on it says what has really arrived.
    item.control?.abort();
    item.control = null;
    item.flying.clear();
    item.history = [];
  }

  #lineIsGone() {
    for (const item of this.items) if (item.busy) this.#stop(item, item.paused ? "paused" : "waiting-network");
    this.#changed();
  }

  #lineIsBack() {
    for (const item of this.items) if (item.state === "waiting-network") Object.assign(item, { state: "waiting", tries: 0 });
    this.#changed();
    this.#work();
  }

  #fail(item, code, sentence = "") {
    this.#stop(item, "failed");
    item.problem = { code, sentence };
    this.#changed();
  }

  #changed() {
    this.onChange();
  }

  // ---- the work ----

  #work() {
    while (this.running < AT_ONCE) {
      const task = this.#next();
      if (!task) return;
      this.running += 1;
      task().finally(() => {
        this.running -= 1;
        this.#work();
      });
    }
  }

  #next() {
    next: for (const item of this.items) {
      if (item.state !== "uploading" || item.notBefore > Date.now()) continue;
      for (let n = 1; n <= item.count; n += 1) {
        if (item.parts.has(n) || item.flying.has(n)) continue;
        if (!this.line.takesAnother(item, this.items)) continue next;
        item.flying.set(n, 0);
        return () => this.#guard(item, () => this.#send(item, n), () => item.flying.delete(n));
      }
      if (!item.flying.size && !item.completing) {
        item.completing = true;
        return () => this.#guard(item, () => this.#complete(item), () => { item.completing = false; });
      }
    }
    const waiting = this.items.find((item) => item.state === "waiting" && item.file && !(item.notBefore > Date.now()));
    if (!waiting) return null;
    waiting.state = "opening";
    return () => this.#guard(waiting, () => this.#open(waiting), () => {});
  }

  /** Run a step of an item, and see to what may happen on the way. `undo` runs when it did not come to its end. */
  async #guard(item, step, undo) {
    const control = (item.control ??= new AbortController());
    try {
      await step();
      item.tries = 0;
    } catch (error) {
      undo();
      if (item.state === "pausing") return;
      if (control.signal.aborted || item.removed || error.name === "AbortError") return;
      if (error instanceof Lost || (error instanceof Refused && error.passing)) await this.#later(item, error);
      else if (error instanceof Refused) this.#refused(item, error);
      else this.#fail(item, error.name === "NotFoundError" || error.name === "NotReadableError" ? "unreadable" : "broken");
    } finally {
      if (item.state === "pausing" && !item.flying.size && !item.completing) {
        item.state = "paused";
        this.#changed();
      }
    }
  }

  async #later(item, error) {
    if (item.state !== "uploading" && item.state !== "opening") return;
    item.tries += 1;
    // Parts that still move are let alone: on a poor line one of four is lost now and then.
    if (!item.flying.size) this.#stop(item, error instanceof Lost ? "waiting-network" : "waiting");
    if (!(error instanceof Lost) && item.tries > TRIES) {
      this.#fail(item, "server", error.message);
      return;
    }
    const wait = Math.max(soon(item.tries), (error.retryAfter || 0) * 1000);
    item.notBefore = Date.now() + wait;
    this.#changed();
    setTimeout(() => {
      item.notBefore = 0;
      if (item.state === "waiting-network" && navigator.onLine) item.state = "waiting";
      this.#changed();
      this.#work();
    }, wait);
  }

  #refused(item, error) {
    const gone = [404, 410].includes(error.status) && item.id && !item.reopened;
    // A part that was damaged on its way is sent again; so are those that the server misses at the end.
    const torn = item.state === "uploading" && error.status === 422 && error.code !== "wrong_part" && (item.torn ?? 0) < 5;
    const missing = error.code === "parts_missing" && (item.missing ?? 0) < 3;
    if (gone) {
      // The server let this upload go; its parts are gone with it. Begin anew, once.
      Object.assign(item, { id: null, reopened: true, partSize: 0, parts: new Map(), peak: 0 });
      this.#stop(item, "waiting");
    } else if (torn) {
      item.torn = (item.torn ?? 0) + 1;
      return;
    } else if (missing) {
      item.missing = (item.missing ?? 0) + 1;
      this.#stop(item, "waiting");
    } else if (error.status === 401) {
      for (const one of this.items) if (one.busy) this.#stop(one, "paused");
      this.signedOut = true;
    } else {
      this.#fail(item, error.code ?? "refused", error.message);
      this.keeping.drop(item); // It can be tried again here, but it does not come back by itself.
    }
    this.#changed();
  }

  async #open(item) {
    item.fingerprint ??= await fingerprint(item.file);
    const facts = { name: item.name, size: item.size, mtime: item.mtime, fingerprint: item.fingerprint, as_version_of: item.asVersionOf, delivered_for: item.deliveredFor };
    if (item.folder ?? this.about.folder) facts.folder = item.folder ?? this.about.folder;
    const upload = (item.id && (await this.#known(item))) || (await this.api.open(facts, item.control.signal));
    Object.assign(item, { id: upload.id, partSize: upload.part_size, transfer: upload.transfer });
    item.parts = new Map((upload.parts ?? []).map((part) => [part.n, part.size]));
    this.keeping.note(item.key, { id: item.id, fingerprint: item.fingerprint });
    if (upload.state !== "open") {
      item.state = "checking";
      this.#follow(item);
    } else if (item.state === "opening") item.state = "uploading";
    this.#changed();
  }

  /** What the server says of an upload that was begun before: it may be further than this browser knows. */
  async #known(item) {
    try {
      const upload = await this.api.look(item.id, item.control.signal);
      if (upload.state === "cancelled") return null;
      return upload.state !== "open" || (upload.part_size && upload.parts) ? { id: item.id, ...upload } : null;
    } catch (error) {
      if (error instanceof Refused && [404, 410].includes(error.status)) return null;
      throw error;
    }
  }

  async #send(item, n) {
    const { signal } = item.control;
    const from = (n - 1) * item.partSize;
    const blob = item.file.slice(from, Math.min(from + item.partSize, item.size));
    let target;
    if (item.transfer === "sign") [target] = (await this.api.sign(item.id, [{ n, size: blob.size }], signal)).parts;
    else target = this.api.partTarget(item.id, n, await sha256(await blob.arrayBuffer()));
    const onProgress = (loaded) => {
      if (!item.flying.has(n)) return;
      this.#moving(item, loaded - item.flying.get(n));
      item.flying.set(n, Math.min(loaded, blob.size));
      this.#changed();
    };
    const began = performance.now();
    await this.api.sendPart(target, blob, { signal, onProgress });
    this.line.took(blob.size, performance.now() - began);
    this.#moving(item, blob.size - (item.flying.get(n) ?? 0));
    item.flying.delete(n);
    item.parts.set(n, blob.size);
    this.#changed();
  }

  async #complete(item) {
    await this.api.complete(item.id, item.control.signal);
    item.state = "checking";
    item.completing = false;
    this.#changed();
    this.#follow(item);
  }

  // The server reads the whole file now; ask it less and less often.
  async #follow(item) {
    item.arrived = true;
    for (let wait = 600; !item.removed; wait = Math.min(wait * 1.4, 8000)) {
      await pause(wait * (0.8 + Math.random() * 0.4));
      let upload;
      try {
        upload = await this.api.look(item.id);
      } catch (error) {
        if (error instanceof Refused && !error.passing) {
          this.#fail(item, error.code ?? "refused", error.message);
          return;
        }
        continue;
      }
      if (upload.state === "available") {
        Object.assign(item, { state: "ready", asset: upload.asset, same: upload.same_as[0], mayLeaveOut: upload.may_leave_out });
        this.#awaitPicture(item);
        break;
      }
      if (upload.state === "refused") {
        this.#fail(item, upload.refusal?.code ?? "refused", upload.refusal?.sentence);
        item.final = true;
        break;
      }
      if (upload.state === "cancelled" || upload.state === "abandoned") {
        this.#fail(item, "gone");
        break;
      }
    }
    await this.keeping.drop(item);
    this.#changed();
  }

  // The asset is there before its first preview is: ask a few times more, the row shows it then.
  async #awaitPicture(item) {
    for (let wait = 1500; !item.removed && item.asset && !item.asset.thumb_url && wait < 20000; wait *= 1.6) {
      await pause(wait);
      const upload = await this.api.look(item.id).catch(() => null);
      if (upload?.asset?.thumb_url) item.asset = upload.asset;
    }
    this.#changed();
  }

  // ---- figures ----

  #moving(item, bytes) {
    for (const list of [item.history, this.moved]) moving(list, bytes);
  }

  get figures() {
    const counted = this.items.filter((item) => !["failed", "left-out"].includes(item.state));
    const sum = (items, amount) => items.reduce((whole, item) => whole + amount(item), 0);
    const size = sum(counted, (item) => item.size);
    const sent = sum(counted, (item) => (["checking", "ready"].includes(item.state) ? item.size : item.sent));
    const speed = speedOf(this.moved);
    const left = sum(counted.filter((item) => item.busy), (item) => item.size - item.sent);
    return { size, sent, speed, left: speed && left ? left / speed : 0, percent: size ? Math.floor((sent / size) * 100) : 0 };
  }
}
