// SPDX-License-Identifier: Apache-2.0
import { formatInstant, parseInstant } from "@countersign/core/attestation";
import {
  formatLogEntry,
  type LogEntry,
  parseLogEntry,
  toLogEntry,
  toPieceName,
} from "@countersign/core/audit";
import type { Sha256 } from "@countersign/core/ids";
import { formatVerifierKey } from "@countersign/core/ledger";
import {
  type Ledger,
  type LedgerBackend,
  type LedgerWriter,
  type NoteSigner,
  objectPath,
  openBackend,
  openLedgerWriter,
  readNoteKey,
  type SeenCheckpoint,
  type StagedFile,
  StoreError,
  signNoteText,
  verifyEd25519,
} from "@countersign/store";
import type { UnloggedPiece } from "./collect-unlogged.ts";
import { openLedger } from "./open-ledger.ts";

/** Seconds since the epoch. */
export type Clock = () => number;

/** An entry that is in the log for good. */
export interface AppendedEntry {
  readonly index: number;
  readonly entry: LogEntry;
}

/** Where to append, and with which key. */
export interface AppendTarget {
  readonly backend: LedgerBackend;
  readonly signer: NoteSigner;
  /** What was seen of the log when the pieces were collected: it has to continue that before anything is signed. */
  readonly seen?: SeenCheckpoint;
}

/** One checkpoint for at most so much: a crash loses no more work, and staging stays small. */
const MOST_AT_ONCE = 1000;
const MOST_BYTES_AT_ONCE = 8 * 1024 * 1024;

/**
 * Appends pieces to the log in a folder, many to a checkpoint, and yields each entry once it is durable. What another
 * writer logs in the meantime is not logged twice. Throws StoreError LEDGER_MISSING where there is no log, and nothing for
 * a writer that is slower than others: it tries again.
 */
export async function* appendToLedger(
  { dir, seen }: { readonly dir: string; readonly seen?: SeenCheckpoint },
  items: readonly UnloggedPiece[],
  clock: Clock,
): AsyncGenerator<AppendedEntry> {
  const target = { backend: await openBackend(dir), signer: readNoteKey(dir) };
  yield* appendPieces({ ...target, ...(seen && { seen }) }, items, clock);
}

/** The same for any backend. */
export async function* appendPieces(
  { backend, signer, seen }: AppendTarget,
  items: readonly UnloggedPiece[],
  clock: Clock,
): AsyncGenerator<AppendedEntry> {
  const writer = await openWriter({ backend, signer, ...(seen && { seen }) });
  let waiting = items;
  try {
    // Another writer may have been done between the look at what is not logged yet and the opening: nobody contends then.
    if (seen !== undefined && writer.state().checkpoint.treeSize > seen.treeSize)
      waiting = await leaveOutLogged(backend, signer, seen.treeSize, waiting);
    while (waiting.length > 0) {
      const batch = takeBatch(waiting);
      const appended = await tryAppend(writer, batch, clock);
      if (appended === undefined) {
        const before = writer.state().checkpoint.treeSize;
        await writer.reload();
        waiting = await leaveOutLogged(backend, signer, before, waiting);
        continue;
      }
      waiting = waiting.slice(batch.length);
      yield* appended;
    }
  } finally {
    await writer.settle();
  }
}

/** Opens a log to write entries of our own making, such as a redaction. */
export async function openWriter({ backend, signer, seen }: AppendTarget): Promise<LedgerWriter> {
  const sign = (text: string) => signNoteText(signer, text);
  return openLedgerWriter(backend, { log: signer.key, sign, verify: verifyEd25519 }, seen);
}

/** Undefined where another writer was first. */
async function tryAppend(
  writer: LedgerWriter,
  batch: readonly UnloggedPiece[],
  clock: Clock,
): Promise<readonly AppendedEntry[] | undefined> {
  const loggedAt = nextInstant(writer.state().lastLeaf, clock);
  const entries = batch.map(({ piece }) => toLogEntry(piece, loggedAt));
  const objects = batch.map(
    ({ bytes }, i): StagedFile => ({ path: objectPath(entries[i]?.object ?? ""), bytes }),
  );
  try {
    const first = await writer.append(entries.map(formatLogEntry), objects);
    return entries.map((entry, i) => ({ index: first + i, entry }));
  } catch (error) {
    if (error instanceof StoreError && error.code === "CONTENDED") return undefined;
    throw error;
  }
}

/**
 * The time to log at: by the clock, but never before the entry in front. A clock that was set back must not date a sign-off
 * before the revocation that was logged ahead of it.
 */
export function nextInstant(lastLeaf: Uint8Array | undefined, clock: Clock): string {
  const last = lastLeaf === undefined ? 0 : parseInstant(parseLogEntry(lastLeaf).loggedAt);
  return formatInstant(Math.max(last, clock()));
}

function takeBatch(items: readonly UnloggedPiece[]): readonly UnloggedPiece[] {
  let bytes = 0;
  const end = items.findIndex((item, i) => {
    bytes += item.bytes.length;
    return i >= MOST_AT_ONCE || (i > 0 && bytes > MOST_BYTES_AT_ONCE);
  });
  return end < 0 ? items : items.slice(0, end);
}

async function leaveOutLogged(
  backend: LedgerBackend,
  signer: NoteSigner,
  from: number,
  items: readonly UnloggedPiece[],
): Promise<readonly UnloggedPiece[]> {
  const ledger = await openView(backend, signer);
  const logged = new Set<Sha256>();
  for await (const { entry } of ledger.entries(from)) logged.add(entry.object);
  return items.filter(({ piece }) => !logged.has(toPieceName(piece)));
}

async function openView(backend: LedgerBackend, { key }: NoteSigner): Promise<Ledger> {
  return openLedger({ backend, trust: { verifierKey: formatVerifierKey(key) } });
}
