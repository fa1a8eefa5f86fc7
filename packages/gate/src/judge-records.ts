// SPDX-License-Identifier: Apache-2.0
import { parseAssistanceRecord } from "@countersign/core/attribution";
import { CoreError, isNullObjectId, type ObjectId, sha256Hex } from "@countersign/core/ids";
import {
  diffTrees,
  findLostRecords,
  listTree,
  RECORDS_REF,
  type Repository,
  readObjects,
  type TreeEntry,
} from "@countersign/git";

/** Why a push may not set the records to this commit; undefined where it may. */
export async function findRecordsFault(
  repository: Repository,
  old: ObjectId,
  next: ObjectId,
): Promise<string | undefined> {
  if (isNullObjectId(next)) return `${RECORDS_REF} holds the records of who wrote what and cannot be deleted`;
  const fault = await findUnsound(repository, await listNew(repository, old, next));
  if (fault !== undefined) return `this push would put something into the records that is none: ${fault}`;
  const lost = isNullObjectId(old) ? [] : await findLostRecords(repository, old, next);
  if (lost.length === 0) return undefined;
  return `this push would drop ${lost.length} record(s) that the server has; fetch and unite first: countersign evidence push`;
}

const PATH = /^([0-9a-f]{2})\/([0-9a-f]{38}|[0-9a-f]{62})\/([0-9a-f]{64})\.json$/;
const MOST_BYTES = 16 * 1024 * 1024;

/** What a push adds or changes: a set of 100,000 costs no more than the difference. */
async function listNew(repository: Repository, old: ObjectId, next: ObjectId): Promise<readonly TreeEntry[]> {
  if (isNullObjectId(old)) return listTree(repository, next);
  const changes = await diffTrees(repository, old, next);
  return changes
    .filter((change) => change.status !== "D")
    .map(({ path, newMode, newId }) => ({ path, mode: newMode, id: newId }));
}

/**
 * The first entry that is no record. The set never shrinks, so what is unsound must not get in; what was there already is not held
 * against this push.
 */
async function findUnsound(repository: Repository, added: readonly TreeEntry[]): Promise<string | undefined> {
  const odd = added.find(({ mode, path }) => mode !== "100644" || !PATH.test(path));
  if (odd !== undefined) return `${JSON.stringify(odd.path)} is no record's path`;
  const paths = new Map(added.map(({ id, path }) => [id, path]));
  for await (const blob of readObjects(repository, [...paths.keys()], { maxBytes: MOST_BYTES })) {
    const path = paths.get(blob.id) ?? "";
    const reason = blob.status === "read" ? findFlaw(path, blob.bytes) : `it is ${blob.status}`;
    if (reason !== undefined) return `${JSON.stringify(path)}: ${reason}`;
  }
  // One blob at two paths would be read once above.
  return added.length === paths.size ? undefined : "one record stands at two paths";
}

function findFlaw(path: string, bytes: Uint8Array): string | undefined {
  const [, first = "", rest = "", name = ""] = PATH.exec(path) ?? [];
  if (sha256Hex(bytes) !== name) return "its bytes do not hash to its name";
  try {
    return parseAssistanceRecord(bytes).commit === first + rest ? undefined : "it is about another commit";
  } catch (error) {
    // A newer program's record is sound, and will be read when this one is newer.
    if (error instanceof CoreError && error.code === "RECORD_VERSION_UNKNOWN") return undefined;
    if (error instanceof CoreError) return error.message;
    throw error;
  }
}
