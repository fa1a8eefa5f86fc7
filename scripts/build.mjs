// SPDX-License-Identifier: Apache-2.0
// Bundles the command to the folder apps/cli/dist: no dependencies, runnable where it lies. What a command does not need it does not
// load: parsing the whole takes longer than most of what is asked of it.

import { existsSync, readdirSync, statSync } from "node:fs";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, parse, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const DIST = join(ROOT, "apps/cli/dist");
export const BUNDLE = join(DIST, "countersign.mjs");
/** What the programs in `dist` load, under names that tell their content: a running program finds its own while a new one is built. */
const CHUNKS = join(DIST, "chunks");
const LICENSES = join(DIST, "THIRD-PARTY-LICENSES.txt");
const ENTRY = join(ROOT, "apps/cli/src/main.ts");
/** What agents call at every edit: a file of its own, so that it loads nothing that it does not need. */
export const RECORD_BUNDLE = join(DIST, "countersign-record.mjs");
const RECORD_ENTRY = join(ROOT, "apps/cli/src/record/main.ts");
/** What Git's hooks start around a commit, likewise. */
const COMMIT_BUNDLE = join(DIST, "countersign-commit.cjs");
const COMMIT_ENTRY = join(ROOT, "apps/cli/src/commit/main.ts");

const HEAD = "#!/usr/bin/env node\n// SPDX-License-Identifier: Apache-2.0\n";
/** Old enough a Node cannot even parse what follows an import; this runs first and says what to do. */
const NODE_CHECK =
  'if(+process.versions.node.split(".")[0]<22){process.stderr.write("countersign: needs Node 22.12 or newer, this is "+process.version+"\\n");process.exit(2)}';
/**
 * Compiling takes longer than running; what V8 made of it lies beside the program, and whoever can write there can write the
 * program as well. Where nobody can, it is compiled every time.
 */
const COMPILED = join(DIST, "compiled");
const START = "./apps/cli/src/program/start-program.ts";
/** What Git's hooks ask for needs little of each other. The name becomes that of a file. */
const TASK = '/^[a-z-]+$/.exec(process.argv[2]??"")?.[0]';
/** Git's hooks name a folder of the repository's, for where the program's own cannot be written to. */
const SPARE = "process.env.COUNTERSIGN_COMPILED";
/** Chunks of older builds stay this long, for programs that run while a new one is built. Milliseconds. */
const KEPT = 3_600_000;

const COMMON = {
  absWorkingDir: ROOT,
  write: false,
  bundle: true,
  platform: "node",
  minify: true,
  keepNames: false,
  legalComments: "none",
  logLevel: "warning",
};

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
    build.onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === "require-call" ? undefined : { path, namespace: "plain" },
    );
    build.onLoad({ filter: /./, namespace: "plain" }, ({ path }) => {
      const names = namesOf(process.getBuiltinModule(path)).join(", ");
      const module = `process.getBuiltinModule(${JSON.stringify(path)})`;
      return {
        contents: `const module = ${module};\nexport default module;\nexport const { ${names} } = module;`,
      };
    });
  },
};

/** Without those that load something when they are looked at, such as `promises` of node:fs. */
function namesOf(module) {
  const isPlain = (name) => "value" in Object.getOwnPropertyDescriptor(module, name) && !LOADING.has(name);
  return Object.keys(module).filter((name) => /^[A-Za-z]\w*$/.test(name) && isPlain(name));
}

/** Look like any value, and are not: Node loads a module of its own for them. */
const LOADING = new Set(["Dir", "opendir", "opendirSync"]);

/** Builds the bundles; several builds at once are safe, the last whole one stays. */
export async function build() {
  const [main, record, commit] = await Promise.all([
    bundle("main", ENTRY, [PLAIN_MODULES]),
    bundle("record", RECORD_ENTRY, [LAZY_MODULES, PLAIN_MODULES]),
    bundle("commit", COMMIT_ENTRY, [LAZY_MODULES, PLAIN_MODULES]),
  ]);
  const inputs = [main, record, commit].flatMap(({ metafile }) => Object.keys(metafile.inputs));
  const packages = await listPackages(inputs);
  await mkdir(CHUNKS, { recursive: true });
  await replaceFile(LICENSES, formatLicenses(packages));
  const chunks = (await Promise.all([main, record, commit].map(toChunks))).flat();
  for (const { path, text } of chunks) await replaceFile(path, text);
  const programs = [
    { path: RECORD_BUNDLE, entry: entryChunk(record, RECORD_ENTRY) },
    { path: COMMIT_BUNDLE, entry: entryChunk(commit, COMMIT_ENTRY), task: TASK, spare: SPARE },
    { path: BUNDLE, entry: entryChunk(main, ENTRY), packages },
  ];
  for (const program of programs) await replaceFile(program.path, await formatProgram(program), 0o755);
  await removeOld(new Set(chunks.map(({ path }) => parse(path).name)));
  await compileAheadOf(programs);
  return { bytes: chunks.reduce((sum, { text }) => sum + text.length, 0) };
}

async function bundle(name, entry, plugins) {
  const esbuild = await import("esbuild");
  return await esbuild.build({
    ...COMMON,
    entryPoints: { [name]: entry },
    outdir: CHUNKS,
    outExtension: { ".js": ".script" },
    entryNames: "[name]-[hash]",
    chunkNames: "[hash]",
    splitting: true,
    format: "esm",
    target: "node22.12",
    lineLimit: 200,
    metafile: true,
    define: { "import.meta.url": "metaUrl" },
    plugins: [ENGLISH_ONLY, ...plugins],
  });
}

async function toChunks({ outputFiles, metafile: { outputs } }) {
  const { assertOrdered, toScript } = await import("./to-script.ts");
  assertOrdered(outputs);
  return outputFiles.map(({ path, text }) => ({ path, text: toScript(text, outputs[relative(ROOT, path)]) }));
}

/** The file that is run: it checks Node before anything is parsed that an old one does not understand, and loads the rest. */
async function formatProgram({
  path,
  entry,
  packages = [],
  task = "undefined",
  spare = "undefined",
  isGrowing = false,
}) {
  const esbuild = await import("esbuild");
  const isModule = path.endsWith(".mjs");
  const folder = isModule ? "import.meta.dirname" : "__dirname";
  const program = `{folder:${folder},entry:"${entry}",isGrowing:${isGrowing},task:${task},spare:${spare}}`;
  const { outputFiles } = await esbuild.build({
    ...COMMON,
    stdin: {
      contents: `import { startProgram } from "${START}";startProgram(${program});`,
      resolveDir: ROOT,
    },
    format: isModule ? "esm" : "cjs",
    target: "es2020",
  });
  const notice = packages.map(({ name, version, license }) => `//   ${name} ${version} (${license})\n`);
  const title = "// Contains these packages, whose licences are in THIRD-PARTY-LICENSES.txt:\n";
  return [HEAD, packages.length === 0 ? "" : title, ...notice, `${NODE_CHECK}\n`, outputFiles[0].text].join(
    "",
  );
}

function entryChunk(result, source) {
  const from = relative(ROOT, source);
  const entry = Object.entries(result.metafile.outputs).find(([, { entryPoint }]) => entryPoint === from);
  return basename(entry[0]);
}

/** Best effort: another build may be at it too. */
async function removeOld(current) {
  const folders = existsSync(COMPILED) ? readdirSync(COMPILED).map((name) => join(COMPILED, name)) : [];
  for (const folder of [CHUNKS, ...folders])
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (!current.has(name.split(".")[0]) && age > KEPT) await rm(path, { force: true });
    }
}

/** So that the first commands and hooks do not pay for it. */
async function compileAheadOf(programs) {
  const { compileAhead } = await import("./compile-ahead.mjs");
  const toAhead = ({ path }) => join(DIST, `ahead-${process.pid}-${basename(path)}`);
  for (const program of programs)
    await replaceFile(toAhead(program), await formatProgram({ ...program, isGrowing: true }));
  const [record, commit, command] = programs.map(toAhead);
  await compileAhead({ record, commit, command, root: ROOT });
  for (const program of programs) await rm(toAhead(program));
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
    "scripts/compile-ahead.mjs",
    "scripts/to-script.ts",
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
  console.log(`apps/cli/dist: countersign.mjs and ${(bytes / 1024).toFixed(0)} KiB that it loads as needed`);
}
