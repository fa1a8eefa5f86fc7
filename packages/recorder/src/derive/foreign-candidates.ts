// SPDX-License-Identifier: Apache-2.0
import type { AssistanceRecord, ForeignRecord } from "@countersign/core/attribution";
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import type { Repository } from "@countersign/git";
import { checkForeign } from "../records/check-foreign.ts";
import { readNotes } from "../records/read-notes.ts";
import { readIdentities } from "../records/read-records.ts";
import { listNotesIfAny } from "../records/record-listings.ts";
import type { RecordSources } from "../records/record-sources.ts";

/** Annotated commits that are looked into; notes of more are an archive, and the newest are the ones that matter. */
const MOST_COMMITS = 20_000;

/**
 * Other trackers' notes of other commits, as far as they speak of the wanted paths: they have no fingerprints, so only commits that
 * are here can lend. A team that keeps its tracker keeps its lines through a squash all the same.
 */
export async function readForeignCandidates(
  repo: Repository,
  sources: RecordSources,
  paths: ReadonlySet<RepoPath>,
): Promise<readonly AssistanceRecord[]> {
  if (sources.notes.length === 0 || paths.size === 0) return [];
  const annotated = new Set<ObjectId>();
  for (const { tip } of sources.notes)
    for (const id of (await listNotesIfAny(repo, tip))?.keys() ?? []) annotated.add(id);
  const identities = await readIdentities(repo, [...annotated].slice(0, MOST_COMMITS));
  const commits = new Map(identities.map((commit) => [commit.id, commit]));
  const { records } = await readNotes(repo, sources, commits);
  const wanted = new Map<ObjectId, readonly ForeignRecord[]>();
  for (const [id, own] of records) {
    const near = own.map((record) => ({
      ...record,
      files: record.files.filter(({ path }) => paths.has(path)),
    }));
    const speaking = near.filter((record) => record.files.length > 0);
    if (speaking.length > 0) wanted.set(id, speaking);
  }
  return [...(await checkForeign(repo, wanted, commits)).values()].flat();
}
