// SPDX-License-Identifier: Apache-2.0
import { parseCheckpoint, parseSignedNote } from "@countersign/core/ledger";
import { dropRedacted } from "./drop-redacted.ts";
import type { LedgerBackend, LockValue } from "./ports.ts";
import { parseRegister } from "./register.ts";
import { parseStaging, type StagedAppend, stagedSize } from "./staging.ts";
import { StoreError } from "./store-error.ts";

/** The newest checkpoint, as the world sees it. */
export const CHECKPOINT_PATH = "checkpoint";
/** The newest checkpoint that a witness has cosigned. */
export const COSIGNED_PATH = "checkpoint-cosigned";

/** What was published and is not settled yet: its staging is still needed after a crash. */
export interface Published {
  readonly name: string;
  readonly staged: StagedAppend;
}

/**
 * Publishes an append whose checkpoint the register holds. The same for the normal path and for recovery, except that
 * recovery writes over what stands there: after a power failure a published file may be cut off, and the staging, which
 * the signed checkpoint's name leads to, is the one that counts.
 */
export async function publish(
  { objects }: LedgerBackend,
  staged: StagedAppend,
  mode: "first" | "again",
): Promise<void> {
  const write = mode === "first" ? objects.putLazily : objects.replaceLazily;
  for (const { path, bytes } of staged.files) await write(path, bytes);
}

/** Makes what was published durable, and removes what is no longer needed. */
export async function settle({ objects }: LedgerBackend, published: readonly Published[]): Promise<void> {
  if (published.length === 0) return;
  await objects.sync();
  // Partial tiles first: a crash in between finds the staging again, and with it the list of what is left to remove.
  for (const folder of published.flatMap(({ staged }) => staged.outdated)) {
    for (const name of await objects.list(folder)) await objects.remove(`${folder}/${name}`);
  }
  for (const { name } of published) await objects.remove(`staging/${name}`);
}

/**
 * Publishes and settles whatever the register knows and a crash left in staging; then the checkpoint itself, unless `check` throws: by
 * then every tile is there that the checkpoint speaks of. Returns the log's size before the first append that was published again,
 * undefined where none was.
 */
export async function recover(
  backend: LedgerBackend,
  lock: LockValue,
  check: () => Promise<void> = async () => {},
): Promise<number | undefined> {
  const { objects } = backend;
  const { staging, note } = parseRegister(lock.bytes);
  const checkpoint = parseCheckpoint(parseSignedNote(note).text);
  const published: Published[] = [];
  for (let name = staging; name !== null; ) {
    const bytes = await objects.get(`staging/${name}`);
    if (bytes === undefined) break;
    const staged = parseStaging(name, bytes);
    published.unshift({ name, staged });
    name = staged.previous;
  }
  for (const { staged } of published) await publish(backend, staged, "again");
  await check();
  await publishCheckpoint(backend, note);
  await settle(backend, published);
  await dropLosers(backend, checkpoint.treeSize);
  const [first] = published;
  return first === undefined ? undefined : sizeBefore(first.staged);
}

function sizeBefore({ previous }: StagedAppend): number {
  return previous === null ? 0 : (stagedSize(previous) ?? 0);
}

/**
 * Recovers what the register holds, until it stood still meanwhile: whoever was suspended in the middle wakes up after others have
 * appended, and may have put an older checkpoint over their newer one, or back what they redacted. `since`: the log's size before what
 * the caller itself has published. Returns the register.
 */
export async function recoverNewest(
  backend: LedgerBackend,
  recoverOnce: (lock: LockValue) => Promise<number | undefined> = (lock) => recover(backend, lock),
  since = Number.POSITIVE_INFINITY,
): Promise<LockValue> {
  let written = since;
  for (let lock = await fetchRegister(backend); ; ) {
    written = Math.min(written, (await recoverOnce(lock)) ?? written);
    // Looked at after the last write: who appends later than this publishes later than that.
    const newest = await fetchRegister(backend);
    if (newest.version === lock.version) {
      await dropRedacted(backend, lock, written);
      return lock;
    }
    lock = newest;
  }
}

/** Throws StoreError STORE_UNUSABLE where there is no log. */
export async function fetchRegister({ lock, name }: LedgerBackend): Promise<LockValue> {
  const value = await lock.fetch();
  if (value !== undefined) return value;
  throw new StoreError(
    "STORE_UNUSABLE",
    `there is no ledger in ${name}; make one with: countersign ledger init`,
  );
}

/**
 * Replaces the published checkpoint by the register's. One that says the same is kept, since witnesses may have signed it
 * in the meantime.
 */
export async function publishCheckpoint({ objects }: LedgerBackend, note: Uint8Array): Promise<void> {
  const known = await objects.get(CHECKPOINT_PATH);
  if (known !== undefined && isSameText(known, note)) return;
  await objects.replaceLazily(CHECKPOINT_PATH, note);
}

function isSameText(known: Uint8Array, note: Uint8Array): boolean {
  try {
    return parseSignedNote(known).text === parseSignedNote(note).text;
  } catch {
    // Cut off by a power failure.
    return false;
  }
}

/** What other writers staged for a size that the register has passed can never be published: they lost. */
async function dropLosers({ objects }: LedgerBackend, treeSize: number): Promise<void> {
  for (const name of await objects.list("staging")) {
    const size = stagedSize(name);
    if (size !== undefined && size <= treeSize) await objects.remove(`staging/${name}`);
  }
}
