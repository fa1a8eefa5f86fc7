// SPDX-License-Identifier: Apache-2.0
// `npm run check`: types, lint and format, layers, dead code, house rules. Runs all of them and fails if any does.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { buildIfStale, ROOT } from "./build.mjs";
import { checkHouseRules } from "./house-rules.ts";
import { checkLayers } from "./layers.ts";
import { checkOwnHistory } from "./own-gate.mjs";

const bin = (name) => join(ROOT, "node_modules/.bin", name);

const STEPS = [
  { name: "types", run: () => runTool(bin("tsc"), ["-p", "tsconfig.json"]) },
  {
    name: "types of core (no Node, no DOM)",
    run: () => runTool(bin("tsc"), ["-p", "packages/core/tsconfig.json"]),
  },
  {
    name: "lint and format",
    run: () => runTool(bin("biome"), ["ci", "--colors=off", "--error-on-warnings", "."]),
  },
  { name: "layers", run: () => report(checkLayers(), "modules") },
  { name: "dead code", run: () => runTool(bin("knip"), ["--no-progress"]) },
  { name: "published package", run: () => runTool(bin("publint"), ["apps/cli", "--strict"]) },
  { name: "house rules", run: () => report(checkHouseRules(ROOT), "files") },
  { name: "own gate on own history", run: checkOwnHistory },
];

await buildIfStale();
let failed = 0;
for (const { name, run } of STEPS) {
  const started = performance.now();
  const { isOk, text } = attempt(run);
  console.log(`${isOk ? "ok  " : "FAIL"} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  if (text.trim() !== "" && (!isOk || text.startsWith("SKIPPED"))) console.log(text.trimEnd());
  if (!isOk) failed++;
}
console.log(failed === 0 ? `${STEPS.length} checks passed` : `${failed} of ${STEPS.length} checks failed`);
process.exitCode = failed === 0 ? 0 : 1;

function attempt(run) {
  try {
    return run();
  } catch (error) {
    return { isOk: false, text: String(error) };
  }
}

function runTool(command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return {
    isOk: status === 0,
    text: `${stdout ?? ""}${stderr ?? ""}${error === undefined ? "" : String(error)}`,
  };
}

function report(result, unit) {
  return {
    isOk: result.breaches.length === 0,
    text: [...result.breaches, `${result[unit]} ${unit} looked at`].join("\n"),
  };
}
