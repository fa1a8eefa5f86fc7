// SPDX-License-Identifier: Apache-2.0
import type { AssistanceRecord } from "@countersign/core/attribution";
import type { ObjectId, RepoPath } from "@countersign/core/ids";
import type { Repository } from "@countersign/git";
import type { RecordSources } from "../records/record-sources.ts";
import { type CandidateFile, toCandidateFile } from "./candidate-file.ts";
import { readForeignCandidates } from "./foreign-candidates.ts";
import { readWantedRecords, streamRecordTexts, wantsFiles, wantsPrints } from "./stream-records.ts";

/** Recorded files that bear one of these names or hold one of these blobs, or one of these lines. */
export async function readNearCandidates(
  repo: Repository,
  sources: RecordSources,
  wanted: readonly { readonly path: RepoPath; readonly id: ObjectId }[],
  prints: ReadonlySet<string> = new Set(),
): Promise<readonly CandidateFile[]> {
  const paths = new Set(wanted.map(({ path }) => path));
  const isNear = wantsFiles(paths, new Set(wanted.map(({ id }) => id)));
  const isFar = wantsPrints(prints);
  const [own, foreign] = await Promise.all([
    readWantedRecords(
      repo,
      streamRecordTexts(repo, sources.own),
      (text) => isNear(text) || (prints.size > 0 && isFar(text)),
    ),
    readForeignCandidates(repo, sources, paths),
  ]);
  // Our recorder's own notes repeat its records, so ours come first and what they say is said.
  const known = new Set(own.map((record) => record.commit));
  return [...own, ...foreign.filter((record) => !known.has(record.commit))].flatMap(toCandidates);
}

/** Recorded files anywhere that hold one of these lines. */
export async function readFarCandidates(
  repo: Repository,
  { own }: RecordSources,
  prints: ReadonlySet<string>,
): Promise<readonly CandidateFile[]> {
  if (prints.size === 0) return [];
  return (await readWantedRecords(repo, streamRecordTexts(repo, own), wantsPrints(prints))).flatMap(
    toCandidates,
  );
}

export function toCandidates(record: AssistanceRecord): readonly CandidateFile[] {
  return record.files.map((file) => toCandidateFile(record, file));
}

/** A record that is near and far was read twice. */
export function uniqueCandidates(files: readonly CandidateFile[]): readonly CandidateFile[] {
  const keyOf = ({ commit, grade, path, blob }: CandidateFile) => JSON.stringify([commit, grade, path, blob]);
  return [...new Map(files.map((file) => [keyOf(file), file])).values()];
}
