// SPDX-License-Identifier: Apache-2.0
import type {
  AssistanceRecord,
  CandidateRange,
  Origin,
  RecordedFile,
  RecordedRange,
} from "@countersign/core/attribution";
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import type { EvidenceGrade } from "@countersign/core/trailers";

/** A file of another commit whose lines have a known origin, and may lend it. */
export interface CandidateFile {
  readonly commit: ObjectId;
  readonly path: RepoPath;
  readonly blob: ObjectId;
  readonly grade: AssistanceRecord["grade"];
  readonly ranges: readonly CandidateRange[];
}

/** The file of a record as one that lends; what it lends is no better than the record. */
export function toCandidateFile(record: AssistanceRecord, file: RecordedFile): CandidateFile {
  return {
    commit: record.commit,
    path: file.path,
    blob: file.blob,
    grade: record.grade,
    ranges: file.ranges.map((range) => ({
      first: range.first,
      last: range.last,
      origin: toOrigin(record, range),
      fingerprints: range.fingerprints,
    })),
  };
}

/** Origin of a recorded range; no better known than the record. */
export function toOrigin(record: AssistanceRecord, range: RecordedRange): Origin {
  const agent = range.agent === null ? undefined : record.agents[range.agent];
  const evidence = atMost(range.evidence, record.grade);
  if (range.origin === "human") return { kind: "human", evidence };
  // A record that names no agent where it must is still a claim of AI.
  return {
    kind: "ai",
    agent: agent ?? { tool: "unspecified", session: "", model: null },
    extent: range.extent ?? "generated",
    evidence,
  };
}

const ORDER: readonly EvidenceGrade[] = ["observed", "derived", "inferred", "declared", "none"];

/** The lower of two grades. */
export function atMost(grade: EvidenceGrade, limit: EvidenceGrade): EvidenceGrade {
  return ORDER.indexOf(grade) >= ORDER.indexOf(limit) ? grade : limit;
}

/** The same origin, known no better than this. */
export function weaken(origin: Origin, limit: EvidenceGrade): Origin {
  return origin.kind === "unknown" ? origin : { ...origin, evidence: atMost(origin.evidence, limit) };
}

/** Whether one path is the other moved below or out of a folder, as subtree merges and filters do. */
export function isSuffixPath(a: RepoPath, b: RepoPath): boolean {
  return a.endsWith(`/${b}`) || b.endsWith(`/${a}`);
}

export function hasAi({ ranges }: CandidateFile): boolean {
  return ranges.some(({ origin }) => origin.kind === "ai");
}
