// SPDX-License-Identifier: Apache-2.0
import { parseInstant } from "@countersign/core/attestation";
import { type ObjectId, type RepoPath, toUtf8 } from "@countersign/core/ids";
import {
  formatVerifierKey,
  parseSignedNote,
  type VerifiedCheckpoint,
  verifyCheckpoint,
} from "@countersign/core/ledger";
import { openLedgerSource, readMirrored } from "@countersign/gate";
import {
  fetchedTips,
  LEDGER_REF,
  type MirrorFile,
  type Repository,
  readRef,
  swapUntilDone,
  writeMirror,
} from "@countersign/git";
import {
  CHECKPOINT_PATH,
  COSIGNED_PATH,
  checkContinuation,
  type Ledger,
  objectPath,
  PUBLIC_FILE,
  StoreError,
  verifyEd25519,
} from "@countersign/store";
import { type LedgerTrust, openLedger } from "./open-ledger.ts";

export interface MirrorRequest {
  readonly repository: Repository;
  /** Folder of the log, which may say that it is in a bucket. */
  readonly dir: string;
  /** Key that the log is checked by; default the one that its folder states. */
  readonly trust: Pick<LedgerTrust, "verifierKey"> | undefined;
}

export interface MirroredLedger {
  readonly commit: ObjectId;
  readonly origin: string;
  readonly treeSize: number;
  /** Entries that the mirror held before; null where there was none. */
  readonly before: number | null;
  /** Files that are new in it. */
  readonly added: number;
  /** Paths at which it held something else than the log does: somebody wrote to it who is no mirror. Tiles and bundles only. */
  readonly replaced: readonly RepoPath[];
  /** What fetches brought under the mirror's name that is no mirror of this log. */
  readonly foreign: readonly ObjectId[];
}

/**
 * Copies a log into the repository's mirror, as one commit on top of the last. Everything that is copied was verified, and the log
 * continues what was mirrored before. Throws StoreError LEDGER_FORKED or LEDGER_ROLLED_BACK with both checkpoints where it does not, and
 * what reading a log throws. Any number of mirrors may run at once.
 */
export async function mirrorLedger({ repository, dir, trust }: MirrorRequest): Promise<MirroredLedger> {
  return await swapUntilDone(repository, LEDGER_REF, async () => {
    const source = await openLedgerSource(undefined, dir);
    // Before the newest checkpoint, which is then at least as large.
    const cosignedNote = await source.objects.get(COSIGNED_PATH);
    const ledger = await openLedger({ backend: source, dir, repository, ...(trust && { trust }) });
    const cosigned = cosignedNote === undefined ? undefined : await readEarlier(ledger, cosignedNote);
    const { tips, before, foreign } = await readTips(repository, ledger);
    const { files, at } = await collectFiles(ledger, cosigned);
    const { treeSize, note } = ledger.checkpoint;
    const message = `countersign ledger: ${treeSize} entries\n\n${parseSignedNote(note).text}`;
    const written = await writeMirror(repository, { tips, files, message, at });
    if ("complaint" in written) return written;
    const { tip, added, replaced } = written;
    const tiles = replaced.filter((path) => path.startsWith("tile/"));
    return { commit: tip, origin: ledger.origin, treeSize, before, added, replaced: tiles, foreign };
  });
}

/**
 * Entries that this clone's mirror of the log holds; undefined where there is none. Throws StoreError LEDGER_FORKED where the log does
 * not continue them, and LEDGER_DAMAGED where the ref is no mirror of it.
 */
export async function compareMirrored(repository: Repository, ledger: Ledger): Promise<number | undefined> {
  const tip = await readRef(repository, LEDGER_REF);
  if (tip === undefined) return undefined;
  const seen = await readMirrored(repository, tip, ledger.key);
  // Who asked for witnesses may look at less of the log than was mirrored; what opened it has checked that.
  if (seen.treeSize > ledger.checkpoint.treeSize && ledger.checkpoint.cosigned.length > 0)
    return seen.treeSize;
  await checkContinuation({ ...continued(ledger), seen, from: "mirror" });
  return seen.treeSize;
}

interface MirrorTips {
  readonly tips: readonly ObjectId[];
  readonly before: number | null;
  readonly foreign: readonly ObjectId[];
}

/** This clone's mirror and those that fetches brought, each held against the log. */
async function readTips(repository: Repository, ledger: Ledger): Promise<MirrorTips> {
  const own = await readRef(repository, LEDGER_REF);
  const fetched = (await fetchedTips(repository, LEDGER_REF)).filter((tip) => tip !== own);
  const tips: ObjectId[] = [];
  const foreign: ObjectId[] = [];
  let before: number | null = null;
  for (const tip of own === undefined ? fetched : [own, ...fetched]) {
    try {
      const seen = await readMirrored(repository, tip, ledger.key);
      await checkContinuation({ ...continued(ledger), seen, from: "mirror" });
      tips.push(tip);
      before = Math.max(before ?? 0, seen.treeSize);
    } catch (error) {
      // What any remote can call a mirror stands in nobody's way; what stands at our own ref does, and so does every fork.
      const isStrange = error instanceof StoreError && error.code === "LEDGER_DAMAGED";
      if (!isStrange || tip === own) throw error;
      foreign.push(tip);
    }
  }
  return { tips, before, foreign };
}

function continued({ checkpoint, proveConsistency }: Ledger) {
  return { shown: checkpoint, prove: proveConsistency };
}

async function readEarlier(ledger: Ledger, note: Uint8Array): Promise<VerifiedCheckpoint> {
  const earlier = verifyCheckpoint(note, { log: ledger.key, witnesses: [], quorum: 0 }, verifyEd25519);
  await checkContinuation({ ...continued(ledger), seen: earlier });
  return earlier;
}

interface Collected {
  readonly files: AsyncIterable<MirrorFile>;
  readonly at: number;
}

/** Reads every entry, so that nothing is copied that a ledger must not hold. */
async function collectFiles(ledger: Ledger, cosigned: VerifiedCheckpoint | undefined): Promise<Collected> {
  const reasons: MirrorFile[] = [];
  let at = 0;
  for await (const { index, entry } of ledger.entries()) {
    at = parseInstant(entry.loggedAt);
    if (entry.kind !== "redaction") continue;
    const bytes = await ledger.object(entry.object);
    if (!(bytes instanceof Uint8Array))
      throw new StoreError(
        "LEDGER_DAMAGED",
        `why entry ${entry.redacts} was redacted is not beside the log (entry ${index})`,
      );
    reasons.push({ path: objectPath(entry.object), bytes });
  }
  return { at, files: listFiles(ledger, cosigned, reasons) };
}

async function* listFiles(
  ledger: Ledger,
  cosigned: VerifiedCheckpoint | undefined,
  reasons: readonly MirrorFile[],
): AsyncGenerator<MirrorFile> {
  const seen = new Set<RepoPath>();
  yield { path: CHECKPOINT_PATH, bytes: toUtf8(ledger.checkpoint.note) };
  yield { path: PUBLIC_FILE, bytes: toUtf8(`${formatVerifierKey(ledger.key)}\n`) };
  if (cosigned !== undefined) yield { path: COSIGNED_PATH, bytes: toUtf8(cosigned.note) };
  yield* reasons;
  for await (const file of ledger.tileFiles()) {
    seen.add(file.path);
    yield file;
  }
  if (cosigned === undefined) return;
  for await (const file of ledger.tileFiles(cosigned.treeSize)) if (!seen.has(file.path)) yield file;
}
