// SPDX-License-Identifier: Apache-2.0
import type { GateReport } from "./gate-report.ts";
import { shellWord } from "./shell-word.ts";

/** Longer names are no branch that anybody pastes, and would fill a screen. */
const MAX_TARGET = 500;

/** The exact command that moves a pending change on, ready to paste; null where no command can. */
export function nextCommand(report: GateReport): string | null {
  if (report.verdict !== "pending" || report.target.length > MAX_TARGET) return null;
  const { base, head, target } = report;
  return `countersign approve --base ${shellWord(base)} --head ${shellWord(head)} --target ${shellWord(target)} --key ~/.ssh/id_ed25519`;
}
