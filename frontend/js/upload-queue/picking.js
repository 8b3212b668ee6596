// Files as people give them: chosen, dropped (folders too), pasted. Each comes as {file, path, handle, root}.
const LITTER = new Set([".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX"]);
const wanted = (name) => !LITTER.has(name) && !name.startsWith("._");

export function fromInput(input) {
  return [...input.files].filter((file) => wanted(file.name)).map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

export const canPick = typeof window.showOpenFilePicker === "function";

/** The browser's own picker, where it gives handles that outlive the page. Nothing when the person thinks better of it. */
export async function fromPicker() {
  try {
    const handles = await showOpenFilePicker({ multiple: true });
    return Promise.all(handles.map(async (handle) => ({ file: await handle.getFile(), path: handle.name, handle })));
  } catch (error) {
    if (error.name === "AbortError") return [];
    throw error;
  }
}

export async function fromDrop(transfer) {
  // The list is empty after the first await: ask each item for everything now.
  const given = [...transfer.items].filter((item) => item.kind === "file").map((item) => ({
    handle: item.getAsFileSystemHandle?.().catch(() => null) ?? null,
    entry: item.webkitGetAsEntry?.() ?? null,
    file: item.getAsFile(),
  }));
  const found = [];
  for (const { handle: waiting, entry, file } of given) {
    const handle = await waiting;
    if (handle?.kind === "directory") await fromFolder(handle, handle.name, handle, found);
    else if (handle) found.push({ file: await handle.getFile(), path: handle.name, handle });
    else if (entry?.isDirectory) await fromEntry(entry, found);
    else if (file) found.push({ file, path: file.name });
  }
  return found;
}

async function fromFolder(folder, path, root, found) {
  for await (const inside of folder.values()) {
    if (!wanted(inside.name)) continue;
    const here = `${path}/${inside.name}`;
    if (inside.kind === "directory") await fromFolder(inside, here, root, found);
    else found.push({ file: await inside.getFile(), path: here, handle: inside, root });
  }
}

async function fromEntry(entry, found) {
  if (!wanted(entry.name)) return;
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    found.push({ file, path: entry.fullPath.replace(/^\//, "") });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    // A folder is read in lots of a hundred; the empty one is the last.
    const lot = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!lot.length) return;
    for (const inside of lot) await fromEntry(inside, found);
  }
}

export function fromPaste(clipboard) {
  return [...(clipboard?.files ?? [])].map((file) => {
    const unnamed = /^image\.\w+$/.test(file.name);
    const name = unnamed ? `pasted-${new Date().toISOString().slice(0, 19).replace(/[:T]/g, "-")}.${file.name.split(".").at(-1)}` : file.name;
    return { file: unnamed ? new File([file], name, { type: file.type, lastModified: file.lastModified }) : file, path: name };
  });
}
