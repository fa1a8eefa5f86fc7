// SPDX-License-Identifier: Apache-2.0
import { displayText, type Palette } from "@countersign/core/render";

/** Why a log, or a proof out of it, is not to be believed. */
export interface LedgerFailure {
  readonly code: string;
  readonly message: string;
  /** What shows a third party that this is true. */
  readonly evidence: readonly { readonly label: string; readonly text: string }[];
}

/** Answers of the check itself, as against not having been able to check. */
const ANSWERS: ReadonlySet<string> = new Set([
  "LEDGER_FORKED",
  "LEDGER_ROLLED_BACK",
  "LEDGER_BEHIND",
  "LEDGER_DAMAGED",
  "SIGNED_NOTE_MALFORMED",
  "CHECKPOINT_MALFORMED",
  "SIGNATURE_INVALID",
  "QUORUM_MISSING",
  "PROOF_MALFORMED",
  "PROOF_INVALID",
  "LOG_ENTRY_MALFORMED",
]);

/** Undefined for an error that says nothing about the log. */
export function toLedgerFailure(error: unknown): LedgerFailure | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  if (!ANSWERS.has(error.code)) return undefined;
  const evidence = "evidence" in error && Array.isArray(error.evidence) ? error.evidence : [];
  return { code: error.code, message: error.message, evidence };
}

/** For people: what is wrong, then the evidence. */
export function formatFailure({ code, message, evidence }: LedgerFailure, palette: Palette): string {
  const shown = evidence.flatMap(({ label, text }) => [
    "",
    `${label}:`,
    ...text
      .trimEnd()
      .split("\n")
      .map((line) => `  ${line}`),
  ]);
  const lines = [`${palette.bad("✘")} ${message} (${code})`, ...shown];
  return `${lines.map((line) => displayText(line, 2000)).join("\n")}\n`;
}
