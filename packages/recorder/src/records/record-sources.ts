// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  AGENT_TRACE_FILE,
  AGENTBLAME_NOTES,
  AGENTDIFF_REFS,
  ENTIRE_BRANCH,
  WHOGITIT_NOTES,
} from "@countersign/core/attribution";
import type { ObjectId, RefName } from "@countersign/core/ids";
import { listRefs, RECORDS_REF, type Ref, type Repository } from "@countersign/git";

/** Git AI's notes, ours too, and where its fetches put a remote's. */
const GIT_AI_NOTES: RefName = "refs/notes/ai";
const GIT_AI_REMOTES = "refs/notes/ai-remote";
const FETCHED = "refs/countersign-remotes";

/** Everything that a record can stand in; a snapshot of refs that is to decide by records has to hold these. */
export const RECORDING_REFS: readonly string[] = [
  RECORDS_REF,
  FETCHED,
  GIT_AI_NOTES,
  GIT_AI_REMOTES,
  AGENTBLAME_NOTES,
  WHOGITIT_NOTES,
  AGENTDIFF_REFS,
  `refs/heads/${ENTIRE_BRANCH}`,
];

/** Tips of all that records stand in, as they were at one moment. */
export interface RecordSources {
  /** Sets of our own records; the repository's own first, then what fetches brought, then what the caller named. */
  readonly own: readonly ObjectId[];
  readonly notes: readonly { readonly tracker: NoteTracker; readonly tip: ObjectId }[];
  readonly agentdiff: readonly ObjectId[];
  readonly entire: readonly ObjectId[];
}

export type NoteTracker = "git-ai" | "agentblame" | "whogitit";

/** One process. `pushed` are tips of record sets that are about to become the repository's (a push in quarantine). */
export async function findRecordSources(
  repo: Repository,
  pushed: readonly ObjectId[] = [],
): Promise<RecordSources> {
  return toRecordSources(await listRefs(repo, RECORDING_REFS), pushed);
}

/** The same from refs that were listed already. */
export function toRecordSources(refs: readonly Ref[], pushed: readonly ObjectId[] = []): RecordSources {
  const tips = (isMeant: (name: RefName) => boolean) => [
    ...new Set(refs.filter(({ name }) => isMeant(name)).map((ref) => ref.id)),
  ];
  const notes = (tracker: NoteTracker, isMeant: (name: RefName) => boolean) =>
    tips(isMeant).map((tip) => ({ tracker, tip }));
  const own = [...tips((name) => name === RECORDS_REF), ...tips(isFetchedRecords), ...pushed];
  return {
    own: [...new Set(own)],
    notes: [
      ...notes("git-ai", (name) => name === GIT_AI_NOTES || name.startsWith(`${GIT_AI_REMOTES}/`)),
      ...notes("agentblame", (name) => name === AGENTBLAME_NOTES),
      ...notes("whogitit", (name) => name === WHOGITIT_NOTES),
    ],
    agentdiff: tips(
      (name) => name.startsWith(`${AGENTDIFF_REFS}/traces/`) || name === `${AGENTDIFF_REFS}/meta`,
    ),
    entire: tips((name) => name === `refs/heads/${ENTIRE_BRANCH}`),
  };
}

function isFetchedRecords(name: RefName): boolean {
  return name.startsWith(`${FETCHED}/`) && name.endsWith(RECORDS_REF.slice("refs".length));
}

/** Whether anything could hold a record at all; where nothing does, nothing has to be looked up. */
export function hasSources(
  { workTree, commonDir }: Pick<Repository, "workTree" | "commonDir">,
  { own, notes, agentdiff, entire }: RecordSources,
): boolean {
  if (own.length + notes.length + agentdiff.length + entire.length > 0) return true;
  // Traces stand in files, committed or not, and need no ref.
  const isTraced = workTree !== undefined && existsSync(join(workTree, dirname(AGENT_TRACE_FILE)));
  return isTraced || existsSync(agentdiffFolder(commonDir));
}

/** Where agentdiff keeps traces before a push. */
export function agentdiffFolder(commonDir: string): string {
  return join(commonDir, "agentdiff", "traces");
}
