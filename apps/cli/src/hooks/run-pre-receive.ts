// SPDX-License-Identifier: Apache-2.0
import { judgePush } from "@countersign/gate";
import { openRepository } from "@countersign/git";
import type { CliContext } from "../cli-context.ts";
import type { ExitCode } from "../exit-code.ts";
import { toFailure } from "../report-failure.ts";
import { findPusher, linePrefix, toQuarantine } from "./hook-environment.ts";
import { readMode, readSeconds } from "./hook-settings.ts";
import { parseRefUpdates } from "./parse-ref-updates.ts";
import { formatPushReport } from "./push-report.ts";
import { readInput } from "./read-input.ts";
import { type Patience, startWatchdog } from "./watchdog.ts";

const DEFAULT_SECONDS = 60;

/**
 * The door of a Git server: judges a push before any ref moves. Whatever goes wrong here refuses the push; only an
 * administrator, in the server's own configuration, can switch it off.
 */
export async function runPreReceive(context: CliContext): Promise<ExitCode> {
  ignoreClosedStreams(context);
  const restart = startWatchdog(patience(context, DEFAULT_SECONDS));
  try {
    return await judge(context, restart);
  } catch (error) {
    const { lines, exitCode } = toFailure(error, context.host.env.COUNTERSIGN_DEBUG === "1");
    say(context, [...lines, "countersign: the gate could not tell, so this push is refused"]);
    return exitCode === 0 ? 3 : exitCode;
  }
}

async function judge(context: CliContext, restart: (patience: Patience) => void): Promise<ExitCode> {
  const { env } = context.host;
  const cwd = context.host.cwd();
  const repository = await openRepository(cwd, toQuarantine(env, cwd));
  if ((await readMode(repository, "countersign.preReceive", ["enforce", "off"])) === "off") return 0;
  const seconds = await readSeconds(repository, "countersign.timeout", DEFAULT_SECONDS);
  restart(patience(context, seconds));
  const updates = parseRefUpdates(await readInput(context));
  const evaluatedAt = Math.floor(Date.now() / 1000);
  const judgements = await judgePush({ repository, updates, evaluatedAt, pusher: findPusher(env) });
  say(context, formatPushReport(judgements));
  if (judgements.every(({ isAccepted }) => isAccepted)) return 0;
  return judgements.some(({ report }) => report?.verdict === "error") ? 3 : 1;
}

function patience({ host }: CliContext, seconds: number): Patience {
  return {
    seconds,
    message: `${linePrefix(host.env)}countersign: no verdict after ${seconds} s, so this push is refused`,
  };
}

/**
 * A client that hangs up closes our standard error. Elsewhere a reader who has gone ends a command in peace; here that
 * would turn a refusal into a success.
 */
function ignoreClosedStreams({ host }: CliContext): void {
  for (const stream of [host.stdout, host.stderr]) stream.on("error", () => undefined);
}

function say({ host }: CliContext, lines: readonly string[]): void {
  const prefix = linePrefix(host.env);
  for (const line of lines) host.stderr.write(`${prefix}${line}\n`);
}
