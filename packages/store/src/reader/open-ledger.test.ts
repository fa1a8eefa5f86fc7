// SPDX-License-Identifier: Apache-2.0
import { rmSync, writeFileSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { formatLogEntry } from "@countersign/core/audit";
import { sha256Hex } from "@countersign/core/ids";
import { hashLeaf, parseTlogProof, verifyCheckpoint, verifyInclusion } from "@countersign/core/ledger";
import { describe, expect, it } from "vitest";
import { createLedger, openLedgerWriter } from "../ledger-writer.ts";
import { openMemoryBackend } from "../memory-backend.ts";
import { verifyEd25519 } from "../verify-ed25519.ts";
import { createTestLog, logEntry, objectOf, readAll } from "./logged.fixture.ts";
import { openLedger } from "./open-ledger.ts";

describe("openLedger", () => {
  it("reads every entry in order, parts of the log, and nothing beyond", async () => {
    await using log = await createTestLog(600);
    const ledger = await log.open();
    expect(ledger).toMatchObject({ origin: "example.com/test-log", checkpoint: { treeSize: 600 } });
    const entries = await readAll(ledger);
    expect(entries).toEqual(Array.from({ length: 600 }, (_, i) => logEntry(i)));
    const part: number[] = [];
    for await (const { index, entry } of ledger.entries(254, 258)) {
      part.push(index);
      expect(entry).toEqual(logEntry(index));
    }
    expect(part).toEqual([254, 255, 256, 257]);
    for await (const _ of ledger.entries(600, 900)) throw new Error("there is nothing");
  });

  it("opens an empty log", async () => {
    await using log = await createTestLog(0);
    const ledger = await log.open();
    expect(ledger.checkpoint.treeSize).toBe(0);
    expect(await readAll(ledger)).toEqual([]);
    expect(await ledger.find("0".repeat(64))).toBeUndefined();
    await expect(ledger.prove(0)).rejects.toThrow(expect.objectContaining({ code: "PROOF_MALFORMED" }));
  });

  it("proves any entry to somebody who has the key and the entry alone", async () => {
    await using log = await createTestLog(700);
    const ledger = await log.open();
    for (const index of [0, 255, 256, 511, 512, 699]) {
      const { hashes, checkpoint, ...proof } = parseTlogProof(await ledger.prove(index));
      const { treeSize, rootHash } = verifyCheckpoint(checkpoint, log.trust, verifyEd25519);
      const leafHash = hashLeaf(formatLogEntry(logEntry(index)));
      expect(proof.index).toBe(index);
      verifyInclusion({ index, treeSize, leafHash, rootHash, proof: hashes });
    }
  });

  it("reads a bundle once in whatever order it is asked for entries, and still checks each", async () => {
    await using log = await createTestLog(300);
    const path = "tile/entries/000";
    const bytes = Buffer.from((await log.backend.objects.get(path)) ?? []);
    const width = 2 + formatLogEntry(logEntry(0)).length;
    bytes.writeUInt8(bytes.readUInt8(width * 7 + 50) ^ 1, width * 7 + 50);
    let reads = 0;
    const get = async (asked: string) => {
      if (asked !== path) return await log.backend.objects.get(asked);
      reads++;
      return new Uint8Array(bytes);
    };
    const backend = { ...log.backend, objects: { get } };
    const ledger = await openLedger({ backend, trust: log.trust, memory: null });
    for (const index of [250, 8, 6, 250, 0]) {
      const found = await ledger
        .entries(index, index + 1)
        [Symbol.asyncIterator]()
        .next();
      expect(found.value).toMatchObject({ index, entry: logEntry(index) });
      await ledger.prove(index);
    }
    expect(reads).toBe(1);
    for (const from of [7, 0])
      await expect(ledger.entries(from, 8)[Symbol.asyncIterator]().next()).rejects.toThrow("entry 7 in");
  });

  it("finds objects by their digest and returns their bytes, with or without a memory", async () => {
    await using log = await createTestLog(300);
    for (const memory of [log.memory, null]) {
      const ledger = await openLedger({ backend: log.backend, trust: log.trust, memory });
      for (const i of [0, 299]) {
        expect(await ledger.find(sha256Hex(objectOf(i)))).toMatchObject({ index: i, entry: logEntry(i) });
        expect(await ledger.object(sha256Hex(objectOf(i)))).toEqual(objectOf(i));
      }
      expect(await ledger.find("f".repeat(64))).toBeUndefined();
      expect(await ledger.object("f".repeat(64))).toBeUndefined();
    }
  });

  it("sees what was appended since, through an index that it keeps, however damaged that is", async () => {
    await using log = await createTestLog(10);
    await (await log.open()).find("0".repeat(64));
    await log.append([logEntry(10, { object: "1".repeat(64) })]);
    expect(await (await log.open()).find("1".repeat(64))).toMatchObject({ index: 10 });
    const folder = join(log.memory, "index-2");
    const [own = ""] = await readdir(folder);
    // Rows that lead to other entries, as of another log.
    for (const name of await readdir(join(folder, own))) {
      if (name.length !== 2) continue;
      const rows = Buffer.concat([Buffer.from("1".repeat(64), "hex"), Buffer.alloc(6)]);
      writeFileSync(join(folder, own, name), rows);
    }
    expect(await (await log.open()).find("1".repeat(64))).toMatchObject({ index: 10 });
    rmSync(folder, { recursive: true });
    expect(await (await log.open()).find("1".repeat(64))).toMatchObject({ index: 10 });
  });

  it("says that an object was redacted, whether or not its bytes are still there", async () => {
    await using log = await createTestLog(3);
    await log.append([logEntry(3, { kind: "redaction", object: "2".repeat(64), redacts: 1 })]);
    const ledger = await log.open();
    expect(await ledger.object(sha256Hex(objectOf(1)))).toBe("redacted");
    expect(await ledger.object(sha256Hex(objectOf(0)))).toEqual(objectOf(0));
    expect(await ledger.find(sha256Hex(objectOf(1)))).toMatchObject({ index: 1 });
    expect(await ledger.find("2".repeat(64))).toBeUndefined();
  });

  it("refuses entries that are none, wherever they came from", async () => {
    const backend = openMemoryBackend();
    await using log = await createTestLog(0);
    await createLedger(backend, log.keys);
    await (await openLedgerWriter(backend, log.keys)).append([Buffer.from("{}")], []);
    const ledger = await openLedger({ backend, trust: log.trust, memory: null });
    await expect(readAll(ledger)).rejects.toThrow("entry 0 is none that a ledger may hold");
  });
});
