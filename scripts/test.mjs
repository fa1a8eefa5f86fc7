// SPDX-License-Identifier: Apache-2.0
// `npm test`: the whole suite, then every skipped test by name, then one line alone: `N passed, N failed, N skipped`.
import { spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./build.mjs";
import { ensureSsh } from "./ensure-ssh.mjs";

// Without it the suite still runs; what signs is skipped or fails by name.
ensureSsh();
// The suite's folder for temporary files: what a test that was ended leaves, keys among it, goes with it. The name is short,
// since a socket's path may not be long.
const folder = await mkdtemp(join(tmpdir(), "cs-"));
// Real servers run as other users, who make temporary files as well.
await chmod(folder, 0o1777);
const report = join(folder, "report.json");
const vitest = join(ROOT, "node_modules/vitest/vitest.mjs");
const args = [
  "run",
  "--reporter=default",
  "--reporter=json",
  `--outputFile.json=${report}`,
  ...process.argv.slice(2),
];
const exitCode = await new Promise((resolve) => {
  const child = spawn(process.execPath, [vitest, ...args], {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, TMPDIR: folder },
  });
  child.on("exit", (code) => resolve(code ?? 1));
});
const summary = await readSummary();
await rm(folder, { recursive: true, force: true, maxRetries: 5 });

for (const name of summary.skipped) console.log(`SKIPPED  ${name}`);
if (summary.skipped.length > 0) {
  console.log(
    "A skipped test names what it needs; .ci/run installs it (nginx, fcgiwrap, gitolite3, openssh-server, …).",
  );
}
for (const message of summary.broken) console.log(`BROKEN  ${message}`);
const failed = Math.max(summary.failed, exitCode === 0 ? 0 : 1);
console.log(`${summary.passed} passed, ${failed} failed, ${summary.skipped.length} skipped`);
process.exitCode = failed === 0 ? 0 : 1;

/** A file that cannot even be loaded holds no test that failed, and must not pass for that. */
async function readSummary() {
  const text = await readFile(report, "utf8").catch(() => undefined);
  if (text === undefined) return { passed: 0, failed: 1, skipped: [], broken: ["vitest wrote no report"] };
  const files = JSON.parse(text).testResults;
  const tests = files.flatMap((file) => file.assertionResults);
  const broken = files.filter(
    (file) => file.status === "failed" && !file.assertionResults.some((test) => test.status === "failed"),
  );
  return {
    passed: tests.filter((test) => test.status === "passed").length,
    failed: tests.filter((test) => test.status === "failed").length + broken.length,
    skipped: tests
      .filter((test) => test.status !== "passed" && test.status !== "failed")
      .map((test) => test.fullName),
    broken: broken.map((file) => `${file.name}: ${file.message.split("\n")[0]}`),
  };
}
