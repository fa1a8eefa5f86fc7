// SPDX-License-Identifier: Apache-2.0
import { CoreError, type ObjectId, type RepoPath } from "../../ids/index.ts";
import type { AssistanceRecord, Coverage, RecordedFile, RecordedRange } from "../assistance-record.ts";
import { type AgentRef, isSameAgent } from "../origin.ts";
import { compareEvidence, limitEvidence } from "./limit-evidence.ts";
import { comparePaths } from "./record-path.ts";

/**
 * Several records of one commit as one (specs/assistance-record.md §5). Each line is as the best grade has it, and
 * within a grade AI before human and earlier before later; agents are everybody's. So a record that somebody adds can
 * name more AI and never take one away. Coverage is whole only if all records of the best grade say so.
 * Give them in the order of their names. Throws CoreError RECORD_MALFORMED unless all are of one commit and tree.
 */
export function mergeRecords(records: readonly AssistanceRecord[]): AssistanceRecord {
  const sorted = records.toSorted((a, b) => compareEvidence(a.grade, b.grade));
  const first = sorted[0];
  if (
    first === undefined ||
    sorted.some(({ commit, tree }) => commit !== first.commit || tree !== first.tree)
  )
    throw new CoreError("RECORD_MALFORMED", "expected one or more records of one commit and one tree");
  if (sorted.length === 1) return first;
  const agents: AgentRef[] = [];
  const files = new Map<RepoPath, MergedFile>();
  for (const record of sorted) {
    const places = record.agents.map((agent) => addAgent(agents, agent));
    for (const file of record.files) addFile(files, file, record, places);
  }
  return {
    ...first,
    coverage: mergeCoverage(
      sorted.filter(({ grade }) => grade === first.grade).map(({ coverage }) => coverage),
    ),
    agents,
    files: [...files.values()].map(toFile).sort((a, b) => comparePaths(a.path, b.path)),
    derivedFrom: [...new Set(sorted.flatMap(({ derivedFrom }) => derivedFrom))].sort(),
  };
}

function addAgent(agents: AgentRef[], agent: AgentRef): number {
  const known = agents.findIndex((other) => isSameAgent(other, agent));
  return known >= 0 ? known : agents.push(agent) - 1;
}

/** One line with the grade of the record that it comes from. */
interface MergedLine extends Omit<RecordedRange, "first" | "last" | "fingerprints"> {
  readonly grade: AssistanceRecord["grade"];
  readonly fingerprint: string;
}

interface MergedFile {
  readonly path: RepoPath;
  readonly blob: ObjectId;
  readonly lines: Map<number, MergedLine>;
}

function addFile(
  files: Map<RepoPath, MergedFile>,
  file: RecordedFile,
  record: AssistanceRecord,
  places: readonly number[],
): void {
  const merged = files.get(file.path) ?? { path: file.path, blob: file.blob, lines: new Map() };
  files.set(file.path, merged);
  // One tree has one blob at a path: who names another speaks of another file, and only its agents count.
  if (merged.blob !== file.blob) return;
  for (const { first, fingerprints, ...range } of file.ranges) {
    const { origin, extent } = range;
    const line = {
      origin,
      extent,
      evidence: limitEvidence(range.evidence, record.grade),
      agent: range.agent === null ? null : (places[range.agent] ?? null),
      grade: record.grade,
    };
    for (const [index, fingerprint] of fingerprints.entries())
      addLine(merged.lines, first + index, { ...line, fingerprint });
  }
}

function addLine(lines: Map<number, MergedLine>, number: number, line: MergedLine): void {
  const known = lines.get(number);
  const isCorrected = known?.origin === "human" && line.origin === "ai" && known.grade === line.grade;
  if (known === undefined || isCorrected) lines.set(number, line);
}

function toFile({ path, blob, lines }: MergedFile): RecordedFile {
  const ranges: (Omit<RecordedRange, "last" | "fingerprints"> & { last: number; fingerprints: string[] })[] =
    [];
  for (const [number, line] of [...lines].sort(([a], [b]) => a - b)) {
    const { fingerprint, grade: _, ...rest } = line;
    const open = ranges.at(-1);
    if (open !== undefined && open.last === number - 1 && isSameKind(open, line)) {
      open.last = number;
      open.fingerprints.push(fingerprint);
    } else ranges.push({ first: number, last: number, ...rest, fingerprints: [fingerprint] });
  }
  return { path, blob, ranges };
}

function isSameKind(range: Omit<RecordedRange, "fingerprints">, line: MergedLine): boolean {
  return (
    range.origin === line.origin &&
    range.agent === line.agent &&
    range.extent === line.extent &&
    range.evidence === line.evidence
  );
}

function mergeCoverage(coverages: readonly Coverage[]): Coverage {
  const gaps = new Map(
    coverages.flatMap((one) => one.gaps).map((gap) => [`${gap.code} ${gap.message}`, gap]),
  );
  const times = (pick: (coverage: Coverage) => number | null): number[] =>
    coverages.map(pick).filter((time) => time !== null);
  const [from, to] = [times((one) => one.from), times((one) => one.to)];
  return {
    isWhole: coverages.every(({ isWhole }) => isWhole),
    from: from.length === 0 ? null : Math.min(...from),
    to: to.length === 0 ? null : Math.max(...to),
    gaps: [...gaps.values()],
  };
}
