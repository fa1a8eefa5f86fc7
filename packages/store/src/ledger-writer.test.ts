// SPDX-License-Identifier: Apache-2.0
import { createTemporaryFolder } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { openFolderBackend } from "./folder-backend.ts";
import { createLedger, openLedgerWriter } from "./ledger-writer.ts";
import { openMemoryBackend } from "./memory-backend.ts";
import type { LedgerBackend } from "./ports.ts";
import { entryOf, KEYS, readWholeLog } from "./test-log.fixture.ts";

interface Opened extends AsyncDisposable {
  /** Another view of the same store, as another process would have. */
  readonly again: () => LedgerBackend;
}

const BACKENDS: readonly { readonly name: string; readonly open: () => Promise<Opened> }[] = [
  {
    name: "memory",
    open: async () => {
      const state = { objects: new Map(), lock: undefined };
      return { again: () => openMemoryBackend(state), [Symbol.asyncDispose]: async () => {} };
    },
  },
  {
    name: "folder",
    open: async () => {
      const folder = await createTemporaryFolder();
      return { again: () => openFolderBackend(folder.path), [Symbol.asyncDispose]: folder.remove };
    },
  },
];

const entries = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => entryOf(from + i));
const texts = (to: number) => entries(0, to).map((entry) => Buffer.from(entry).toString());
const CONTENDED = expect.objectContaining({ name: "StoreError", code: "CONTENDED" });

for (const { name, open } of BACKENDS) {
  describe(`a log in the ${name} backend`, () => {
    it("is made once, empty and signed", async () => {
      await using opened = await open();
      const backend = opened.again();
      await expect(openLedgerWriter(backend, KEYS)).rejects.toThrow("there is no ledger");
      expect(await createLedger(backend, KEYS)).toBe(true);
      expect(await createLedger(backend, KEYS)).toBe(false);
      expect(await readWholeLog(backend)).toMatchObject({ entries: [], checkpoint: { treeSize: 0 } });
    });

    it("holds what was appended, in order, whatever the batches and whoever opens it", async () => {
      await using opened = await open();
      await createLedger(opened.again(), KEYS);
      let size = 0;
      for (const count of [1, 1, 253, 1, 1, 300, 0, 212]) {
        const writer = await openLedgerWriter(opened.again(), KEYS);
        expect(await writer.append(entries(size, size + count), [])).toBe(size);
        size += count;
        await writer.settle();
        expect((await readWholeLog(opened.again())).entries).toEqual(texts(size));
      }
      const { lastLeaf } = (await openLedgerWriter(opened.again(), KEYS)).state();
      expect(Buffer.from(lastLeaf ?? []).toString()).toBe(`entry ${size - 1}`);
    });

    it("knows its last entry also where the last tile is full", async () => {
      await using opened = await open();
      await createLedger(opened.again(), KEYS);
      await (await openLedgerWriter(opened.again(), KEYS)).append(entries(0, 512), []);
      const writer = await openLedgerWriter(opened.again(), KEYS);
      expect(writer.state().lastLeaf).toEqual(entryOf(511));
    });

    it("keeps partial tiles until the full one is there, and no staging once it is settled", async () => {
      await using opened = await open();
      await createLedger(opened.again(), KEYS);
      const backend = opened.again();
      const writer = await openLedgerWriter(backend, KEYS);
      for (let i = 0; i < 255; i++) await writer.append([entryOf(i)], []);
      expect(await backend.objects.list("tile/0/000.p")).toHaveLength(255);
      await writer.append([entryOf(255)], []);
      await writer.settle();
      expect(await backend.objects.list("tile/0/000.p")).toEqual([]);
      expect(await backend.objects.list("tile/entries/000.p")).toEqual([]);
      expect(await backend.objects.list("staging")).toEqual([]);
      expect((await readWholeLog(backend)).entries).toEqual(texts(256));
    });

    it("lets one of two writers win; the other is told, reloads, and nothing is lost", async () => {
      await using opened = await open();
      await createLedger(opened.again(), KEYS);
      const [a, b] = [
        await openLedgerWriter(opened.again(), KEYS),
        await openLedgerWriter(opened.again(), KEYS),
      ];
      await a.append([entryOf(0)], []);
      await expect(b.append([entryOf("lost?")], [])).rejects.toThrow(CONTENDED);
      await b.reload();
      expect(await b.append([entryOf(1)], [])).toBe(1);
      await expect(a.append([entryOf("late")], [])).rejects.toThrow(CONTENDED);
      await a.reload();
      await Promise.all([a.settle(), b.settle()]);
      expect((await readWholeLog(opened.again())).entries).toEqual(texts(2));
    });

    it("lets many writers through, each again and again until it was first", async () => {
      await using opened = await open();
      await createLedger(opened.again(), KEYS);
      const write = async (name: string) => {
        const writer = await openLedgerWriter(opened.again(), KEYS);
        for (let i = 0; i < 12; ) {
          const done = await writer.append([entryOf(`${name} ${i}`)], []).then(
            () => true,
            async (error) => {
              expect(error).toEqual(CONTENDED);
              await writer.reload();
              return false;
            },
          );
          if (done) i++;
        }
        await writer.settle();
      };
      await Promise.all(["a", "b", "c", "d"].map(write));
      await (await openLedgerWriter(opened.again(), KEYS)).settle();
      const { entries: found } = await readWholeLog(opened.again());
      for (const name of ["a", "b", "c", "d"])
        expect(found.filter((text) => text.startsWith(`entry ${name}`))).toEqual(
          Array.from({ length: 12 }, (_, i) => `entry ${name} ${i}`),
        );
      expect(found).toHaveLength(48);
    });

    it("does not lose the winner's staging to a loser who staged the very same entries", async () => {
      await using opened = await open();
      await createLedger(opened.again(), KEYS);
      const [a, b] = [
        await openLedgerWriter(opened.again(), KEYS),
        await openLedgerWriter(opened.again(), KEYS),
      ];
      await a.append([entryOf(0)], []);
      await expect(b.append([entryOf(0)], [])).rejects.toThrow(CONTENDED);
      expect(await opened.again().objects.list("staging")).toHaveLength(1);
    });

    it("refuses to go on where the tiles are not the log's, or another key signed", async () => {
      await using opened = await open();
      const backend = opened.again();
      await createLedger(backend, KEYS);
      const writer = await openLedgerWriter(backend, KEYS);
      await writer.append(entries(0, 3), []);
      await writer.settle();
      await backend.objects.replaceLazily("tile/0/000.p/3", new Uint8Array(96));
      await expect(openLedgerWriter(backend, KEYS)).rejects.toThrow(
        expect.objectContaining({ code: "PROOF_INVALID" }),
      );
      await backend.objects.remove("tile/0/000.p/3");
      await expect(openLedgerWriter(backend, KEYS)).rejects.toThrow("tile/0/000.p/3 is missing");
      const other = { ...KEYS, verify: () => false };
      await expect(openLedgerWriter(backend, other)).rejects.toThrow(
        expect.objectContaining({ code: "SIGNATURE_INVALID" }),
      );
    });

    it("publishes nothing that its own key does not verify", async () => {
      await using opened = await open();
      await createLedger(opened.again(), KEYS);
      let isBroken = false;
      const verify: typeof KEYS.verify = (...args) => !isBroken && KEYS.verify(...args);
      const writer = await openLedgerWriter(opened.again(), { ...KEYS, verify });
      isBroken = true;
      await expect(writer.append([entryOf(0)], [])).rejects.toThrow(
        expect.objectContaining({ code: "SIGNATURE_INVALID" }),
      );
      expect((await readWholeLog(opened.again())).entries).toEqual([]);
    });
  });
}
