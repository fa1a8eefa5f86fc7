// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RepoPath } from "../ids/index.ts";
import type { EvidenceGrade } from "../trailers/assistance.ts";
import type { AgentRef } from "./origin.ts";

/** What a recorder knows of one commit: which of the lines it added were written by whom, and how far it could see. */
export interface AssistanceRecord {
  readonly version: 1;
  readonly commit: ObjectId;
  /** A record whose tree is not the commit's was made for another commit and counts for nothing. */
  readonly tree: ObjectId;
  /** `observed`: recorded as it happened here; `derived`: proved from Git objects and other records; `inferred`: matched. */
  readonly grade: "observed" | "derived" | "inferred";
  readonly recorder: { readonly name: string; readonly version: string };
  readonly coverage: Coverage;
  /** Everybody who took part, also where no line of theirs was left. */
  readonly agents: readonly AgentRef[];
  /** Files of which something is known; sorted by path. A line that no range covers is `unknown`. */
  readonly files: readonly RecordedFile[];
  /** Commits whose records this was derived from; empty for an observation. */
  readonly derivedFrom: readonly ObjectId[];
}

/** Over which span the recorder was there. Only a whole one makes `no AI` an observation. */
export interface Coverage {
  /** The recorder was active from the moment this commit's first parent was checked out until the commit. */
  readonly isWhole: boolean;
  /** Seconds since the epoch; null where no start is known. */
  readonly from: number | null;
  readonly to: number | null;
  /** What was lost or could not be seen, in words for people, with a stable code. */
  readonly gaps: readonly CoverageGap[];
}

export interface CoverageGap {
  readonly code: string;
  readonly message: string;
}

export interface RecordedFile {
  readonly path: RepoPath;
  /** The file's blob in the commit. */
  readonly blob: ObjectId;
  /** Ascending, without overlaps; only lines that the commit added against its first parent (a merge: against every parent). */
  readonly ranges: readonly RecordedRange[];
}

export interface RecordedRange {
  /** 1-based, both ends inclusive, in the file as it is in the commit. */
  readonly first: number;
  readonly last: number;
  readonly origin: "ai" | "human";
  /** Index into `agents`; null exactly for `human`. */
  readonly agent: number | null;
  readonly extent: "generated" | "edited" | null;
  readonly evidence: EvidenceGrade;
  /** Fingerprint of each line, so that a squash or rebase can be matched where the original blobs are gone. */
  readonly fingerprints: readonly string[];
}
