// SPDX-License-Identifier: Apache-2.0
// Bundles the command to apps/cli/dist/countersign.mjs: one file, no dependencies, runnable as it is.

import { existsSync, readdirSync, statSync } from "node:fs";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
export const BUNDLE = join(ROOT, "apps/cli/dist/countersign.mjs");
const LICENSES = join(ROOT, "apps/cli/dist/THIRD-PARTY-LICENSES.txt");
const ENTRY = join(ROOT, "apps/cli/src/main.ts");
/** What agents call at every edit: a file of its own, so that it loads nothing that it does not need. */
export const RECORD_BUNDLE = join(ROOT, "apps/cli/dist/countersign-record.mjs");
const RECORD_ENTRY = join(ROOT, "apps/cli/src/record/main.ts");
/** What Git's hooks start around a commit, likewise. */
const COMMIT_BUNDLE = join(ROOT, "apps/cli/dist/countersign-commit.cjs");
const COMMIT_ENTRY = join(ROOT, "apps/cli/src/commit/main.ts");

/** Old enough a Node cannot even parse what follows an import; this runs first and says what to do. */
const NODE_CHECK =
  'if(+process.versions.node.split(".")[0]<22){process.stderr.write("countersign: needs Node 22.12 or newer, this is "+process.version+"\\n");process.exit(2)}';
/** CommonJS dependencies ask for Node's own modules through `require`, which an ES module does not have. */
const REQUIRE =
  'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);';

/** zod brings its messages in 50 languages, a fifth of the bundle; ours are our own and English. */
const ENGLISH_ONLY = {
  name: "english-only",
  setup(build) {
    build.onLoad({ filter: /node_modules\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: 'export { default as en } from "./en.js";',
      resolveDir: join(ROOT, "node_modules/zod/v4/locales"),
    }));
  },
};

/**
 * Loading one of Node's larger modules takes as long as all that a hook does. Where they are loaded only when called, a hook
 * that can do without them does not pay.
 */
const LAZY_MODULES = {
  name: "lazy-modules",
  setup(build) {
    build.onResolve(
      { filter: /^node:(?:child_process|crypto|fs\/promises|os|timers\/promises|zlib)$/ },
      ({ path }) => ({
        path,
        namespace: "lazy",
      }),
    );
    build.onLoad({ filter: /./, namespace: "lazy" }, ({ path }) => {
      const module = process.getBuiltinModule(path);
      const names = namesOf(module).filter((name) => typeof module[name] === "function");
      const toExport = (name) =>
        `export const ${name} = (...given) => process.getBuiltinModule(${JSON.stringify(path)}).${name}(...given);`;
      return { contents: names.map(toExport).join("\n") };
    });
  },
};

/** An `import` of one of Node's modules costs an ES module a millisecond each, for names that nobody asked for; this costs nothing. */
const PLAIN_MODULES = {
  name: "plain-modules",
  setup(build) {
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: "plain" }));
    build.onLoad({ filter: /./, namespace: "plain" }, ({ path }) => {
      const names = namesOf(process.getBuiltinModule(path)).join(", ");
      return { contents: `export const { ${names} } = process.getBuiltinModule(${JSON.stringify(path)});` };
    });
  },
};

/** Without those that load something when they are looked at, such as `promises` of node:fs. */
function namesOf(module) {
  const isPlain = (name) => "value" in Object.getOwnPropertyDescriptor(module, name);
  return Object.keys(module).filter((name) => /^[a-z]\w*$/.test(name) && isPlain(name));
}

/** Builds the bundles; several builds at once are safe, the last whole one stays. */
export async function build() {
  const [main, record, commit] = await Promise.all([
    bundle(ENTRY, BUNDLE),
    bundle(RECORD_ENTRY, RECORD_BUNDLE, { plugins: [LAZY_MODULES, PLAIN_MODULES], banner: "" }),
    bundle(COMMIT_ENTRY, COMMIT_BUNDLE, { format: "cjs", plugins: [LAZY_MODULES], banner: "" }),
  ]);
  const packages = await listPackages(
    [main, record, commit].flatMap(({ metafile }) => Object.keys(metafile.inputs)),
  );
  await mkdir(dirname(BUNDLE), { recursive: true });
  await replaceFile(LICENSES, formatLicenses(packages));
  await replaceFile(RECORD_BUNDLE, await withNotice(record), 0o755);
  await replaceFile(COMMIT_BUNDLE, await withNotice(commit), 0o755);
  const text = await withNotice(main);
  await replaceFile(BUNDLE, text, 0o755);
  return { bytes: Buffer.byteLength(text), metafile: main.metafile };
}

async function bundle(entry, outfile, { format = "esm", plugins = [], banner = REQUIRE } = {}) {
  const esbuild = await import("esbuild");
  return await esbuild.build({
    entryPoints: [entry],
    outfile,
    absWorkingDir: ROOT,
    write: false,
    bundle: true,
    format,
    platform: "node",
    target: "node22.12",
    minify: true,
    keepNames: false,
    lineLimit: 200,
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
    plugins: [ENGLISH_ONLY, ...plugins],
    banner: {
      js: `#!/usr/bin/env node\n// SPDX-License-Identifier: Apache-2.0\n${banner}${NODE_CHECK}`,
    },
  });
}

/** The bundle's text, naming the packages in it. */
async function withNotice(result) {
  const packages = await listPackages(Object.keys(result.metafile.inputs));
  const [head, spdx, ...rest] = result.outputFiles[0].text.split("\n");
  if (packages.length === 0) return [head, spdx, ...rest].join("\n");
  const notice = packages.map(({ name, version, license }) => `//   ${name} ${version} (${license})`);
  const title = "// Contains these packages, whose licences are in THIRD-PARTY-LICENSES.txt:";
  return [head, spdx, title, ...notice, ...rest].join("\n");
}

/** Whole or not at all: `npm start` in two terminals never runs half a bundle. */
async function replaceFile(path, text, mode = 0o644) {
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, text);
  await chmod(draft, mode);
  await rename(draft, path);
}

async function listPackages(inputs) {
  const names = new Set(
    inputs.map((input) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]).filter(Boolean),
  );
  const found = [...names].filter((name) => !name.startsWith("@countersign/")).sort();
  return Promise.all(
    found.map(async (name) => {
      const folder = join(ROOT, "node_modules", name);
      const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      return {
        name,
        version,
        license,
        text: file === undefined ? "" : await readFile(join(folder, file), "utf8"),
      };
    }),
  );
}

function formatLicenses(packages) {
  return packages
    .map(({ name, version, license, text }) => `${name} ${version}\n${license}\n\n${text}\n`)
    .join(`\n${"-".repeat(80)}\n\n`);
}

/** True when a source file is newer than the bundle, or there is none. */
export function isStale() {
  if (!existsSync(BUNDLE)) return true;
  const built = statSync(BUNDLE).mtimeMs;
  const places = [
    "packages",
    "apps/cli/src",
    "apps/cli/package.json",
    "package-lock.json",
    "scripts/build.mjs",
  ];
  return places.some((place) => newest(join(ROOT, place)) > built);
}

function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const entries = readdirSync(path).filter(
    (entry) => entry !== "node_modules" && !entry.endsWith(".test.ts"),
  );
  return Math.max(stat.mtimeMs, ...entries.map((entry) => newest(join(path, entry))));
}

export async function buildIfStale() {
  if (isStale()) await build();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const { bytes } = await build();
  console.log(`apps/cli/dist/countersign.mjs ${(bytes / 1024).toFixed(0)} KiB`);
}
