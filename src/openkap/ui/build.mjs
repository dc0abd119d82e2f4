// Builds the front end into static/dist: styles, scripts, fonts and one icon sprite.
//
// Decided here: every top-level file of scripts/ is one entry, the style entries are the four audiences, and
// nothing in the result asks another machine for anything. Run by hatch_build.py, at build time only.
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import { build } from "esbuild";

import { appIcons } from "./app-icons.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "static", "dist");
const packageFolder = (name) => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));

const STYLE_ENTRIES = ["staff.css", "patient.css", "room.css", "print.css"];
const FONTS = { next: "atkinson-hyperlegible-next", mono: "atkinson-hyperlegible-mono" };
const shared = { bundle: true, minify: true, outdir: dist, logLevel: "warning", charset: "utf8" };

const present = (folder, names) => names.map((name) => join(here, folder, name)).filter((path) => existsSync(path));

async function styles() {
  await build({
    ...shared,
    entryPoints: present("styles", STYLE_ENTRIES),
    external: ["fonts/*", "./fonts/*", "icons.svg", "./icons.svg"],
    target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  });
}

async function scripts() {
  const folder = join(here, "scripts");
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /\.(js|ts)$/.test(name)) : [];
  await build({ ...shared, entryPoints: present("scripts", names), format: "iife", target: ["es2022"] });
}

function fonts() {
  mkdirSync(join(dist, "fonts"), { recursive: true });
  for (const [short, family] of Object.entries(FONTS)) {
    const source = packageFolder(`@fontsource-variable/${family}`);
    copyFileSync(join(source, "files", `${family}-latin-wght-normal.woff2`), join(dist, "fonts", `${short}.woff2`));
    copyFileSync(
      join(source, "files", `${family}-latin-ext-wght-normal.woff2`),
      join(dist, "fonts", `${short}-ext.woff2`),
    );
    copyFileSync(join(source, "LICENSE"), join(dist, "fonts", `${short}-LICENSE.txt`));
  }
}

// The symbol keeps geometry only: size, stroke and color come from the class `.i` in the kit.
function symbol(source, name) {
  const path = join(source, "icons", `${name}.svg`);
  if (!existsSync(path)) throw new Error(`icons.txt names "${name}", which lucide-static does not have`);
  const inner = readFileSync(path, "utf8").replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s*\n\s*/g, "")}</symbol>`;
}

function icons() {
  const list = join(here, "icons.txt");
  if (!existsSync(list)) return;
  const names = readFileSync(list, "utf8").split("\n").map((line) => line.replace(/#.*/, "").trim()).filter(Boolean);
  const source = packageFolder("lucide-static");
  const sprite = names.map((name) => symbol(source, name)).join("\n");
  writeFileSync(join(dist, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">\n${sprite}\n</svg>\n`);
  copyFileSync(join(source, "LICENSE"), join(dist, "icons-LICENSE.txt"));
}

// Beside each text, its compressed forms: the server hands out the one that the browser takes.
function packed() {
  for (const name of readdirSync(dist).filter((name) => /\.(css|js|svg)$/.test(name))) {
    const bytes = readFileSync(join(dist, name));
    const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
    writeFileSync(join(dist, `${name}.br`), brotliCompressSync(bytes, best));
    writeFileSync(join(dist, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  }
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
await Promise.all([styles(), scripts()]);
fonts();
icons();
appIcons(join(here, "mark.svg"), dist);
packed();
