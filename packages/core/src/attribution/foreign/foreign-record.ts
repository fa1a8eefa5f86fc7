// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import type { EvidenceGrade } from "../../trailers/assistance.ts";
import type { CoverageGap } from "../assistance-record.ts";
import type { AgentRef } from "../origin.ts";

/** Other tools that record who wrote which line, and whose records are read here. */
export const TRACKERS = ["git-ai", "agentblame", "whogitit", "entire", "agent-trace", "agentdiff"] as const;
export type Tracker = (typeof TRACKERS)[number];

/** How a claim of a tracker is called beside those of trailers: by where it stands. */
export const TRACKER_CONVENTIONS: ReadonlyMap<string, string> = new Map<Tracker, string>([
  ["git-ai", "git-ai-note"],
  ["agentblame", "agentblame-note"],
  ["whogitit", "whogitit-note"],
  ["entire", "entire-checkpoint"],
  ["agent-trace", "agent-trace"],
  ["agentdiff", "agentdiff-trace"],
]);

/**
 * What another tool's record says of one commit: checked for shape and bounds, not yet against the commit's content. It
 * can say that an AI took part and where; that none did it cannot say, since no such tool tells a gap from a clean commit.
 */
export interface ForeignRecord {
  readonly tracker: Tracker;
  /** Version of the format. */
  readonly version: string;
  /** Everybody it names, also where no line is theirs. */
  readonly agents: readonly AgentRef[];
  /** Sorted by path. */
  readonly files: readonly ForeignFile[];
  /** What could not be read, or goes beyond what such a record can hold, and was left out. */
  readonly losses: readonly CoverageGap[];
}

export interface ForeignFile {
  readonly path: RepoPath;
  /** Ascending, without overlaps. */
  readonly ranges: readonly ForeignRange[];
}

export interface ForeignRange {
  /** 1-based, both ends inclusive. */
  readonly first: number;
  readonly last: number;
  readonly origin: "ai" | "human";
  /** Index into `agents`; null exactly for `human`. */
  readonly agent: number | null;
  readonly extent: "generated" | "edited" | null;
  readonly evidence: EvidenceGrade;
  /** What the lines from the first on must hold, as far as the record says; empty where it says nothing. */
  readonly proofs: readonly LineProof[];
}

/** Content of one line without its end: in full, or its SHA-256 in hex, as far as the record keeps it. */
export type LineProof = { readonly text: string } | { readonly sha256: string } | null;

/** A path that Git could hold and that does not leave the repository. */
export function isForeignPath(path: string): boolean {
  if (path === "" || path.length > LONGEST_PATH || path.includes("\0")) return false;
  return path.split("/").every((name) => name !== "" && name !== "." && name !== "..");
}

/** PATH_MAX of Linux. */
const LONGEST_PATH = 4096;
/** No text file comes near; beyond, a number is a mistake or an attack on whoever counts to it. */
export const HIGHEST_LINE = 10_000_000;
/** Ranges of one record that are looked at. */
export const MOST_RANGES = 100_000;
