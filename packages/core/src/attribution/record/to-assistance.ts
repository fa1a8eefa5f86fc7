// SPDX-License-Identifier: Apache-2.0
import type { Assistance, CommitState, EvidenceGrade, Extent } from "../../trailers/assistance.ts";
import { toModelName } from "../../trailers/model-name.ts";
import { findTool } from "../../trailers/tool-index.ts";
import type { AssistanceRecord } from "../assistance-record.ts";
import type { AgentRef } from "../origin.ts";
import { compareEvidence, limitEvidence } from "./limit-evidence.ts";

/**
 * What a record says of its commit as a whole: one entry for each tool, model and extent, in the order of its agents,
 * `generated` first. An agent without lines has the extent null. The evidence is the best of its ranges, never better
 * than the record's own grade.
 */
export function toAssistance(record: AssistanceRecord): readonly Assistance[] {
  const found = findEvidence(record);
  const claims = new Map<string, Assistance>();
  for (const [index, agent] of record.agents.entries()) {
    const extents = found.get(index) ?? new Map<Extent | null, EvidenceGrade>([[null, record.grade]]);
    for (const extent of ["generated", "edited", null] as const) {
      const evidence = extents.get(extent);
      if (evidence === undefined) continue;
      const key = JSON.stringify([agent.tool, agent.model, extent]);
      const known = claims.get(key);
      if (known === undefined) claims.set(key, toClaim(agent, extent, evidence));
      else if (compareEvidence(evidence, known.evidence) < 0) claims.set(key, { ...known, evidence });
    }
  }
  return [...claims.values()];
}

/**
 * `recorded` where an AI took part; `cleared` only where the recorder saw the whole change and no AI in it; undefined
 * where the record proves neither.
 */
export function recordedState(record: AssistanceRecord): CommitState | undefined {
  const hasAi = record.files.some(({ ranges }) => ranges.some(({ origin }) => origin === "ai"));
  if (hasAi || record.agents.length > 0) return "recorded";
  const { isWhole, gaps } = record.coverage;
  // What was only matched has seen nothing, so it cannot say that nothing was there.
  return record.grade !== "inferred" && isWhole && gaps.length === 0 ? "cleared" : undefined;
}

/** By agent and extent, the best evidence. */
function findEvidence(
  record: AssistanceRecord,
): ReadonlyMap<number, ReadonlyMap<Extent | null, EvidenceGrade>> {
  const found = new Map<number, Map<Extent | null, EvidenceGrade>>();
  for (const { ranges } of record.files) {
    for (const range of ranges) {
      if (range.agent === null) continue;
      const extents = found.get(range.agent) ?? new Map<Extent | null, EvidenceGrade>();
      found.set(range.agent, extents);
      const evidence = limitEvidence(range.evidence, record.grade);
      const known = extents.get(range.extent);
      if (known === undefined || compareEvidence(evidence, known) < 0) extents.set(range.extent, evidence);
    }
  }
  return found;
}

function toClaim(agent: AgentRef, extent: Extent | null, evidence: EvidenceGrade): Assistance {
  return {
    tool: agent.tool,
    vendor: findTool(agent.tool)?.vendor ?? null,
    model: agent.model === null ? null : toModelName(agent.model),
    modelRaw: agent.model,
    extent,
    convention: "recorded",
    evidence,
    line: null,
  };
}
