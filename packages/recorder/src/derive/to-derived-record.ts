// SPDX-License-Identifier: Apache-2.0
import type { AgentRef, AssistanceRecord, CoverageGap } from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import { toRecordedFile } from "../records/to-recorded-file.ts";
import type { DerivationDraft, DerivedFile } from "./derivation-draft.ts";
import type { TargetCommit } from "./read-targets.ts";
import { countAdded } from "./target-file.ts";

/** What was found of one commit. */
export interface FoundCommit {
  readonly target: TargetCommit;
  readonly files: readonly DerivationDraft[];
  readonly gaps: readonly CoverageGap[];
}

/** More lenders than a record can name; no squash comes near. */
const MOST_SOURCES = 4096;

/** What was found of one commit as its record. It is never whole: that nothing else was AI's, nobody has seen. */
export function toDerivedRecord(
  commit: { readonly id: ObjectId; readonly tree: ObjectId },
  { target, files, gaps }: FoundCommit,
): AssistanceRecord {
  const agents: AgentRef[] = [];
  const recorded = files.map(({ target, origins }) => toRecordedFile(target, origins, agents));
  const lenders = new Set(files.flatMap((file) => [...file.lenders]));
  const isInferred = recorded.every((file) => file.ranges.every((range) => range.evidence === "inferred"));
  return {
    version: 1,
    commit: commit.id,
    tree: commit.tree,
    grade: isInferred ? "inferred" : "derived",
    recorder: { name: "countersign", version: "1" },
    coverage: {
      isWhole: false,
      from: null,
      to: null,
      gaps: [...gaps, ...describeFound(target.files.map(countAdded), files)],
    },
    agents,
    files: recorded,
    derivedFrom: [...lenders].sort().slice(0, MOST_SOURCES),
  };
}

function describeFound(added: readonly number[], files: readonly DerivedFile[]): readonly CoverageGap[] {
  const of = added.reduce((sum, count) => sum + count, 0);
  const found = files.reduce(
    (sum, file) => sum + file.origins.filter((each) => each.kind !== "unknown").length,
    0,
  );
  if (found === of) return [];
  return [
    { code: "partly-derived", message: `${found} of ${of} added lines were found again in other records` },
  ];
}
