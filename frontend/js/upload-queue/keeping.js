// The queue outlives the page in IndexedDB: small files themselves, of large ones the handle, else only their name and fingerprint.
const WITH_HANDLE = 64e6;
const WITHOUT_HANDLE = 256e6;

function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export class Keeping {
  /** One shelf per person: what one has begun does not go on under the name of another. */
  constructor(owner) {
    this.name = `assetlib-uploads-${owner}`;
  }

  async open() {
    try {
      const request = indexedDB.open(this.name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore("files", { keyPath: "key" });
      this.database = await answer(request);
    } catch {
      this.database = null; // A private window may have none. The uploads still run; the server still knows them.
    }
    return this;
  }

  #files(mode) {
    return this.database.transaction("files", mode).objectStore("files");
  }

  async all() {
    return this.database ? answer(this.#files("readonly").getAll()) : [];
  }

  async put(item) {
    if (!this.database || item.dropped) return;
    const { key, name, path, size, mtime, fingerprint, id, paused, folder, asVersionOf, deliveredFor, handle, root } = item;
    const record = { key, name, path, size, mtime, fingerprint, id, paused, folder, asVersionOf, deliveredFor };
    if (item.file && size <= (handle ? WITH_HANDLE : WITHOUT_HANDLE) && (await this.#room(size))) record.file = item.file;
    for (const attempt of [{ ...record, handle, root }, { ...record, file: undefined, handle, root }, { ...record, file: undefined }]) {
      try {
        await answer(this.#files("readwrite").put(attempt));
        item.kept = Boolean(attempt.file || attempt.handle);
        // The upload goes on while a file is being written here: say again what became of it meanwhile.
        if (item.dropped) await this.drop(item);
        else await this.note(key, { id: item.id, fingerprint: item.fingerprint, paused: item.paused });
        return;
      } catch {
        // No room, or a handle that this browser cannot keep: keep less.
      }
    }
  }

  /** Facts that change on the way, without writing the file again. */
  async note(key, facts) {
    if (!this.database) return;
    const files = this.#files("readwrite");
    const record = await answer(files.get(key));
    if (record) await answer(files.put({ ...record, ...facts }));
  }

  async drop(item) {
    item.dropped = true;
    if (this.database) await answer(this.#files("readwrite").delete(item.key));
  }

  async #room(size) {
    const { quota = 0, usage = 0 } = (await navigator.storage?.estimate?.().catch(() => ({}))) ?? {};
    return !quota || size < (quota - usage) * 0.4;
  }
}

/** The file of a kept record: at once, after asking (`ask`: only from a click), or null when only the person has it. */
export async function fileOf(record, ask = false) {
  if (record.file) return record.file;
  const { handle } = record;
  if (!handle) return null;
  try {
    const gate = record.root ?? handle;
    let state = await gate.queryPermission({ mode: "read" });
    if (state !== "granted" && ask) state = await gate.requestPermission({ mode: "read" });
    return state === "granted" ? await handle.getFile() : null;
  } catch {
    return null;
  }
}
