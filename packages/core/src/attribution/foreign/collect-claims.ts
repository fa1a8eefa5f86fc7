// SPDX-License-Identifier: Apache-2.0
import type { CoverageGap } from "../assistance-record.ts";
import { type AgentRef, isSameAgent } from "../origin.ts";
import {
  type ForeignFile,
  type ForeignRange,
  type ForeignRecord,
  HIGHEST_LINE,
  isForeignPath,
  type LineProof,
  MOST_RANGES,
  type Tracker,
} from "./foreign-record.ts";
import { layRanges } from "./lay-ranges.ts";
import { numberOf } from "./loose-json.ts";

/** One claim as a parser finds it; numbers and path are whatever stood there. */
export interface LineClaim {
  readonly path: unknown;
  readonly first: unknown;
  readonly last: unknown;
  readonly agent: AgentRef;
  readonly extent: ForeignRange["extent"];
  readonly evidence: ForeignRange["evidence"];
  readonly proofs?: readonly LineProof[];
}

export interface ClaimCollector {
  /** Somebody took part, with or without lines; returns the index. */
  readonly addAgent: (agent: AgentRef) => number;
  readonly addClaim: (claim: LineClaim) => void;
  readonly addLoss: (code: string, message: string) => void;
  readonly toRecord: (tracker: Tracker, version: string) => ForeignRecord;
}

/** A record names a handful of agents; a hostile one must not make each claim cost a search among a million. */
const MOST_AGENTS = 1000;

/** Gathers what a foreign record claims, checks its bounds, and counts what had to be left out. */
export function collectClaims(): ClaimCollector {
  const agents: AgentRef[] = [];
  const files = new Map<string, ForeignRange[]>();
  const losses: CoverageGap[] = [];
  let count = 0;
  let refused = 0;
  function addAgent(agent: AgentRef): number {
    const known = agents.findIndex((other) => isSameAgent(other, agent));
    if (known >= 0) return known;
    if (agents.length >= MOST_AGENTS) return MOST_AGENTS - 1;
    return agents.push(agent) - 1;
  }
  function addClaim({ path, first, last, agent, extent, evidence, proofs = [] }: LineClaim): void {
    const from = numberOf(first, 1, HIGHEST_LINE);
    const to = numberOf(last, from ?? 1, HIGHEST_LINE);
    // The claim that an AI took part stands, wherever its lines are.
    const index = addAgent(agent);
    if (typeof path !== "string" || !isForeignPath(path) || from === undefined || to === undefined) {
      refused++;
      return;
    }
    if (++count > MOST_RANGES) return;
    const ranges = files.get(path) ?? [];
    if (ranges.length === 0) files.set(path, ranges);
    ranges.push({ first: from, last: to, origin: "ai", agent: index, extent, evidence, proofs });
  }
  function toRecord(tracker: Tracker, version: string): ForeignRecord {
    if (refused > 0) losses.push(gap("malformed-lines", `${refused} line range(s) make no sense`));
    if (count > MOST_RANGES)
      losses.push(gap("too-many-lines", `${count - MOST_RANGES} line range(s) of ${count} were not read`));
    return { tracker, version, agents, files: toFiles(files), losses };
  }
  return { addAgent, addClaim, addLoss: (code, message) => losses.push(gap(code, message)), toRecord };
}

function gap(code: string, message: string): CoverageGap {
  return { code, message };
}

function toFiles(files: ReadonlyMap<string, readonly ForeignRange[]>): readonly ForeignFile[] {
  return [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, ranges]) => ({ path, ranges: layRanges(ranges) }));
}
