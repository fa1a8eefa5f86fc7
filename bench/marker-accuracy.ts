// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Assistance, parseCommitMessage, toCommitState, toModelName } from "@countersign/core/trailers";

interface Expected {
  readonly tool: string;
  readonly convention: string;
  readonly model?: string | null;
}

/** One labelled commit message. The corpus is a sample: rules follow the kinds of markers, never single lines. */
export interface LabelledMessage {
  readonly repo: string;
  readonly sha: string;
  readonly author_name: string;
  readonly author_email: string;
  readonly committer_name: string;
  readonly committer_email: string;
  readonly message: string;
  readonly expected: readonly Expected[];
  readonly kind: string;
  readonly trap?: string;
}

interface Counts {
  truePositives: number;
  falsePositives: number;
  falseNegatives: number;
}

export interface AccuracyReport {
  readonly messages: number;
  readonly overall: { readonly tool: Counts; readonly ai: Counts };
  readonly conventions: ReadonlyMap<string, Counts>;
  readonly kinds: ReadonlyMap<string, { right: number; wrong: number }>;
  readonly missed: readonly string[];
  readonly negativesHit: readonly string[];
  readonly otherDifferences: readonly string[];
  readonly models: { readonly right: number; readonly wrong: readonly string[] };
  readonly microsecondsPerMessage: number;
}

/** Labels group what the registry keeps apart; compared as the coarser of the two. */
const SAME_CONVENTION: Readonly<Record<string, string>> = {
  "ai-assisted": "ai-trailer",
};

export function measureAccuracy(corpus: readonly LabelledMessage[]): AccuracyReport {
  const overall = { tool: zero(), ai: zero() };
  const conventions = new Map<string, Counts>();
  const kinds = new Map<string, { right: number; wrong: number }>();
  const missed: string[] = [];
  const negativesHit: string[] = [];
  const otherDifferences: string[] = [];
  const models = { right: 0, wrong: [] as string[] };
  const started = performance.now();
  for (const row of corpus) {
    const parsed = parseCommitMessage(toInput(row));
    // Weak signs count for weak labels only: a branch name found beside a declared co-author is no error.
    const got = parsed.assistance;
    const expectedTools = new Set(row.expected.map((it) => it.tool));
    const strongTools = new Set(got.filter((it) => it.evidence !== "none").map((it) => it.tool));
    const allTools = new Set(got.map((it) => it.tool));
    const isRight = count(
      overall.tool,
      expectedTools,
      row.kind === "positive" ? union(strongTools, allTools, expectedTools) : allTools,
    );
    count(overall.ai, new Set(row.expected.length > 0 ? ["ai"] : []), new Set(got.length > 0 ? ["ai"] : []));
    countConventions(conventions, row.expected, got);
    const kind = `${row.kind}${row.trap === undefined ? "" : ` / ${row.trap}`}`;
    const tally = kinds.get(kind) ?? { right: 0, wrong: 0 };
    tally[isRight ? "right" : "wrong"]++;
    kinds.set(kind, tally);
    const line = describe(row, got, toCommitState(parsed));
    if (row.expected.some((it) => !allTools.has(it.tool))) missed.push(line);
    else if (row.expected.length === 0 && got.length > 0) negativesHit.push(line);
    else if (!isRight) otherDifferences.push(line);
    compareModels(models, row, got);
  }
  const microsecondsPerMessage = ((performance.now() - started) * 1000) / Math.max(corpus.length, 1);
  const found = { missed, negativesHit, otherDifferences };
  return { messages: corpus.length, overall, conventions, kinds, ...found, models, microsecondsPerMessage };
}

/** Declared tools, and weak ones only where the label expects them. */
function union(
  strong: ReadonlySet<string>,
  all: ReadonlySet<string>,
  expected: ReadonlySet<string>,
): ReadonlySet<string> {
  return new Set([...strong, ...[...all].filter((tool) => expected.has(tool))]);
}

function toInput(row: LabelledMessage) {
  return {
    message: row.message,
    author: { name: row.author_name, email: row.author_email },
    committer: { name: row.committer_name, email: row.committer_email },
  };
}

function zero(): Counts {
  return { truePositives: 0, falsePositives: 0, falseNegatives: 0 };
}

function count(counts: Counts, expected: ReadonlySet<string>, got: ReadonlySet<string>): boolean {
  const hits = [...got].filter((it) => expected.has(it)).length;
  counts.truePositives += hits;
  counts.falsePositives += got.size - hits;
  counts.falseNegatives += expected.size - hits;
  return hits === got.size && hits === expected.size;
}

function countConventions(
  conventions: Map<string, Counts>,
  expected: readonly Expected[],
  got: readonly Assistance[],
): void {
  const wanted = group(expected);
  const found = group(got);
  for (const name of new Set([...wanted.keys(), ...found.keys()])) {
    const counts = conventions.get(name) ?? zero();
    conventions.set(name, counts);
    count(counts, wanted.get(name) ?? new Set(), found.get(name) ?? new Set());
  }
}

function group(
  claims: readonly { readonly tool: string; readonly convention: string }[],
): Map<string, Set<string>> {
  const groups = new Map<string, Set<string>>();
  for (const { tool, convention } of claims) {
    const name = SAME_CONVENTION[convention] ?? convention;
    groups.set(name, (groups.get(name) ?? new Set()).add(tool));
  }
  return groups;
}

function compareModels(
  models: { right: number; wrong: string[] },
  row: LabelledMessage,
  got: readonly Assistance[],
): void {
  for (const { tool, model } of row.expected) {
    if (model === undefined || model === null) continue;
    const wanted = toModelName(model);
    const found = got.filter((it) => it.tool === tool).map((it) => it.model);
    if (found.includes(wanted)) models.right++;
    else
      models.wrong.push(
        `${row.repo} ${row.sha.slice(0, 12)} ${tool}: expected ${wanted}, got ${found.join(" ") || "nothing"}`,
      );
  }
}

function describe(row: LabelledMessage, got: readonly Assistance[], state: string): string {
  const wanted = row.expected.map((it) => `${it.tool}:${it.convention}`).join(" ") || "nothing";
  const found = got.map((it) => `${it.tool}:${it.convention}`).join(" ") || "nothing";
  return `${row.repo} ${row.sha.slice(0, 12)} (${row.kind}${row.trap === undefined ? "" : `/${row.trap}`}) expected ${wanted}; got ${found} [${state}]`;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "     –" : `${((100 * part) / whole).toFixed(2)} %`.padStart(8);
}

function formatCounts(
  label: string,
  { truePositives: tp, falsePositives: fp, falseNegatives: fn }: Counts,
): string {
  return `${label.padEnd(28)} precision ${percent(tp, tp + fp)}  recall ${percent(tp, tp + fn)}  (${tp} right, ${fp} too many, ${fn} missed)`;
}

export function formatReport(report: AccuracyReport): string {
  const lines = [
    `${report.messages} labelled messages, ${report.microsecondsPerMessage.toFixed(1)} µs each`,
    formatCounts("tool", report.overall.tool),
    formatCounts("AI or not", report.overall.ai),
    "",
    "Per convention (tool):",
    ...[...report.conventions].sort().map(([name, counts]) => `  ${formatCounts(name, counts)}`),
    "",
    "Per kind (every tool right):",
    ...[...report.kinds]
      .sort()
      .map(([name, { right, wrong }]) => `  ${name.padEnd(40)} ${right} of ${right + wrong}`),
    "",
    `Models: ${report.models.right} right, ${report.models.wrong.length} different`,
    ...report.models.wrong.map((line) => `  ${line}`),
  ];
  const sections: [string, readonly string[]][] = [
    ["Marked messages missed", report.missed],
    ["Negatives hit", report.negativesHit],
    ["Tools beyond the label", report.otherDifferences],
  ];
  for (const [title, rows] of sections)
    lines.push("", `${title}: ${rows.length}`, ...rows.map((row) => `  ${row}`));
  return lines.join("\n");
}

/** Reads the corpus and prints the report; without a corpus it says so and measures nothing. */
export async function run(options: { readonly corpus?: string } = {}): Promise<AccuracyReport | undefined> {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
  const given = options.corpus ?? process.env.COUNTERSIGN_MARKER_CORPUS ?? "../shared/markers/corpus.jsonl";
  const path = resolve(options.corpus === undefined ? root : process.cwd(), given);
  if (!existsSync(path)) {
    console.log(
      `SKIPPED marker accuracy: no corpus at ${path}. Give its path, or set COUNTERSIGN_MARKER_CORPUS.`,
    );
    return undefined;
  }
  const rows = readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const report = measureAccuracy(rows.map((line) => JSON.parse(line) as LabelledMessage));
  console.log(formatReport(report));
  return report;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const corpus = process.argv[2];
  await run(corpus === undefined ? {} : { corpus });
}
