// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { testEnvironment, tryRun } from "@countersign/testkit";

export const BUNDLE = join(import.meta.dirname, "../dist/countersign.mjs");

export interface CommandOptions {
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** The built command as a process of its own, with nobody's configuration. */
export async function countersign(args: readonly string[], { cwd, environment = {} }: CommandOptions) {
  const plain = testEnvironment({ NO_COLOR: "", FORCE_COLOR: "", COUNTERSIGN_DEBUG: "", ...environment });
  const result = await tryRun(process.execPath, [BUNDLE, ...args], { cwd, environment: plain });
  return { ...result, stdout: result.stdout.toString("utf8") };
}
