// SPDX-License-Identifier: Apache-2.0
import type { WorkTreePlace } from "./find-work-tree.ts";
import type { JournalEntry, SeenFile } from "./journal-entry.ts";
import { headLogLength, readOtherCommits, readStand } from "./read-head.ts";

/** An entry of nobody's call: what some files hold now. */
export function toObservation(
  { gitDir }: WorkTreePlace,
  files: readonly SeenFile[],
  at: number,
): JournalEntry {
  const [head, log] = [readStand(gitDir), headLogLength(gitDir)];
  return { ...NOBODY, files, at, head, log, others: readOtherCommits(gitDir) };
}

const NOBODY = {
  version: 1,
  phase: "commit",
  action: "other",
  tool: "",
  session: "",
  subAgent: null,
  model: null,
  callKey: "",
  agentPid: 0,
  isWholeTree: false,
  isFinal: false,
  gaps: [],
} as const;
