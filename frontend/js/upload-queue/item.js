// One file on its way, and how fast it goes.
const WINDOW = 5000;

/** waiting · opening · uploading · pausing · paused · waiting-network · needs-file · checking · ready · left-out · failed */
export class Item {
  constructor(facts) {
    Object.assign(this, { key: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, state: "waiting", parts: new Map(), flying: new Map(), history: [], tries: 0, peak: 0 }, facts);
  }

  /** Bytes. A part that has to go once more takes nothing back from what was shown: the rest catches up with it. */
  get sent() {
    let bytes = 0;
    for (const size of this.parts.values()) bytes += size;
    for (const loaded of this.flying.values()) bytes += loaded;
    this.peak = Math.min(Math.max(bytes, this.peak), this.size);
    return this.peak;
  }

  get percent() {
    if (["checking", "ready"].includes(this.state)) return 100;
    return this.size ? Math.floor((this.sent / this.size) * 100) : 0;
  }

  get count() { return this.partSize ? Math.max(1, Math.ceil(this.size / this.partSize)) : 0; }
  get pausable() { return ["waiting", "opening", "uploading", "waiting-network"].includes(this.state); }
  get busy() { return this.pausable || this.state === "pausing"; }
}

/** Note in `list` that so many bytes left just now. */
export function moving(list, bytes) {
  const now = performance.now();
  list.push([now, bytes]);
  while (list.length && now - list[0][0] > WINDOW) list.shift();
}

/** Bytes in a second over the last five, 0 when nothing moves. */
export function speedOf(list) {
  const now = performance.now();
  const recent = list.filter(([at]) => now - at < WINDOW);
  if (recent.length < 2) return 0;
  return Math.max(0, recent.reduce((sum, [, bytes]) => sum + bytes, 0)) / Math.max(0.5, (now - recent[0][0]) / 1000);
}
