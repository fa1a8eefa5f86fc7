// SPDX-License-Identifier: Apache-2.0
import { toUtf8 } from "@countersign/core/ids";
import {
  type Checkpoint,
  EMPTY_EDGE,
  EMPTY_ROOT,
  edgeTiles,
  formatCheckpoint,
  formatTilePath,
  type LogTrust,
  parseEntryBundle,
  partialFolder,
  planAppend,
  readEdge,
  TILE_WIDTH,
  type TreeEdge,
  type VerifiedCheckpoint,
  type VerifyEd25519,
  verifyCheckpoint,
} from "@countersign/core/ledger";
import type { LedgerBackend, LockValue } from "./ports.ts";
import {
  fetchRegister,
  type Published,
  publish,
  publishCheckpoint,
  recoverNewest,
  settle,
} from "./publish.ts";
import type { SeenCheckpoint } from "./reader/check-continuation.ts";
import { recoverKnown } from "./recover-known.ts";
import { formatRegister, parseRegister } from "./register.ts";
import { formatStaging, type StagedFile, stagingName } from "./staging.ts";
import { StoreError } from "./store-error.ts";

/** Signs a checkpoint's text and returns the whole note. */
export type SignCheckpoint = (text: string) => string;

export interface WriterKeys {
  readonly log: LogTrust["log"];
  readonly sign: SignCheckpoint;
  readonly verify: VerifyEd25519;
}

/** What a writer knows of its log. */
export interface WriterState {
  readonly checkpoint: VerifiedCheckpoint;
  /** The last entry; undefined in an empty log. */
  readonly lastLeaf: Uint8Array | undefined;
}

/**
 * Appends to one log. Several writers, in one process or many, may write to it at once: one of them wins, and the others
 * are told with CONTENDED. After any other error the state is unknown: `reload`, never guess.
 */
export interface LedgerWriter {
  readonly state: () => WriterState;
  /** Reads the log's state anew, finishing what a crash left half done. */
  readonly reload: () => Promise<WriterState>;
  /**
   * Appends leaves in one checkpoint, with the objects that they are about; durable once it resolves. Returns the index of
   * the first. Throws StoreError CONTENDED where another writer was first: reload, and plan anew.
   */
  readonly append: (leaves: readonly Uint8Array[], objects: readonly StagedFile[]) => Promise<number>;
  /** Makes everything published durable and tidies up; to be called when the writer is done. */
  readonly settle: () => Promise<void>;
}

/** As many appends may wait for settling; each keeps its staging, a few dozen kilobytes. */
const MOST_UNSETTLED = 64;
const MOST_UNSETTLED_BYTES = 32 * 1024 * 1024;

/** Makes an empty log; false where there is one already. */
export async function createLedger(backend: LedgerBackend, { log, sign }: WriterKeys): Promise<boolean> {
  const empty: Checkpoint = { origin: log.name, treeSize: 0, rootHash: EMPTY_ROOT, extensions: [] };
  const note = toUtf8(sign(formatCheckpoint(empty)));
  if (!(await backend.lock.create(formatRegister({ staging: null, note })))) return false;
  // Others may have appended to it by now.
  await recoverNewest(backend);
  await backend.objects.sync();
  return true;
}

/**
 * Opens a log to append to it, which has to continue what the caller has seen of it. Throws StoreError STORE_UNUSABLE where there is none,
 * LEDGER_ROLLED_BACK or LEDGER_FORKED, CoreError where it is not sound.
 */
export async function openLedgerWriter(
  backend: LedgerBackend,
  keys: WriterKeys,
  seen?: SeenCheckpoint,
): Promise<LedgerWriter> {
  let current = await load(backend, keys, seen);
  let unsettled: Published[] = [];
  let unsettledBytes = 0;

  async function settleAll(): Promise<void> {
    await settle(backend, unsettled);
    unsettled = [];
    unsettledBytes = 0;
  }

  async function append(leaves: readonly Uint8Array[], objects: readonly StagedFile[]): Promise<number> {
    const { edge, checkpoint, lock } = current;
    if (leaves.length === 0) return edge.treeSize;
    const plan = planAppend(edge, leaves);
    const head = { ...checkpoint, treeSize: plan.edge.treeSize, rootHash: plan.rootHash };
    const note = toUtf8(keys.sign(formatCheckpoint(head)));
    // Before anybody can see it: a note that this log's own key does not verify must never stand in the register.
    const signed = verifyCheckpoint(note, { log: keys.log, witnesses: [], quorum: 0 }, keys.verify);
    const staged = {
      previous: parseRegister(lock.bytes).staging,
      files: [...objects, ...plan.files],
      outdated: plan.filled.map(partialFolder),
    };
    const bytes = formatStaging(staged);
    const name = stagingName(plan.edge.treeSize, bytes);
    const register = formatRegister({ staging: name, note });
    const stage = () => backend.objects.put(`staging/${name}`, bytes);
    // The commit point. Before it nothing has happened, and the staging is only litter; after it the staging, which is durable by
    // then, holds all that the checkpoint speaks of, so that whoever opens the log next publishes it.
    if (!(await backend.lock.replace(lock, register, stage))) {
      // The staging stays: a winner who appended the very same entries in the same second staged under the same name.
      throw new StoreError(
        "CONTENDED",
        `another writer appended to ${backend.name} first; reload and try again`,
      );
    }
    await publish(backend, staged, "first");
    await publishCheckpoint(backend, note);
    unsettled.push({ name, staged });
    unsettledBytes += bytes.length;
    current = {
      edge: plan.edge,
      checkpoint: signed,
      lastLeaf: leaves.at(-1),
      lock: await confirm(backend, keys, { register, signed, since: edge.treeSize }),
    };
    if (unsettled.length >= MOST_UNSETTLED || unsettledBytes > MOST_UNSETTLED_BYTES) await settleAll();
    return edge.treeSize;
  }

  return {
    state: () => current,
    reload: async () => {
      await settleAll();
      current = await load(backend, keys, current.checkpoint);
      return current;
    },
    append,
    settle: settleAll,
  };
}

interface Loaded extends WriterState {
  readonly edge: TreeEdge;
  readonly lock: LockValue;
}

async function load(
  backend: LedgerBackend,
  keys: WriterKeys,
  known: SeenCheckpoint | undefined,
): Promise<Loaded> {
  const { lock, checkpoint } = await recoverRegistered(backend, keys, known);
  const edge = await loadEdge(backend, checkpoint);
  return {
    lock,
    checkpoint,
    edge,
    lastLeaf: edge.entries.at(-1) ?? (await readLastOfFull(backend, checkpoint.treeSize)),
  };
}

async function recoverRegistered(
  backend: LedgerBackend,
  keys: WriterKeys,
  seen: SeenCheckpoint | undefined,
  since?: number,
): Promise<Pick<Loaded, "lock" | "checkpoint">> {
  let known = seen;
  const recoverOnce = async (value: LockValue) => {
    const shown = readRegistered(value, keys);
    const written = await recoverKnown(backend, value, { known, shown });
    known = shown;
    return written;
  };
  const lock = await recoverNewest(backend, recoverOnce, since);
  return { lock, checkpoint: readRegistered(lock, keys) };
}

function readRegistered(lock: LockValue, { log, verify }: WriterKeys): VerifiedCheckpoint {
  return verifyCheckpoint(parseRegister(lock.bytes).note, { log, witnesses: [], quorum: 0 }, verify);
}

async function loadEdge({ objects }: LedgerBackend, { treeSize, rootHash }: Checkpoint): Promise<TreeEdge> {
  if (treeSize === 0) return EMPTY_EDGE;
  const found = new Map<string, Uint8Array>();
  for (const tile of edgeTiles(treeSize)) {
    const path = formatTilePath(tile);
    const full = { ...tile, width: TILE_WIDTH };
    const bytes = (await objects.get(path)) ?? (await objects.get(formatTilePath(full)));
    if (bytes === undefined) throw new StoreError("STORE_UNUSABLE", `${path} is missing from the ledger`);
    found.set(path, bytes);
  }
  return readEdge(treeSize, rootHash, (tile) => found.get(formatTilePath(tile)) ?? new Uint8Array(0));
}

async function readLastOfFull({ objects }: LedgerBackend, treeSize: number): Promise<Uint8Array | undefined> {
  if (treeSize === 0) return undefined;
  const path = formatTilePath({
    level: "entries",
    index: Math.floor((treeSize - 1) / TILE_WIDTH),
    width: TILE_WIDTH,
  });
  const bytes = await objects.get(path);
  if (bytes === undefined) throw new StoreError("STORE_UNUSABLE", `${path} is missing from the ledger`);
  return parseEntryBundle(bytes, TILE_WIDTH).at(-1);
}

interface OwnAppend {
  readonly register: Uint8Array;
  readonly signed: VerifiedCheckpoint;
  /** The log's size before it. */
  readonly since: number;
}

/**
 * The register after our own writing. Where another writer has been quicker than our publishing, our older checkpoint may
 * have been put over its newer one, and an object of ours back that was redacted: what the register holds is published again.
 */
async function confirm(
  backend: LedgerBackend,
  keys: WriterKeys,
  { register, signed, since }: OwnAppend,
): Promise<LockValue> {
  const lock = await fetchRegister(backend);
  if (Buffer.from(lock.bytes).equals(register)) return lock;
  await recoverRegistered(backend, keys, signed, since);
  // Not the version that we built on: the next append of this writer is told that it is not the first.
  return { bytes: register, version: "0" };
}
