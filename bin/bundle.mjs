#!/usr/bin/env node
// Bundles what browsers load. A file directly in a room's `assets/` folder is an entry
// and becomes `core/build/<its name>`; files in folders below it are its parts.
// MapLibre and its worker become files of their own: pages without a map never load them,
// and no source map is written, so that hashed static storage finds every address it meets.
import { mkdir, readdir, rm, stat } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const rooms = path.join(root, "src", "entaxis");
const out = path.join(rooms, "core", "static", "core", "build");

async function entries() {
  const found = {};
  for (const room of (await readdir(rooms)).sort()) {
    const assets = path.join(rooms, room, "assets");
    if (!(await stat(assets).catch(() => null))) continue;
    for (const file of (await readdir(assets)).sort()) {
      if (!/\.(css|js)$/.test(file)) continue;
      if (found[file]) throw new Error(`two rooms have an entry called ${file}: ${found[file]}, ${room}`);
      found[file] = path.join(assets, file);
    }
  }
  return Object.values(found);
}

const common = {
  bundle: true,
  minify: true,
  format: "esm",
  target: ["es2022", "chrome111", "firefox113", "safari16.4"],
  charset: "utf8",
  legalComments: "eof",
  outdir: out,
  logLevel: "warning",
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await esbuild.build({
  ...common,
  absWorkingDir: root,
  nodePaths: [path.join(root, "node_modules")],
  entryPoints: (await entries()).map((file) => ({ in: file, out: path.parse(file).name })),
  loader: { ".woff2": "file", ".svg": "file", ".png": "file" },
  assetNames: "files/[name]",
});
await esbuild.build({
  ...common,
  absWorkingDir: root,
  entryPoints: [
    { in: "node_modules/maplibre-gl/dist/maplibre-gl.mjs", out: "maplibre" },
    { in: "node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs", out: "maplibre-worker" },
    { in: "node_modules/maplibre-gl/dist/maplibre-gl.css", out: "maplibre" },
  ],
  loader: { ".svg": "dataurl" },
});

for (const file of (await readdir(out)).sort()) {
  if (!/\.(css|js)$/.test(file)) continue;
  const bytes = readFileSync(path.join(out, file));
  console.log(`${file}  ${(bytes.length / 1024).toFixed(1)} KB, ${(gzipSync(bytes).length / 1024).toFixed(1)} KB gzipped`);
}
