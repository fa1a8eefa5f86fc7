// SPDX-License-Identifier: Apache-2.0
import { createLedger, type LedgerWriter, openLedgerWriter } from "../ledger-writer.ts";
import type { LedgerBackend } from "../ports.ts";
import { CHECKPOINT_PATH } from "../publish.ts";
import { StoreError } from "../store-error.ts";
import { entryOf, KEYS, readWholeLog, rootsOf } from "../test-log.fixture.ts";
import { Death, dyingBackend } from "./dying-backend.fixture.ts";

// For tests and `npm run fuzz:ledger`; no product code imports this file.

/** The same numbers from the same seed, everywhere. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a log has promised so far: entries that were acknowledged, and checkpoints that anybody may have seen. */
export interface Promises {
  readonly acknowledged: Map<number, string>;
  readonly shown: Map<number, string>;
}

export function noPromises(): Promises {
  return { acknowledged: new Map(), shown: new Map() };
}

/** Throws where a log breaks a promise; remembers what it shows now. */
export async function checkPromises(backend: LedgerBackend, promises: Promises): Promise<number> {
  const { entries, checkpoint } = await readWholeLog(backend);
  for (const [index, text] of promises.acknowledged) {
    if (entries[index] !== text)
      throw new Error(`entry ${index} was acknowledged as ${text}, and is ${entries[index]}`);
  }
  const sizes = [...promises.shown.keys()].sort((a, b) => a - b);
  for (const [i, root] of rootsOf(entries, sizes).entries()) {
    const size = sizes[i] ?? 0;
    if (promises.shown.get(size) !== root)
      throw new Error(`the checkpoint of ${size} entries that was shown is not continued`);
  }
  promises.shown.set(checkpoint.treeSize, Buffer.from(checkpoint.rootHash).toString("hex"));
  return entries.length;
}

export interface CrashRun {
  /** Another view of the same store, as a new process has. */
  readonly open: () => LedgerBackend;
  readonly seed: number;
  readonly kills: number;
  /** What happens to the store at each death, beyond the process being gone. */
  readonly onDeath?: (random: () => number) => void;
  /** What a reader sees between the death and the next writer must be sound too; not so after a power failure. */
  readonly isReadableAtOnce: boolean;
}

/** Kills a writer again and again, at another step each time, and checks every promise after each. */
export async function crashRepeatedly({
  open,
  seed,
  kills,
  onDeath,
  isReadableAtOnce,
}: CrashRun): Promise<number> {
  const random = createRandom(seed);
  const promises = noPromises();
  await createLedger(open(), KEYS);
  let number = 0;
  for (let kill = 0; kill < kills; kill++) {
    const at = Math.floor(random() * 40);
    const dying = dyingBackend(open(), at, random() < 0.5 ? "before" : "after");
    await dieWriting(dying, promises, () => {
      const texts = Array.from(
        { length: 1 + Math.floor(random() * (random() < 0.04 ? 300 : 3)) },
        () => `${number++}`,
      );
      return texts;
    });
    onDeath?.(random);
    if (isReadableAtOnce && (await open().objects.get(CHECKPOINT_PATH)) !== undefined)
      await checkPromises(open(), promises);
    // The next process: opening is what recovers.
    const writer = await openLedgerWriter(open(), KEYS);
    const size = await checkPromises(open(), promises);
    if (writer.state().checkpoint.treeSize !== size)
      throw new Error("the writer and the readers see different logs");
  }
  return await checkPromises(open(), promises);
}

async function dieWriting(
  backend: LedgerBackend,
  promises: Promises,
  next: () => readonly string[],
): Promise<void> {
  try {
    const writer = await openLedgerWriter(backend, KEYS);
    for (;;) await appendOnce(writer, promises, next());
  } catch (error) {
    if (!(error instanceof Death)) throw error;
  }
}

async function appendOnce(writer: LedgerWriter, promises: Promises, texts: readonly string[]): Promise<void> {
  try {
    const first = await writer.append(texts.map(entryOf), [
      { path: `objects/aa/${texts[0]}`, bytes: entryOf(texts[0] ?? "") },
    ]);
    for (const [i, text] of texts.entries()) promises.acknowledged.set(first + i, `entry ${text}`);
    const { treeSize, rootHash } = writer.state().checkpoint;
    promises.shown.set(treeSize, Buffer.from(rootHash).toString("hex"));
    if (treeSize % 5 === 0) await writer.settle();
  } catch (error) {
    if (!(error instanceof StoreError && error.code === "CONTENDED")) throw error;
    await writer.reload();
  }
}
