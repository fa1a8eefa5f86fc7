// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { checkFile } from "./house-rules.ts";

const SPDX = "// SPDX-License-Identifier: Apache-2.0\n";
const CORE = "packages/core/src/policy/x.ts";

describe("the house rules", () => {
  it.each([
    ["spdx", "packages/git/src/x.ts", "export const x = 1;\n"],
    ["file-length", "packages/git/src/x.ts", `${SPDX}${"x();\n".repeat(300)}`],
    ["file-length", "packages/git/src/x.test.ts", `${SPDX}${"x();\n".repeat(400)}`],
    ["no-module-mocks", "packages/git/src/x.test.ts", `${SPDX}vi.${"mock"}("node:fs");\n`],
    ["core-is-synchronous", CORE, `${SPDX}export async function x() {}\n`],
    ["core-is-synchronous", CORE, `${SPDX}export const x: Promise<void> = y;\n`],
    ["core-has-no-clock", CORE, `${SPDX}const now = Date.now();\n`],
    ["core-has-no-clock", CORE, `${SPDX}const now = new Date();\n`],
    ["core-has-no-chance", CORE, `${SPDX}const dice = Math.random();\n`],
    ["core-has-no-process", CORE, `${SPDX}const home = process.env.HOME;\n`],
    ["no-machine-paths", "docs/x.md", `see ${"/wo"}rk/main\n`],
    ["no-machine-paths", "scripts/x.sh", `#!/bin/sh\n${SPDX}cd ${"/ro"}ot/x\n`],
    ["no-registry-hosts", ".ci/run", `npm ci --registry https://registry.${"npmjs"}.org\n`],
  ])("%s is breached in %s", (rule, path, text) => {
    expect(checkFile(path, text).join("\n")).toContain(`: ${rule}: `);
  });

  it.each([
    ["code that keeps them", CORE, `${SPDX}export const x = 1;\n`],
    [
      "words in prose",
      CORE,
      `${SPDX}/** Never async; no Promise, no Date.now. */\n// process.env is an adapter's\n`,
    ],
    ["words in strings", CORE, `${SPDX}const text = "await process.env Date.now()";\n`],
    [
      "a long file with its reason",
      "packages/git/src/x.ts",
      `${SPDX}// long: a table\n${"x();\n".repeat(300)}`,
    ],
    ["a test of 350 lines", "packages/git/src/x.test.ts", `${SPDX}${"x();\n".repeat(350)}`],
    ["time in an adapter", "packages/git/src/x.ts", `${SPDX}const now = Date.now();\n`],
    ["a moment given", CORE, `${SPDX}const day = new Date(seconds * 1000);\n`],
    ["globs and words with slashes", "docs/x.md", "**/work/** and team/work/x and ~/root/x\n"],
    ["an exempt line", "docs/x.md", `${"/wo"}rk/x house: no-machine-paths an example\n`],
  ])("allow %s", (_what, path, text) => {
    expect(checkFile(path, text)).toEqual([]);
  });
});
