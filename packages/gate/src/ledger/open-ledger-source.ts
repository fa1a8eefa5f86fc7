// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { parseRefName, type RefName } from "@countersign/core/ids";
import { LEDGER_REF, type Repository } from "@countersign/git";
import { holdsLedger, type LedgerSource, openBackend, StoreError } from "@countersign/store";
import { findMirror, openMirror } from "./open-mirror.ts";

const REF_PREFIX = "ref:";

/** The ref that a place such as `ref:refs/countersign/ledger` names; undefined for a folder. Throws CoreError for no full ref name. */
export function mirrorRefOf(place: string): RefName | undefined {
  return place.startsWith(REF_PREFIX) ? parseRefName(place.slice(REF_PREFIX.length)) : undefined;
}

/** The log of a repository that names no other. */
export function defaultLedgerDir({ commonDir }: Pick<Repository, "commonDir">): string {
  return join(commonDir, "countersign", "ledger");
}

/**
 * Where a ledger is read that nobody named: the folder inside the Git directory, or, in a clone that has none, the mirror that came
 * with the repository.
 */
export async function defaultLedgerPlace(repository: Repository): Promise<string> {
  const folder = defaultLedgerDir(repository);
  if (holdsLedger(folder)) return folder;
  return (await findMirror(repository)) === undefined ? folder : `${REF_PREFIX}${LEDGER_REF}`;
}

/** Opens a place to read: `ref:` and the full name of a ref, or a folder, which may say that its log is in a bucket. */
export async function openLedgerSource(
  repository: Repository | undefined,
  place: string,
): Promise<LedgerSource> {
  const ref = mirrorRefOf(place);
  if (ref === undefined) return await openBackend(place);
  if (repository === undefined)
    throw new StoreError("STORE_UNUSABLE", `${place} is a ref of a repository, and there is none here`);
  const commit = await findMirror(repository, ref);
  if (commit !== undefined) return openMirror(repository, commit, ref);
  const message = `there is no ${ref} in this repository; fetch it, for example: countersign evidence fetch`;
  throw new StoreError("LEDGER_MISSING", message);
}
