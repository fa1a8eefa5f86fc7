// SPDX-License-Identifier: Apache-2.0
import type { Repository } from "@countersign/git";
import type { CommitIdentity } from "./findings.ts";
import { type RecordedCommit, readRecordedCommits } from "./read-records.ts";
import { listAsked, listOnce } from "./record-listings.ts";
import { hasSources, type RecordSources } from "./record-sources.ts";

export interface JoinedCommit<Commit> {
  readonly commit: Commit;
  readonly recorded: RecordedCommit | undefined;
}

/** The first rows come soon; later batches are large, since each costs the same few processes. */
const FIRST_BATCH = 256;
const LARGEST_BATCH = 4096;
/** More than that are picked from the listing of all records, which is kept then. */
const FEW_COMMITS = 1024;

/**
 * Commits as they stream by, with what is recorded of each as a whole; their order stays. A history of any length costs a dozen
 * processes for each some thousand commits, and none where nothing is recorded.
 */
export async function* joinRecords<Commit extends CommitIdentity>(
  repo: Repository,
  batches: AsyncIterable<readonly Commit[]>,
  sources: RecordSources,
): AsyncGenerator<readonly JoinedCommit<Commit>[], void, undefined> {
  if (!hasSources(repo, sources)) {
    for await (const commits of batches) yield commits.map((commit) => ({ commit, recorded: undefined }));
    return;
  }
  const [asked, whole] = [listAsked(repo), listOnce(repo)];
  for await (const commits of inLarger(batches)) {
    const listings = commits.length > FEW_COMMITS ? whole : asked;
    const known = await readRecordedCommits(repo, commits, { sources, areLinesNeeded: false, listings });
    yield commits.map((commit) => ({ commit, recorded: known.get(commit.id) }));
  }
}

async function* inLarger<Commit>(
  batches: AsyncIterable<readonly Commit[]>,
): AsyncGenerator<readonly Commit[], void, undefined> {
  let waiting: Commit[] = [];
  let size = FIRST_BATCH;
  for await (const commits of batches) {
    waiting.push(...commits);
    if (waiting.length < size) continue;
    yield waiting;
    waiting = [];
    size = Math.min(LARGEST_BATCH, size * 4);
  }
  if (waiting.length > 0) yield waiting;
}
