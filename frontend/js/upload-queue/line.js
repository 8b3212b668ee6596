// How the line to the server is. On a slow one parts go one after the other: when it ends, one part is sent again, not four.
const SLOW_MS = 8000;
const TELLING_BYTES = 1024 * 1024;

export class Line {
  slow = null; // Not known before a part has gone through.

  /** Whether a part of this item may begin beside what is on its way. */
  takesAnother(item, items) {
    if (this.slow === false) return true;
    return this.slow ? !items.some((one) => one.flying.size) : !item.flying.size;
  }

  /** A part went through; a small one that was quick says nothing. */
  took(bytes, ms) {
    if (ms > SLOW_MS) this.slow = true;
    else if (bytes >= TELLING_BYTES) this.slow = false;
  }
}
