// SPDX-License-Identifier: Apache-2.0
import { createContext } from "./cli-context.ts";
import { toFailure } from "./report-failure.ts";

/** What the command-line framework returns for a command line that makes no sense: unknown command, bad argument. */
const USAGE_CODES: readonly number[] = [-5, -4];

/** Whether an answer stands that a reader who has gone since must not turn into a success. */
let isDecided = false;

/** Node's own answer to an uncaught error is 1, which here means "the policy says no". */
function fail(error: unknown): void {
  const failure = toFailure(error, (process.env.COUNTERSIGN_DEBUG ?? "") !== "");
  // Nobody reads standard error either: what was decided before stands.
  if (isDecided && failure.exitCode === 0) return;
  isDecided = failure.exitCode !== 0;
  for (const line of failure.lines) process.stderr.write(`${line}\n`);
  process.exitCode = failure.exitCode;
}

async function main(): Promise<void> {
  const [{ run }, { app }] = await Promise.all([import("@stricli/core"), import("./app.ts")]);
  const context = createContext(process);
  await run(app, process.argv.slice(2), context);
  const code = Number(context.process.exitCode ?? 0);
  if (context.outcome.error !== undefined) {
    fail(context.outcome.error);
    // A reader who has gone ends a listing in peace, but turns no refusal into a success: `gate | head` under pipefail.
    if (process.exitCode === 0) process.exitCode = context.outcome.exitCode;
    return;
  }
  isDecided = true;
  if (code === 0) process.exitCode = context.outcome.exitCode;
  else process.exitCode = USAGE_CODES.includes(code) ? 2 : 3;
}

process.on("uncaughtException", (error) => {
  fail(error);
  process.exit();
});
// Whatever ends this early has judged nothing.
process.exitCode = 3;
main().catch(fail);
