// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import { expect } from "vitest";

/** Nothing of this machine's settings, and no question to a server. */
export const TERRAFORM_SETTINGS = {
  TF_CLI_CONFIG_FILE: "/dev/null",
  CHECKPOINT_DISABLE: "1",
  TF_IN_AUTOMATION: "1",
} as const;

const environment = { ...process.env, ...TERRAFORM_SETTINGS };

/** Whether the program is on PATH; tests of it are skipped without, and say so. */
export const HAS_TERRAFORM = spawnSync("terraform", ["version"], { env: environment }).status === 0;
if (!HAS_TERRAFORM)
  process.stderr.write("SKIPPED: terraform is not on PATH, so that no test here asks the real one\n");

/** Runs it in a folder; the test fails where it does. */
export function terraform(cwd: string, ...args: readonly string[]): string {
  const run = spawnSync("terraform", args, { cwd, encoding: "utf8", env: environment });
  expect(run.status, `${run.stderr}${run.stdout}`).toBe(0);
  return run.stdout;
}
