// SPDX-License-Identifier: Apache-2.0
import {
  type AgentRef,
  type AssistanceRecord,
  type AttributedText,
  type CandidateRange,
  type CandidateRanges,
  matchFingerprints,
  UNKNOWN,
} from "@countersign/core/attribution";
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import { type ParentedChange, type Repository, readParentedChanges } from "@countersign/git";
import { hasAi } from "../capture/fold-state.ts";
import { textsOf, type WorkingState } from "../capture/working-state.ts";
import { weaken } from "../derive/candidate-file.ts";
import { findKeptLines } from "../derive/derive-file.ts";
import { printLine } from "../derive/print-line.ts";
import { readTargets, type TargetCommit } from "../derive/read-targets.ts";
import type { TargetFile } from "../derive/target-file.ts";
import { toRecordedFile } from "../records/to-recorded-file.ts";
import { readSiblingStates } from "./read-sibling-states.ts";

/**
 * What recorders of the repository's other work trees know of lines that commits of this one add: stashes are everybody's, and a patch or
 * a copy takes an agent's lines from one work tree to another before they are in any commit. No process where no other work tree has any.
 */
export async function deriveFromSiblings(
  repo: Repository,
  open: readonly Pick<AssistanceRecord, "commit" | "tree" | "recorder">[],
): Promise<ReadonlyMap<ObjectId, AssistanceRecord>> {
  const records = new Map<ObjectId, AssistanceRecord>();
  const lenders = open.length === 0 ? [] : (await readSiblingStates(repo)).flatMap(toLenders);
  if (lenders.length === 0) return records;
  const changes = new Map<ObjectId, readonly ParentedChange[]>();
  for await (const { id, changes: own } of readParentedChanges(
    repo,
    open.map(({ commit }) => commit),
  ))
    changes.set(id, own);
  const known = new Map(open.map((one) => [one.commit, one]));
  for await (const target of readTargets(repo, changes)) {
    const commit = known.get(target.id);
    const found = toFound(target, lenders);
    if (commit !== undefined && found.files.length > 0)
      records.set(target.id, {
        ...{ version: 1, commit: commit.commit, tree: commit.tree, grade: "derived" },
        ...{ recorder: commit.recorder, coverage: NOT_WHOLE, derivedFrom: [] },
        ...found,
      });
  }
  return records;
}

const NOT_WHOLE = { isWhole: false, from: null, to: null, gaps: [] };

/** A text of another work tree with lines of an AI. */
interface Lender {
  readonly path: RepoPath;
  readonly ranges: readonly CandidateRange[];
}

function toLenders({ paths }: WorkingState): readonly Lender[] {
  return [...paths].flatMap(([path, state]) =>
    textsOf(state)
      .filter(hasAi)
      .map((text) => ({ path, ranges: toRanges(text) })),
  );
}

/** One range for each line: all of them stood together. */
function toRanges({ lines, origins }: AttributedText): readonly CandidateRange[] {
  return lines.flatMap((line, index) => {
    const origin = origins[index] ?? UNKNOWN;
    const place = { first: index + 1, last: index + 1 };
    return origin.kind === "unknown" ? [] : [{ ...place, origin, fingerprints: [printLine(line)] }];
  });
}

function toFound(
  { files }: TargetCommit,
  lenders: readonly Lender[],
): Pick<AssistanceRecord, "agents" | "files"> {
  const agents: AgentRef[] = [];
  const found = files.map((file) => toRecordedFile(file, findOrigins(file, lenders), agents));
  return { agents, files: found.filter(({ ranges }) => ranges.length > 0) };
}

function findOrigins(file: TargetFile, lenders: readonly Lender[]) {
  const candidates = lenders.map(({ path, ranges }): CandidateRanges => {
    return { closeness: path === file.path ? "same-path" : "elsewhere", ranges };
  });
  const isKept = findKeptLines(file);
  const matches = matchFingerprints(file.lines, candidates, (index) => file.isAdded[index] === 1, {
    print: printLine,
    isRepeated: (index) => isKept(file.lines[index] ?? ""),
  });
  return matches.map((match) => {
    const isNear = match !== undefined && candidates[match.candidate]?.closeness === "same-path";
    return match?.origin.kind === "ai" ? weaken(match.origin, isNear ? "derived" : "inferred") : UNKNOWN;
  });
}
