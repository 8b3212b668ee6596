// Builds ../static: scripts, styles, fonts, the icon sprite and manifest.json (plain name → name with a content hash).
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import esbuild from "esbuild";
import { icons } from "./icons.js";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = path.join(here, "..", "static");
const work = path.join(here, "..", "static.new");

async function filesUnder(folder, ending) {
  const found = await readdir(folder, { recursive: true });
  return found.filter((name) => name.endsWith(ending)).map((name) => path.join(folder, name));
}

// open-props has hundreds of properties; a page pays only for those that our own files name.
async function namedProperties() {
  const sources = await filesUnder(path.join(here, "css"), ".css");
  const names = new Set();
  for (const file of sources) {
    for (const [, name] of (await readFile(file, "utf8")).matchAll(/var\((--[\w-]+)/g)) names.add(name);
  }
  return names;
}

function onlyNamedProperties(names) {
  return {
    name: "only-named-properties",
    setup(build) {
      build.onLoad({ filter: /open-props[\\/][\w-]+\.min\.css$/ }, async ({ path: file }) => {
        const text = await readFile(file, "utf8");
        const kept = [...text.matchAll(/(--[\w-]+):([^;}]+)/g)].filter(([, name]) => names.has(name));
        return { contents: `:where(html){${kept.map(([pair]) => pair).join(";")}}`, loader: "css" };
      });
    },
  };
}

// The zoom viewer writes a style element into the page, which the page's policy forbids; it is only about a focus ring that we draw ourselves.
const withoutStyleElement = {
  name: "without-style-element",
  setup(build) {
    build.onLoad({ filter: /openseadragon[\\/]openseadragon\.js$/ }, async ({ path: file }) => {
      const text = await readFile(file, "utf8");
      const contents = text.replace("document.head.appendChild(style);", "");
      if (contents === text) throw new Error("openseadragon writes its style element in another way now: look at build.js");
      return { contents, loader: "js" };
    });
  },
};

// A drawing that a template or script names must be in icons.js, else it would be an empty box.
async function mustListEveryIcon() {
  const listed = new Set(icons);
  const named = new Map();
  for (const file of await filesUnder(path.join(here, "..", "templates"), ".html")) {
    for (const [, name] of (await readFile(file, "utf8")).matchAll(/\bicon(?:\(|=)["']([a-z][a-z0-9-]*)["']/g)) {
      named.set(name, file);
    }
  }
  for (const file of await filesUnder(path.join(here, "js"), ".js")) {
    for (const [, name] of (await readFile(file, "utf8")).matchAll(/\bicon\(["']([a-z][a-z0-9-]*)["']/g)) {
      named.set(name, file);
    }
  }
  const missing = [...named].filter(([name]) => !listed.has(name));
  if (missing.length) {
    throw new Error(missing.map(([name, file]) => `icon ${name} (${path.basename(file)}) is not in icons.js`).join("\n"));
  }
}

async function sprite() {
  const symbols = await Promise.all(
    icons.map(async (name) => {
      const source = await readFile(path.join(here, "node_modules", "lucide-static", "icons", `${name}.svg`), "utf8");
      const shapes = source.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "");
      return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s*\n\s*/g, "")}</symbol>`;
    }),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

function hashed(name, content) {
  const { name: stem, ext } = path.parse(name);
  return `${stem}-${createHash("sha256").update(content).digest("hex").slice(0, 8).toUpperCase()}${ext}`;
}

async function build() {
  await mustListEveryIcon();
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const manifest = {};

  const result = await esbuild.build({
    absWorkingDir: here,
    entryPoints: { app: "js/app.js", "app-style": "css/app.css" },
    outdir: work,
    bundle: true,
    splitting: true,
    format: "esm",
    target: ["es2022", "chrome115", "firefox121", "safari16.5"],
    minify: true,
    metafile: true,
    legalComments: "none",
    entryNames: "[name]-[hash]",
    chunkNames: "chunks/[name]-[hash]",
    assetNames: "fonts/[name]-[hash]",
    loader: { ".woff2": "file" },
    plugins: [onlyNamedProperties(await namedProperties()), withoutStyleElement],
  });
  for (const [file, about] of Object.entries(result.metafile.outputs)) {
    const name = path.relative(work, path.join(here, file)).split(path.sep).join("/");
    if (about.entryPoint === "js/app.js") manifest["app.js"] = name;
    else if (about.entryPoint === "css/app.css") manifest["app.css"] = name;
    else if (name.endsWith(".woff2")) manifest[name.replace(/-[A-Z0-9]{8}\.woff2$/, ".woff2")] = name;
  }

  for (const [name, content] of [
    ["icons.svg", await sprite()],
    ["mark.svg", await readFile(path.join(here, "mark.svg"), "utf8")],
  ]) {
    manifest[name] = hashed(name, content);
    await writeFile(path.join(work, manifest[name]), content);
  }
  for (const name of await readdir(path.join(here, "pictures"))) {
    const content = await readFile(path.join(here, "pictures", name));
    manifest[name] = hashed(name, content);
    await writeFile(path.join(work, manifest[name]), content);
  }
  await writeFile(path.join(work, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  await rm(out, { recursive: true, force: true });
  await rename(work, out);
  return manifest;
}

const manifest = await build();
if (process.argv.includes("--watch")) {
  const { watch } = await import("node:fs");
  let waiting;
  const again = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => build().catch((error) => console.error(String(error.message ?? error))), 80);
  };
  for (const folder of ["css", "js"]) watch(path.join(here, folder), { recursive: true }, again);
} else {
  console.log(Object.entries(manifest).map(([name, file]) => `${name} → ${file}`).join("\n"));
}
