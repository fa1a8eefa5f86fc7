// SPDX-License-Identifier: Apache-2.0
import { displayText, formatTerminalReport, PLAIN_PALETTE, wrapText } from "@countersign/core/render";
import type { RefJudgement } from "@countersign/gate";

/** Git puts `remote: ` before each line. */
const WIDTH = 72;
/** A push of a thousand refs is refused with the first reasons and a count. */
const MOST_REPORTS = 8;

/** What the person who pushed reads, as plain lines: every refused ref with its reason, then what may have passed. */
export function formatPushReport(judgements: readonly RefJudgement[]): readonly string[] {
  const refused = judgements.filter(({ isAccepted }) => !isAccepted);
  const lines = refused.slice(0, MOST_REPORTS).flatMap(formatRefusal);
  const rest = refused.length - MOST_REPORTS;
  if (rest > 0) lines.push(`… and ${rest} more refs are refused`);
  if (refused.length > 0) return [...lines, ...formatOutcome(judgements.length)];
  return judgements.filter(({ report }) => report !== null).map(formatPass);
}

function formatRefusal({ update, reason, report }: RefJudgement): string[] {
  const text =
    report === null ? reasonLines(reason ?? "refused") : formatTerminalReport(report, LAYOUT).split("\n");
  return [`countersign: ${displayText(update.ref)} is refused`, ...text.map((line) => line.trimEnd()), ""];
}

const LAYOUT = { palette: PLAIN_PALETTE, width: WIDTH };

function reasonLines(reason: string): string[] {
  return reason
    .split("\n")
    .flatMap((line) => wrapText(displayText(line, 2000), WIDTH - 2).map((part) => `  ${part}`));
}

function formatOutcome(count: number): string[] {
  return count === 1 ? [] : ["Nothing of this push was taken: its refs land together or not at all."];
}

function formatPass({ update, report }: RefJudgement): string {
  const counted = report?.signOffs.filter((signOff) => signOff.counted).length ?? 0;
  const signed = counted === 0 ? "" : `, ${counted} sign-off${counted === 1 ? "" : "s"} counted`;
  return `countersign: ${displayText(update.ref)} passes${signed}`;
}
