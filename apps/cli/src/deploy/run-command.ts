// SPDX-License-Identifier: Apache-2.0
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { UsageError } from "../exit-code.ts";
import { ENDING_SIGNALS } from "./ending-signals.ts";

/** How a command ended; exactly one of both is null. */
export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Runs a command with our own streams, then `write`, which records how it ended. Signals are handed on and not died of until both
 * are done: what the command did still has to be recorded. Throws UsageError where it cannot be started.
 */
export async function runCommand<T>(
  command: readonly string[],
  cwd: string,
  write: (end: CommandEnd) => Promise<T>,
): Promise<T> {
  const [program = "", ...args] = command;
  const isTerminal = hasTerminal();
  let child: ChildProcess | undefined;
  // A terminal sends Ctrl-C to the command as well as to us. Handed on it would come twice, and Terraform takes a second interrupt for
  // "at once", without saving its state.
  const hand = (signal: NodeJS.Signals) => {
    if (signal !== "SIGINT" || !isTerminal) child?.kill(signal);
  };
  // Before the command starts: one that came in between would end us, and leave a command behind that nobody records.
  for (const signal of ENDING_SIGNALS) process.on(signal, hand);
  try {
    child = spawn(program, args, { cwd, stdio: "inherit" });
    return await write(await endOf(child, program));
  } finally {
    for (const signal of ENDING_SIGNALS) process.off(signal, hand);
  }
}

async function endOf(child: ChildProcess, program: string): Promise<CommandEnd> {
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
  }
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}
