// SPDX-License-Identifier: Apache-2.0
import { type AssistanceRecord, formatAssistanceRecord } from "@countersign/core/attribution";
import { addRecords, openRepository, type Repository } from "@countersign/git";
import {
  createLedger,
  createNoteKey,
  openFolderBackend,
  openMemoryBackend,
  signNoteText,
  verifyEd25519,
} from "@countersign/store";
import { createRepository } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { type AppendedEntry, appendPieces, appendToLedger } from "./append-to-ledger.ts";
import { collectUnlogged, type UnloggedPiece } from "./collect-unlogged.ts";
import { defaultLedgerDir, openLedger } from "./open-ledger.ts";

const NOW = 1_780_000_000;

const recordOf = (i: number): AssistanceRecord => ({
  version: 1,
  commit: (i + 1).toString(16).padStart(40, "0"),
  tree: "d".repeat(40),
  grade: "observed",
  recorder: { name: "countersign", version: "1" },
  coverage: { isWhole: true, from: null, to: null, gaps: [] },
  agents: [],
  files: [],
  derivedFrom: [],
});

async function initLedger(dir: string) {
  const signer = createNoteKey(dir, "example.com/shop");
  const backend = openFolderBackend(dir);
  const sign = (text: string) => signNoteText(signer, text);
  await createLedger(backend, { log: signer.key, sign, verify: verifyEd25519 });
  return signer;
}

async function unlogged(repository: Repository): Promise<readonly UnloggedPiece[]> {
  const ledger = await openLedger({ repository });
  return (await collectUnlogged(repository, async (name) => (await ledger.find(name)) !== undefined)).pieces;
}

async function collect(appended: AsyncIterable<AppendedEntry>): Promise<readonly AppendedEntry[]> {
  const entries: AppendedEntry[] = [];
  for await (const entry of appended) entries.push(entry);
  return entries;
}

async function addRecord(repository: Repository, ...numbers: readonly number[]): Promise<void> {
  await addRecords(
    repository,
    numbers.map((i) => ({ commit: recordOf(i).commit, bytes: formatAssistanceRecord(recordOf(i)) })),
  );
}

describe("appendToLedger", () => {
  it("logs what is not logged yet, once, and gives every object back", async () => {
    await using repo = await createRepository();
    const repository = await openRepository(repo.path);
    const dir = defaultLedgerDir(repository);
    await initLedger(dir);
    await addRecord(repository, 0, 1, 2);
    const first = await collect(appendToLedger({ dir }, await unlogged(repository), () => NOW));
    expect(first.map(({ index, entry }) => [index, entry.kind, entry.commit])).toEqual(
      [0, 1, 2].map((i) => [i, "assistance", recordOf(i).commit]),
    );
    expect(await unlogged(repository)).toEqual([]);
    await addRecord(repository, 3);
    const second = await collect(appendToLedger({ dir }, await unlogged(repository), () => NOW + 60));
    expect(second).toMatchObject([{ index: 3, entry: { loggedAt: "2026-05-28T20:27:40Z" } }]);
    const ledger = await openLedger({ repository });
    const object = second[0]?.entry.object ?? "";
    expect(await ledger.object(object)).toEqual(formatAssistanceRecord(recordOf(3)));
    expect(await ledger.prove(3)).toContain("index 3\n");
  });

  it("never dates an entry before the one in front of it, whatever the clock says (T64)", async () => {
    await using repo = await createRepository();
    const repository = await openRepository(repo.path);
    const dir = defaultLedgerDir(repository);
    await initLedger(dir);
    await addRecord(repository, 0);
    await collect(appendToLedger({ dir }, await unlogged(repository), () => NOW));
    await addRecord(repository, 1);
    const [late] = await collect(appendToLedger({ dir }, await unlogged(repository), () => NOW - 86_400));
    expect(late?.entry.loggedAt).toBe("2026-05-28T20:26:40Z");
  });

  it("logs nothing twice when several writers append the same evidence at once", async () => {
    await using repo = await createRepository();
    const repository = await openRepository(repo.path);
    const dir = defaultLedgerDir(repository);
    await initLedger(dir);
    await addRecord(repository, ...Array.from({ length: 30 }, (_, i) => i));
    const pieces = await unlogged(repository);
    const writers = [pieces, pieces.slice(5), pieces.toReversed(), pieces.slice(0, 20)];
    const appended = await Promise.all(
      writers.map((own) => collect(appendToLedger({ dir }, own, () => NOW))),
    );
    expect(appended.flat()).toHaveLength(30);
    const objects = new Set<string>();
    for await (const { entry } of (await openLedger({ repository })).entries()) objects.add(entry.object);
    expect(objects.size).toBe(30);
  });

  it("logs nothing twice that another writer logged after it was collected, before this one opened the log", async () => {
    await using repo = await createRepository();
    const repository = await openRepository(repo.path);
    const dir = defaultLedgerDir(repository);
    await initLedger(dir);
    await addRecord(repository, 0, 1);
    const { checkpoint: seen } = await openLedger({ repository });
    const pieces = await unlogged(repository);
    await collect(appendToLedger({ dir }, pieces.slice(0, 1), () => NOW));
    const late = await collect(appendToLedger({ dir, seen }, pieces, () => NOW));
    expect(late.map(({ index, entry }) => [index, entry.commit])).toEqual([[1, recordOf(1).commit]]);
  });

  it("divides many pieces into several checkpoints", async () => {
    await using repo = await createRepository();
    const signer = createNoteKey(repo.path, "example.com/shop");
    const backend = openMemoryBackend();
    const sign = (text: string) => signNoteText(signer, text);
    await createLedger(backend, { log: signer.key, sign, verify: verifyEd25519 });
    const pieces = Array.from({ length: 2500 }, (_, i): UnloggedPiece => {
      const bytes = formatAssistanceRecord(recordOf(i));
      return {
        piece: { type: "record", object: i.toString(16).padStart(64, "0"), record: recordOf(i) },
        bytes,
      };
    });
    const sizes: string[] = [];
    for await (const { index } of appendPieces({ backend, signer }, pieces, () => NOW)) {
      if (index % 1000 !== 0) continue;
      sizes.push(
        Buffer.from((await backend.objects.get("checkpoint")) ?? [])
          .toString()
          .split("\n")[1] ?? "",
      );
    }
    expect(sizes).toEqual(["1000", "2000", "2500"]);
  });
});
