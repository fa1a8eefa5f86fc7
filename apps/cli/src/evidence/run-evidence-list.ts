// SPDX-License-Identifier: Apache-2.0
import {
  displayText,
  formatColumns,
  formatSafeJson,
  type GateReport,
  type Palette,
} from "@countersign/core/render";
import { runGate } from "@countersign/gate";
import { fetchedEvidence, openRepository, type Repository } from "@countersign/git";
import { type CliContext, paletteOf, widthOf } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import { readChangeFlags } from "../doors/change-flags.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { type EvidenceRow, toEvidenceRow } from "./evidence-row.ts";
import { readAllEvidence, readNamingPolicy } from "./read-evidence.ts";

export type EvidenceListFlags = CommonFlags & {
  readonly base?: string;
  readonly head?: string;
  readonly target?: string;
};

/** What a statement is worth for the change that was asked about. */
interface Worth {
  readonly counted: boolean;
  readonly cover: string;
  readonly reason: string;
}

export async function runEvidenceList(context: CliContext, flags: EvidenceListFlags): Promise<ExitCode> {
  const repository = await openRepository(repoDirectory(context, flags));
  const set = await readAllEvidence(repository);
  const policy = await readNamingPolicy(repository);
  const rows = [...set.envelopes].map(([name, bytes]) => toEvidenceRow(name, bytes, policy)).sort(byTime);
  const worth = await judge(repository, flags);
  const problems = set.problems.map(({ code, path, message }) => ({ code, path, message }));
  if (flags.json) {
    const evidence = rows.map((row) => ({ ...row, worth: worth?.get(row.envelope) ?? null }));
    await context.output.write(`${formatSafeJson({ evidence, problems })}\n`);
  } else {
    await context.output.write(formatRows(context, flags, rows, worth));
    for (const { message } of problems) context.warn(`damaged evidence: ${message}`);
  }
  // Unusable or lost statements may have been rejections: a reader must not take silence for consent.
  return problems.length === 0 ? 0 : 3;
}

/** Oldest first; what has no time, last. */
function byTime(a: EvidenceRow, b: EvidenceRow): number {
  const [left, right] = [a.issuedAt ?? "~", b.issuedAt ?? "~"].map(
    (time, i) => time + [a, b][i]?.envelope,
  ) as [string, string];
  return left < right ? -1 : 1;
}

async function judge(
  repository: Repository,
  { base, head, target }: EvidenceListFlags,
): Promise<ReadonlyMap<string, Worth> | undefined> {
  if (base === undefined && target === undefined && head === undefined) return undefined;
  if (base === undefined || target === undefined) {
    throw new UsageError(
      "to compare with a change, give it whole: --base origin/main --head HEAD --target refs/heads/main",
    );
  }
  const report: GateReport = await runGate({
    repository,
    ...(await readChangeFlags(repository, { base, head: head ?? "HEAD", target })),
    evaluatedAt: Math.floor(Date.now() / 1000),
    isLanding: false,
    branchNames: [],
    versions: [],
    contributors: [],
    description: null,
    evidence: await fetchedEvidence(repository),
  });
  return new Map(
    report.signOffs.map(({ envelope, counted, cover, reason }) => [envelope, { counted, cover, reason }]),
  );
}

function formatRows(
  context: CliContext,
  flags: EvidenceListFlags,
  rows: readonly EvidenceRow[],
  worth: ReadonlyMap<string, Worth> | undefined,
): string {
  if (rows.length === 0) return "no evidence here; fetch it: countersign evidence fetch\n";
  const palette = paletteOf(context, flags.color);
  const cells = rows.map((row) => [
    ...toCells(row),
    worth === undefined ? "" : worthText(worth.get(row.envelope)),
  ]);
  const lines = formatColumns(cells, Math.max(widthOf(context), 100));
  return `${rows.map((row, i) => paint(palette, row, lines[i] ?? "")).join("\n")}\n`;
}

function toCells(row: EvidenceRow): string[] {
  const name = row.envelope.slice(0, 12);
  if (row.problem !== null)
    return [name, "unusable", row.problem.code, "", "", displayText(row.problem.message, 120)];
  if (row.kind === "machine") {
    const machine = row.principal ?? "machine (not in the policy)";
    const type = displayText(row.predicateType ?? "", 120);
    return [
      name,
      "machine",
      displayText(machine, 60),
      (row.commit ?? "").slice(0, 12),
      type,
      row.issuedAt ?? "",
    ];
  }
  const who = row.principal ?? `${row.claimedPrincipal ?? "nobody"} (key not in the policy)`;
  const what = row.assistance
    .map(({ tool, model }) => (model === null ? tool : `${tool}/${model}`))
    .join(", ");
  return [
    name,
    row.decision ?? "",
    displayText(who, 60),
    (row.commit ?? "").slice(0, 12),
    displayText(row.target ?? what, 60),
    row.issuedAt ?? "",
  ];
}

function worthText(worth: Worth | undefined): string {
  if (worth === undefined) return "about another change";
  return `${worth.counted ? "counts" : "does not count"}: ${displayText(worth.reason, 200)}`;
}

function paint(palette: Palette, row: EvidenceRow, line: string): string {
  return row.problem === null ? line : palette.bad(line);
}
