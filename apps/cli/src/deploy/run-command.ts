// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { UsageError } from "../exit-code.ts";

/** How a command ended; exactly one of both is null. */
export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

const FORWARDED: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a command with our own streams. Signals are handed on and not died of: what it did still has to be recorded. Throws
 * UsageError where it cannot be started.
 */
export async function runCommand(
  [program = "", ...args]: readonly string[],
  cwd: string,
): Promise<CommandEnd> {
  const child = spawn(program, args, { cwd, stdio: "inherit" });
  const hand = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of FORWARDED) process.on(signal, hand);
  try {
    return await new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => resolve({ code, signal }));
    });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UsageError(`${JSON.stringify(program)} cannot be started (${code}); nothing was run`, {
      cause,
    });
  } finally {
    for (const signal of FORWARDED) process.off(signal, hand);
  }
}
