// SPDX-License-Identifier: Apache-2.0
import type { AssistanceRecord } from "@countersign/core/attribution";
import { type ObjectId, type RepoPath, toText } from "@countersign/core/ids";
import type { Repository } from "@countersign/git";
import type { RecordSources } from "../records/record-sources.ts";
import type { CandidateFile } from "./candidate-file.ts";
import { readForeignCandidates } from "./foreign-candidates.ts";
import { toCandidates } from "./read-candidates.ts";
import {
  type RecordText,
  readWantedRecords,
  streamRecordTexts,
  wantsFiles,
  wantsPrints,
} from "./stream-records.ts";

/** All own records, looked through for one path, and kept for the lines that will be asked about later. */
export interface RecordTexts {
  /** As `readNearCandidates` for this path. */
  readonly findCandidates: (prints: ReadonlySet<string>) => Promise<readonly CandidateFile[]>;
  /** The records themselves, for whoever asks Git for them by their commits. */
  readonly objects: NonNullable<Repository["readAhead"]>;
  /** Whose records speak of the path. */
  readonly commits: readonly ObjectId[];
}

/** Of records that do not speak of the path; more are read again. */
const MOST_BYTES = 32 * 1024 * 1024;

export async function readRecordTexts(
  repo: Repository,
  sources: RecordSources,
  path: RepoPath,
): Promise<RecordTexts> {
  const isNear = wantsFiles(new Set([path]), new Set());
  const rest: RecordText[] = [];
  const objects = new Map<ObjectId, { readonly type: "blob"; readonly bytes: Uint8Array }>();
  let left = MOST_BYTES;
  async function* nearTexts(): AsyncGenerator<RecordText, void, undefined> {
    for await (const text of streamRecordTexts(repo, sources.own)) {
      if (left >= 0) objects.set(text.id, { type: "blob", bytes: text.bytes });
      if (isNear(toText(text.bytes))) {
        yield text;
        continue;
      }
      left -= text.bytes.length;
      if (left >= 0) rest.push(text);
    }
  }
  const [near, foreign] = await Promise.all([
    readWantedRecords(repo, nearTexts(), () => true),
    readForeignCandidates(repo, sources, new Set([path])),
  ]);
  const readFar = async (prints: ReadonlySet<string>): Promise<readonly AssistanceRecord[]> => {
    if (prints.size === 0) return [];
    const isFar = wantsPrints(prints);
    if (left >= 0) return readWantedRecords(repo, rest, isFar);
    return readWantedRecords(
      repo,
      streamRecordTexts(repo, sources.own),
      (text) => !isNear(text) && isFar(text),
    );
  };
  return {
    objects,
    commits: [...near, ...foreign].map((record) => record.commit),
    findCandidates: async (prints) => {
      const own = [...near, ...(await readFar(prints))];
      const known = new Set(own.map((record) => record.commit));
      return [...own, ...foreign.filter((record) => !known.has(record.commit))].flatMap(toCandidates);
    },
  };
}
