// SPDX-License-Identifier: Apache-2.0
import type { ShippedTool } from "@countersign/core/audit";
import type { CommitFacts } from "@countersign/core/policy";
import { type Assistance, type EvidenceGrade, type Extent, toModelName } from "@countersign/core/trailers";
import type { LandedChange } from "@countersign/gate";

interface Draft {
  readonly tool: string;
  vendor: string | null;
  readonly model: string | null;
  readonly extents: Set<Extent>;
  evidence: EvidenceGrade;
  readonly commits: Set<string>;
  lines: number;
}

const GRADES: readonly EvidenceGrade[] = ["observed", "derived", "inferred", "declared", "none"];

/** Every tool and model that took part, with the lines that records ascribe to it; most lines first. */
export function toShippedTools(change: LandedChange): readonly ShippedTool[] {
  const drafts = new Map<string, Draft>();
  for (const commit of change.commits) {
    for (const claim of commit.assistance) if (claim.evidence !== "none") addClaim(drafts, commit.id, claim);
    if (!commit.viaSignOff) addLines(drafts, commit, change);
  }
  return dropUnnamed([...drafts.values()])
    .map(({ extents, commits, ...draft }) => ({
      ...draft,
      extents: [...extents].sort(),
      commits: commits.size,
    }))
    .sort((a, b) => b.lines - a.lines || b.commits - a.commits || (a.tool < b.tool ? -1 : 1));
}

function addClaim(drafts: Map<string, Draft>, commit: string, claim: Assistance): void {
  const draft = openDraft(drafts, claim.tool, claim.model);
  draft.vendor ??= claim.vendor;
  if (claim.extent !== null) draft.extents.add(claim.extent);
  if (GRADES.indexOf(claim.evidence) < GRADES.indexOf(draft.evidence)) draft.evidence = claim.evidence;
  draft.commits.add(commit);
}

function openDraft(drafts: Map<string, Draft>, tool: string, model: string | null): Draft {
  const key = `${tool}\0${model ?? ""}`;
  const known = drafts.get(key);
  if (known !== undefined) return known;
  const draft: Draft = {
    tool,
    vendor: null,
    model,
    extents: new Set(),
    evidence: "none",
    commits: new Set(),
    lines: 0,
  };
  drafts.set(key, draft);
  return draft;
}

function addLines(drafts: Map<string, Draft>, { id, lines }: CommitFacts, change: LandedChange): void {
  const agents = change.recorded.get(id)?.record?.agents ?? [];
  for (const { byAgent } of lines?.files ?? []) {
    for (const [place, count] of byAgent ?? []) {
      const agent = agents[place];
      if (agent === undefined) continue;
      const draft = openDraft(drafts, agent.tool, agent.model === null ? null : toModelName(agent.model));
      draft.lines += count;
      draft.commits.add(id);
    }
  }
}

/** A trailer without a model beside a record with one says nothing more. */
function dropUnnamed(drafts: readonly Draft[]): readonly Draft[] {
  return drafts.filter(
    (draft) =>
      draft.model !== null ||
      draft.lines > 0 ||
      !drafts.some((other) => other.tool === draft.tool && other.model !== null),
  );
}
