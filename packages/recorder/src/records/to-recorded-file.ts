// SPDX-License-Identifier: Apache-2.0
import {
  type AgentRef,
  isSameAgent,
  isSameOrigin,
  type Origin,
  type RecordedFile,
  type RecordedRange,
} from "@countersign/core/attribution";
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { printLine } from "../derive/print-line.ts";

/** One file of a commit. */
export interface CommittedText {
  readonly path: RepoPath;
  readonly blob: ObjectId;
  readonly lines: readonly string[];
}

/** The file as a record has it: lines of an unknown origin are in no range. Agents that are not in `agents` are added to it. */
export function toRecordedFile(
  target: CommittedText,
  origins: readonly Origin[],
  agents: AgentRef[],
): RecordedFile {
  const ranges: RecordedRange[] = [];
  for (let start = 0; start < origins.length; ) {
    const origin = origins[start];
    let end = start + 1;
    while (end < origins.length && isSame(origins[end], origin)) end++;
    if (origin !== undefined && origin.kind !== "unknown")
      ranges.push(toRange(origin, start, target.lines.slice(start, end), agents));
    start = end;
  }
  return { path: target.path, blob: target.blob, ranges };
}

function isSame(a: Origin | undefined, b: Origin | undefined): boolean {
  return a !== undefined && b !== undefined && isSameOrigin(a, b);
}

function toRange(
  origin: Exclude<Origin, { kind: "unknown" }>,
  start: number,
  lines: readonly string[],
  agents: AgentRef[],
): RecordedRange {
  return {
    first: start + 1,
    last: start + lines.length,
    origin: origin.kind,
    agent: origin.kind === "ai" ? numberOf(origin.agent, agents) : null,
    extent: origin.kind === "ai" ? origin.extent : null,
    evidence: origin.evidence,
    fingerprints: lines.map(printLine),
  };
}

function numberOf(agent: AgentRef, agents: AgentRef[]): number {
  const known = agents.findIndex((other) => isSameAgent(other, agent));
  return known >= 0 ? known : agents.push(agent) - 1;
}
