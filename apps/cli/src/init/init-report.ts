// SPDX-License-Identifier: Apache-2.0
import { displayText, formatSafeJson } from "@countersign/core/render";
import type { CliContext } from "../cli-context.ts";

/** One thing that was done, found, or would be done. */
export interface InitRow {
  readonly kind: "policy" | "hook" | "setting" | "recorder" | "agent";
  readonly name: string;
  /** A file or a setting; null where none is concerned. */
  readonly where: string | null;
  readonly outcome: InitOutcome;
  /** For people: why, or what is left to do. */
  readonly detail: string | null;
}

export type InitOutcome =
  | "written"
  | "installed"
  | "renewed"
  | "kept"
  | "left out"
  | "removed"
  | "restored"
  | "stays"
  | "absent"
  | "failed";

const UNCHANGED: ReadonlySet<InitOutcome> = new Set(["kept", "left out", "stays", "absent"]);

export function isChange({ outcome }: InitRow): boolean {
  return !UNCHANGED.has(outcome) && outcome !== "failed";
}

export async function reportInit(
  context: CliContext,
  { json, dryRun }: { readonly json: boolean; readonly dryRun: boolean },
  rows: readonly InitRow[],
): Promise<void> {
  if (json) {
    await context.output.write(
      `${formatSafeJson({ dryRun, changed: !dryRun && rows.some(isChange), rows })}\n`,
    );
    return;
  }
  const width = Math.max(0, ...rows.map(({ name }) => name.length)) + 2;
  const lines = rows.flatMap((row) => formatRow(row, width, dryRun));
  if (!rows.some(isChange) && !rows.some(({ outcome }) => outcome === "failed"))
    lines.push("everything is as asked; nothing was changed");
  await context.output.write(`${lines.join("\n")}\n`);
}

function formatRow(row: InitRow, width: number, isDryRun: boolean): readonly string[] {
  const word = isDryRun && isChange(row) ? `would be ${row.outcome}` : row.outcome;
  const first = `${displayText(row.name, 80).padEnd(width)}${word.padEnd(isDryRun ? 19 : 11)}${displayText(row.where ?? "", 2000)}`;
  const detail = row.detail === null ? [] : [`${" ".repeat(width)}${displayText(row.detail, 2000)}`];
  return [first.trimEnd(), ...detail];
}
