// SPDX-License-Identifier: Apache-2.0
import type { Evaluation, Finding } from "@countersign/core/policy";
import { displayText, type Palette } from "@countersign/core/render";

const MARKS: Readonly<Record<Finding["status"], string>> = {
  pass: "✔",
  pending: "●",
  fail: "✘",
  error: "?",
  warning: "!",
  skipped: "-",
};

/** One line for a finding: its mark, its rule, its reason. */
export function formatFinding({ status, rule, reason }: Finding, palette: Palette): string {
  const { good, wait, bad, note, faint } = palette;
  const paint = { pass: good, pending: wait, fail: bad, error: bad, warning: note, skipped: faint }[status];
  return `  ${paint(MARKS[status])} ${displayText(rule, 80)}: ${displayText(reason, 2000)}`;
}

export function formatVerdict({ verdict }: Pick<Evaluation, "verdict">, palette: Palette): string {
  const paint = { pass: palette.good, pending: palette.wait, denied: palette.bad, error: palette.bad }[
    verdict
  ];
  return paint(verdict.toUpperCase());
}
