// SPDX-License-Identifier: Apache-2.0
import type { ObjectId, RefName, Sha256 } from "@countersign/core/ids";
import {
  EVIDENCE_REF,
  fetchedTips,
  GitError,
  isAncestor,
  LEDGER_REF,
  listRecords,
  openFiles,
  RECORDS_REF,
  type Repository,
  readEvidenceTree,
  readRef,
} from "@countersign/git";
import { type LedgerSource, StoreError } from "@countersign/store";

const OBJECT = /^objects\/([0-9a-f]{2})\/([0-9a-f]{62})$/;

/**
 * A ledger as a commit of its mirror holds it. The objects that entries are about are not in it, since a history of commits forgets
 * nothing that has to be redacted: they are looked for in the evidence and the records of this repository.
 */
export function openMirror(repository: Repository, commit: ObjectId, name: string): LedgerSource {
  const files = openFiles(repository, commit);
  let known: Promise<ReadonlyMap<Sha256, ObjectId>> | undefined;

  async function get(path: string): Promise<Uint8Array | undefined> {
    const found = await files.get(path);
    const [, first, rest] = OBJECT.exec(path) ?? [];
    if (found !== undefined || first === undefined || rest === undefined) return found;
    known ??= listEvidence(repository);
    const blob = (await known).get(first + rest);
    return blob === undefined ? undefined : await files.blob(blob);
  }

  return {
    name,
    isMirror: true,
    objects: { get: (path) => get(path).catch((error: unknown) => fail(name, error)) },
    lock: { fetch: async () => undefined },
  };
}

/** Evidence and records by the hash that their names claim; whoever asks for the bytes hashes them. */
async function listEvidence(repository: Repository): Promise<ReadonlyMap<Sha256, ObjectId>> {
  const found = new Map<Sha256, ObjectId>();
  for (const tip of await tipsOf(repository, EVIDENCE_REF))
    for (const [name, blob] of (await readEvidenceTree(repository, tip)).entries) found.set(name, blob);
  for (const tip of await tipsOf(repository, RECORDS_REF))
    for (const file of [...(await listRecords(repository, tip)).values()].flat())
      found.set(file.name, file.id);
  return found;
}

async function tipsOf(repository: Repository, ref: RefName): Promise<readonly ObjectId[]> {
  const own = await readRef(repository, ref);
  return [...(await fetchedTips(repository, ref)), ...(own === undefined ? [] : [own])];
}

function fail(name: string, cause: unknown): never {
  if (!(cause instanceof GitError)) throw cause;
  const code = cause.code === "OUTPUT_MALFORMED" ? "LEDGER_DAMAGED" : "STORE_UNUSABLE";
  throw new StoreError(code, `${name}: ${cause.message}`, { cause });
}

/**
 * Where a mirror stands: this clone's ref, or what plain fetches brought, where that continues it. Undefined where there is none. Throws
 * StoreError STORE_UNUSABLE where several remotes have mirrors that do not continue each other and none is this clone's own.
 */
export async function findMirror(
  repository: Repository,
  ref: RefName = LEDGER_REF,
): Promise<ObjectId | undefined> {
  const own = await readRef(repository, ref);
  const fetched = ref === LEDGER_REF ? await fetchedTips(repository, ref) : [];
  let newest = own;
  for (const tip of fetched) {
    if (newest === undefined || (await isAncestor(repository, newest, tip))) newest = tip;
    else if (own === undefined && !(await isAncestor(repository, tip, newest))) throw several(ref);
  }
  return newest;
}

function several(ref: RefName): StoreError {
  const message = `the remotes have several ${ref} that do not continue each other; take one: countersign evidence fetch <remote>`;
  return new StoreError("STORE_UNUSABLE", message);
}
