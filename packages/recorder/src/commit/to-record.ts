// SPDX-License-Identifier: Apache-2.0
import type { AssistanceRecord, Coverage } from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import type { PreparedRecord } from "./prepared-commit.ts";

const UNCOVERED: Coverage = { isWhole: false, from: null, to: null, gaps: [] };

/** The record of a commit that exists, or of one that is only thought of. */
export function toRecord(
  { tree, files, agents, gaps }: PreparedRecord,
  commit: ObjectId,
  coverage: Coverage = UNCOVERED,
): AssistanceRecord {
  const isWhole = coverage.isWhole && gaps.length === 0;
  return {
    version: 1,
    commit,
    tree,
    grade: "observed",
    recorder: { name: "countersign", version: "1" },
    coverage: { ...coverage, isWhole, gaps: [...coverage.gaps, ...gaps] },
    agents,
    files,
    derivedFrom: [],
  };
}
