// SPDX-License-Identifier: Apache-2.0
import { type AssistanceRecord, mergeRecords } from "@countersign/core/attribution";
import { CoreError, type ObjectId, toText } from "@countersign/core/ids";
import { findCommitTrees, listRecords, type Repository, readObjects } from "@countersign/git";
import { parseRecordOnce } from "../records/parse-once.ts";

/** What a record's text is asked before it is parsed: a hundred thousand records are looked through, and few are wanted. */
export type IsWanted = (text: string) => boolean;

/** A record as it stands in a set, not looked into yet. */
export interface RecordText {
  readonly id: ObjectId;
  readonly commit: ObjectId;
  readonly bytes: Uint8Array;
}

/** All records of some sets, one after the other. */
export async function* streamRecordTexts(
  repo: Repository,
  sets: readonly ObjectId[],
): AsyncGenerator<RecordText, void, undefined> {
  const places = new Map<ObjectId, ObjectId>();
  for (const set of sets)
    for (const [commit, files] of await listRecords(repo, set))
      for (const { id } of files) places.set(id, commit);
  for await (const object of readObjects(repo, [...places.keys()])) {
    const commit = places.get(object.id);
    if (object.status === "read" && commit !== undefined)
      yield { id: object.id, commit, bytes: object.bytes };
  }
}

/**
 * Every record whose text is wanted, whatever commit it is about; several of one commit as one, for a later one may correct what an
 * earlier one only inferred. One that is malformed, or whose commit is here with
 * another tree, is void and left out; `readOwnRecords` reports it where its commit is asked about.
 */
export async function readWantedRecords(
  repo: Repository,
  texts: AsyncIterable<RecordText> | Iterable<RecordText>,
  isWanted: IsWanted,
): Promise<readonly AssistanceRecord[]> {
  const records: AssistanceRecord[] = [];
  for await (const { id, commit, bytes } of texts) {
    if (!isWanted(toText(bytes))) continue;
    const record = parseOrUndefined(id, bytes);
    if (record !== undefined && record.commit === commit) records.push(record);
  }
  const trees = await findCommitTrees(repo, [...new Set(records.map((record) => record.commit))]);
  const valid = records.filter(({ commit, tree }) => (trees.get(commit) ?? tree) === tree);
  // Of a commit that is not here no tree is known: records that disagree about it stay apart.
  return [...Map.groupBy(valid, ({ commit, tree }) => `${commit} ${tree}`).values()].map(mergeRecords);
}

function parseOrUndefined(id: ObjectId, bytes: Uint8Array): AssistanceRecord | undefined {
  try {
    return parseRecordOnce(id, bytes);
  } catch (error) {
    if (error instanceof CoreError) return undefined;
    throw error;
  }
}

const PATHS = /"path":"((?:[^"\\]|\\.)*)"/g;
const BLOBS = /"blob":"([0-9a-f]+)"/g;
const PRINTS = /"fingerprints":"([A-Za-z0-9_-]*)"/g;
const PRINT_LENGTH = 8;

/** Records that speak of one of these paths, of a path that ends in or is the end of one, or of one of these blobs. */
export function wantsFiles(paths: ReadonlySet<string>, blobs: ReadonlySet<ObjectId>): IsWanted {
  const names = new Set([...paths].map(lastName));
  return (text) => {
    for (const match of text.matchAll(BLOBS)) if (blobs.has(match[1] ?? "")) return true;
    for (const match of text.matchAll(PATHS))
      if (names.has(lastName(fromJsonText(match[1] ?? "")))) return true;
    // A path that is not UTF-8 is written otherwise; such records are few, and compared in full later.
    return text.includes('"pathBase64"');
  };
}

function lastName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function fromJsonText(text: string): string {
  return text.includes("\\") ? (JSON.parse(`"${text}"`) as string) : text;
}

/** Records that hold one of these lines, wherever. */
export function wantsPrints(prints: ReadonlySet<string>): IsWanted {
  return (text) => {
    for (const match of text.matchAll(PRINTS)) {
      const all = match[1] ?? "";
      for (let at = 0; at < all.length; at += PRINT_LENGTH)
        if (prints.has(all.slice(at, at + PRINT_LENGTH))) return true;
    }
    return false;
  };
}
