// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { chown, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createTemporaryFolder, testEnvironment, tryRun } from "@countersign/testkit";
import { expect, test } from "vitest";

/*
 * Rights keep nobody out who is root, as in most containers: tests of what may not be read or written are played there once more, by
 * a user who owns nothing but its own temporary folder.
 */
const NOBODY = 65_534;
const PROJECT = fileURLToPath(new URL("../../../../", import.meta.url));
const VITEST = fileURLToPath(new URL("../../../../node_modules/vitest/vitest.mjs", import.meta.url));
const BUNDLE = fileURLToPath(new URL("../../dist/countersign.mjs", import.meta.url));
const IS_ROOT = process.geteuid?.() === 0;

/** Test files below apps/cli/src, and the test of each that needs somebody who is not root. */
const PLAYED = [
  ["faults/read-only.test.ts", "by its rights costs the lines of an edit"],
  ["faults/damaged.test.ts", "closed to its owner"],
  ["init/init.test.ts", "a configuration that may not be written is reported"],
  [
    "commit/presence.test.ts",
    "a recorder folder that nobody may write to stops no commit and prints nothing",
  ],
] as const;

const asNobody = (...words: readonly string[]) => [
  ...[`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", process.execPath],
  ...words,
];

/** Undefined where the tests can be played; else the reason, for the title of what is skipped. */
function whyNot(): string | undefined {
  if (!IS_ROOT) return " (nothing to do: they ran as they are)";
  const asked = spawnSync("setpriv", asNobody(BUNDLE, "--version"), { cwd: PROJECT, stdio: "ignore" });
  return asked.status === 0 ? undefined : " (SKIPPED: needs setpriv, and a checkout that others may read)";
}

const WHY = whyNot();

test.skipIf(WHY !== undefined)(
  `what root is never refused is played by somebody else${WHY ?? ""}`,
  async () => {
    await using folder = await createTemporaryFolder();
    await chown(folder.path, NOBODY, NOBODY);
    const files = PLAYED.map(([file]) => `apps/cli/src/${file}`);
    const titles = PLAYED.map(([, title]) => title).join("|");
    // The configuration is read as it is: who owns nothing here cannot write a bundle of it down.
    const report = join(folder.path, "report.json");
    const written = ["--reporter", "json", "--outputFile", report];
    const variables = { HOME: folder.path, TMPDIR: folder.path, XDG_STATE_HOME: "" };
    // The configuration is read as it is: who owns nothing here cannot write a bundle of it down.
    const words = asNobody(VITEST, "run", "--configLoader", "native", ...written, "-t", titles, ...files);
    const options = { cwd: PROJECT, environment: testEnvironment(variables) };
    const { stdout, stderr } = await tryRun("setpriv", words, options);
    const text = await readFile(report, "utf8").catch(() => expect.fail(`${stdout}${stderr}`));
    const { testResults } = JSON.parse(text) as { testResults: readonly FileResult[] };
    const played = testResults.flatMap(({ assertionResults }) => assertionResults).filter(isMeant);
    const failed = played.filter(({ status }) => status !== "passed");
    expect(failed).toEqual([]);
    expect(played).toHaveLength(PLAYED.length);
  },
  600_000,
);

interface FileResult {
  readonly assertionResults: readonly TestResult[];
}

interface TestResult {
  readonly title: string;
  readonly status: string;
}

function isMeant({ title }: TestResult): boolean {
  return PLAYED.some(([, name]) => name === title);
}
