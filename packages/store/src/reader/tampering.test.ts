// SPDX-License-Identifier: Apache-2.0
import { cp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { formatLogEntry } from "@countersign/core/audit";
import { EMPTY_EDGE, formatCheckpoint, planAppend } from "@countersign/core/ledger";
import { describe, expect, it } from "vitest";
import { openFolderBackend } from "../folder-backend.ts";
import { createLedger, openLedgerWriter } from "../ledger-writer.ts";
import { signNoteText } from "../log-key.ts";
import { StoreError } from "../store-error.ts";
import { createTestLog, logEntry, readAll, type TestLog } from "./logged.fixture.ts";

/** The error that reading the whole log ends in. */
async function failureOf(log: TestLog): Promise<StoreError> {
  const error = await log
    .open()
    .then(readAll)
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  if (!(error instanceof StoreError)) throw new Error(`expected a StoreError, got ${String(error)}`);
  return error;
}

async function edit(log: TestLog, path: string, change: (bytes: Buffer) => Uint8Array): Promise<void> {
  const file = join(log.dir, path);
  await writeFile(file, change(await readFile(file)));
}

const flipBit = (at: number) => (bytes: Buffer) => {
  bytes[at] = (bytes[at] ?? 0) ^ 0x10;
  return bytes;
};

/** 600 entries: two full tiles and a partial one at level 0, a partial one at level 1. */
const SIZE = 600;
const LEAF = formatLogEntry(logEntry(0)).length + 2;

describe("tampering with a log's files", () => {
  it.each<[string, (log: TestLog) => Promise<void>, string]>([
    [
      "a bit of an entry",
      (log) => edit(log, "tile/entries/000", flipBit(2 + 100)),
      "entry 0 in tile/entries/000",
    ],
    ["a bit of an entry's length", (log) => edit(log, "tile/entries/001", flipBit(0)), "tile/entries/001"],
    [
      "a bit of the newest entry",
      (log) => edit(log, "tile/entries/002.p/88", flipBit(5)),
      "tile/entries/002.p/88",
    ],
    ["a bit of a full tile", (log) => edit(log, "tile/0/001", flipBit(33)), "tile/0/001 is not the tile"],
    ["a bit of a partial tile", (log) => edit(log, "tile/0/002.p/88", flipBit(0)), "tile/0/002.p/88"],
    ["a bit of an upper tile", (log) => edit(log, "tile/1/000.p/2", flipBit(40)), "tile/1/000.p/2"],
    ["a tile cut off", (log) => edit(log, "tile/0/000", (bytes) => bytes.subarray(0, 8000)), "tile/0/000"],
    [
      "a bundle cut off",
      (log) => edit(log, "tile/entries/000", (bytes) => bytes.subarray(0, -1)),
      "tile/entries/000",
    ],
    ["a bundle emptied", (log) => edit(log, "tile/entries/000", () => Buffer.alloc(0)), "tile/entries/000"],
    ["a tile dropped", (log) => rm(join(log.dir, "tile/0/000")), "tile/0/000 is missing"],
    ["a bundle dropped", (log) => rm(join(log.dir, "tile/entries/001")), "tile/entries/001 is missing"],
    ["a partial tile dropped", (log) => rm(join(log.dir, "tile/1/000.p/2")), "tile/1/000.p/2 is missing"],
    [
      "entries put in another order",
      (log) =>
        edit(log, "tile/entries/000", (b) =>
          Buffer.concat([b.subarray(LEAF, 2 * LEAF), b.subarray(0, LEAF), b.subarray(2 * LEAF)]),
        ),
      "entry 0 in tile/entries/000",
    ],
    [
      "an entry left out",
      (log) =>
        edit(log, "tile/entries/000", (b) =>
          Buffer.concat([b.subarray(0, LEAF), b.subarray(2 * LEAF), b.subarray(0, LEAF)]),
        ),
      "entry 1 in tile/entries/000",
    ],
    [
      "an entry replaced by a well-formed one",
      (log) =>
        edit(log, "tile/entries/001", (b) =>
          Buffer.concat([b.subarray(0, 2), formatLogEntry(logEntry(0)), b.subarray(LEAF)]),
        ),
      "entry 256 in tile/entries/001",
    ],
    [
      "two tiles exchanged",
      async (log) => {
        await rename(join(log.dir, "tile/0/000"), join(log.dir, "tile/0/x"));
        await rename(join(log.dir, "tile/0/001"), join(log.dir, "tile/0/000"));
        await rename(join(log.dir, "tile/0/x"), join(log.dir, "tile/0/001"));
      },
      "tile/0/000 is not the tile",
    ],
    [
      "an entry and its tile changed together",
      async (log) => {
        await edit(log, "tile/entries/000", flipBit(2 + 100));
        const bundle = await readFile(join(log.dir, "tile/entries/000"));
        const { files } = planAppend(EMPTY_EDGE, [bundle.subarray(2, LEAF)]);
        const hash = files.find(({ path }) => path.startsWith("tile/0"))?.bytes ?? new Uint8Array(0);
        await edit(log, "tile/0/000", (bytes) => Buffer.concat([hash, bytes.subarray(32)]));
      },
      "tile/0/000 is not the tile",
    ],
  ])("is found: %s", async (_, tamper, named) => {
    await using log = await createTestLog(SIZE);
    expect(await readAll(await log.open())).toHaveLength(SIZE);
    await tamper(log);
    const error = await failureOf(log);
    expect(error).toMatchObject({ code: "LEDGER_DAMAGED" });
    expect(error.message).toContain(named);
    expect(error.evidence[0]?.text).toContain(`example.com/test-log\n${SIZE}\n`);
  });

  it("is found in an object", async () => {
    await using log = await createTestLog(3);
    const { object } = logEntry(1);
    await edit(log, `objects/${object.slice(0, 2)}/${object.slice(2)}`, flipBit(0));
    await expect((await log.open()).object(object)).rejects.toThrow("does not hash to its name");
  });
});

describe("a checkpoint that is not the log's", () => {
  const SIGNATURE = expect.objectContaining({ code: "SIGNATURE_INVALID" });

  async function republish(log: TestLog, note: string): Promise<void> {
    await writeFile(join(log.dir, "checkpoint"), note);
    for (const name of await readdir(join(log.dir, "lock")))
      await writeFile(join(log.dir, "lock", name), `-\n${note}`);
  }

  it("is refused with any bit changed", async () => {
    await using log = await createTestLog(5);
    const note = await readFile(join(log.dir, "checkpoint"));
    for (let at = 0; at < note.length; at += 7) {
      await republish(log, Buffer.from(note.with(at, (note[at] ?? 0) ^ 1)).toString("latin1"));
      await expect(log.open()).rejects.toThrow(
        expect.objectContaining({
          code: expect.stringMatching(/^(SIGNATURE_INVALID|SIGNED_NOTE_MALFORMED|CHECKPOINT_MALFORMED)$/),
        }),
      );
    }
  });

  it("is refused when another key signed it, or another log", async () => {
    await using log = await createTestLog(5);
    await using other = await createTestLog(5);
    await republish(log, await readFile(join(other.dir, "checkpoint"), "utf8"));
    await expect(log.open()).rejects.toThrow(SIGNATURE);
    const foreign = {
      origin: "example.com/other",
      treeSize: 0,
      rootHash: planAppend(EMPTY_EDGE, []).rootHash,
      extensions: [],
    };
    await republish(log, signNoteText(log.signer, formatCheckpoint(foreign)));
    await expect(log.open()).rejects.toThrow(SIGNATURE);
  });

  it("is refused when it signs a root that the tiles do not have", async () => {
    await using log = await createTestLog(5);
    const lie = { origin: log.signer.key.name, treeSize: 5, rootHash: new Uint8Array(32), extensions: [] };
    await republish(log, signNoteText(log.signer, formatCheckpoint(lie)));
    expect(await failureOf(log)).toMatchObject({ code: "LEDGER_DAMAGED" });
  });
});

describe("a log that changes its story", () => {
  it("is caught when it is rolled back, with both checkpoints", async () => {
    await using log = await createTestLog(5);
    await cp(log.dir, `${log.dir}-backup`, { recursive: true });
    await log.append([logEntry(5)]);
    await log.open();
    await rm(log.dir, { recursive: true });
    await rename(`${log.dir}-backup`, log.dir);
    const error = await failureOf(log);
    expect(error).toMatchObject({ code: "LEDGER_ROLLED_BACK" });
    expect(error.message).toContain("showed 6 entries before, and shows 5 now");
    expect(error.evidence.map(({ label, text }) => [label, text.split("\n")[1]])).toEqual([
      ["checkpoint seen before", "6"],
      ["checkpoint shown now", "5"],
    ]);
  });

  it.each([6, 7, 300])("is caught when it shows this reader another history of %d entries", async (size) => {
    await using log = await createTestLog(6);
    await log.open();
    await rm(log.dir, { recursive: true });
    const backend = openFolderBackend(log.dir);
    await createLedger(backend, log.keys);
    const writer = await openLedgerWriter(backend, log.keys);
    const entries = Array.from({ length: size }, (_, i) => logEntry(i, i === 2 ? { kind: "sign-off" } : {}));
    await writer.append(entries.map(formatLogEntry), []);
    await writer.settle();
    const error = await failureOf(log);
    expect(error).toMatchObject({ code: "LEDGER_FORKED" });
    const [seen, shown] = error.evidence;
    expect(seen?.text).toContain("\n6\n");
    expect(shown?.text).toContain(`\n${size}\n`);
    // Two notes by one key about one size, or a proof that fails, convince whoever has the key.
    expect(error.evidence).toHaveLength(size === 6 ? 2 : 3);
  });

  it("is believed while it only grows, also by more than a tile", async () => {
    await using log = await createTestLog(6);
    for (const size of [6, 7, 256, 600]) {
      const { treeSize } = (await log.open()).checkpoint;
      await log.append(Array.from({ length: size - treeSize }, (_, i) => logEntry(treeSize + i)));
      expect((await log.open()).checkpoint.treeSize).toBe(size);
    }
  });

  it("is not accused where only a slow writer put its older checkpoint back", async () => {
    await using log = await createTestLog(6);
    const old = await readFile(join(log.dir, "checkpoint"));
    await log.append([logEntry(6)]);
    await log.open();
    await writeFile(join(log.dir, "checkpoint"), old);
    expect((await log.open()).checkpoint.treeSize).toBe(7);
  });
});
