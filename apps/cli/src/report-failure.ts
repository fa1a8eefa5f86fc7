// SPDX-License-Identifier: Apache-2.0
import { displayText } from "@countersign/core/render";
import { type ExitCode, UsageError } from "./exit-code.ts";

/** What the one catch at the top does with an error: the exit code, and what to tell the person. */
export interface Failure {
  readonly exitCode: ExitCode;
  /** Lines for stderr, already safe to print; none where the reader of our output has simply gone. */
  readonly lines: readonly string[];
}

const MAX_LINES = 50;

/** Errors are told apart by name and code: a bundle may hold a class twice, and `instanceof` would then lie. */
export function toFailure(error: unknown, isDebug: boolean): Failure {
  if (codeOf(error) === "EPIPE") return { exitCode: 0, lines: [] };
  const exitCode = exitCodeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const lines = message.split("\n").map((line) => displayText(line, 2000));
  const shown =
    lines.length > MAX_LINES
      ? [...lines.slice(0, MAX_LINES), `… and ${lines.length - MAX_LINES} more`]
      : lines;
  const first = `countersign: ${shown[0] ?? ""}`;
  const stack = isDebug && error instanceof Error ? stackLines(error) : [];
  const hint = exitCode === 3 && codeOf(error) === undefined && !isDebug ? [DEBUG_HINT] : [];
  return { exitCode, lines: [first, ...shown.slice(1), ...stack, ...hint] };
}

const DEBUG_HINT = "countersign: this was not expected; COUNTERSIGN_DEBUG=1 shows where it happened";

/**
 * Bad input from people (usage, policy, keys, statements) is 2: they can mend it. Everything else, Git included, is 3:
 * we could not tell, and a gate that cannot tell does not pass.
 */
function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return 2;
  if (!(error instanceof Error)) return 3;
  if (error.name === "CoreError" || error.name === "PolicyError") return 2;
  if (error.name === "SigningError" && codeOf(error) !== "SIGNING_FAILED") return 2;
  if (error.name === "StoreError" && codeOf(error) === "LEDGER_MISSING") return 2;
  const isUsage = error.name === "GitError" && USAGE_CODES.has(codeOf(error) ?? "");
  return isUsage ? 2 : 3;
}

/** Where the person pointed us at the wrong place, as against a repository that is broken. */
const USAGE_CODES: ReadonlySet<string> = new Set(["NOT_A_REPOSITORY", "AMBIGUOUS_NAME"]);

function codeOf(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

function stackLines(error: Error): string[] {
  const own = (error.stack ?? "").split("\n").map((line) => displayText(line, 2000));
  return error.cause instanceof Error ? [...own, "caused by:", ...stackLines(error.cause)] : own;
}
