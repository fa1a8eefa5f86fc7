// SPDX-License-Identifier: Apache-2.0
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  formatCosignature,
  formatSignedNote,
  parseSignedNote,
  toCosignedMessage,
} from "@countersign/core/ledger";
import { createTemporaryFolder } from "@countersign/testkit";
import { beforeEach, describe, expect, it } from "vitest";
import { openFolderBackend } from "./folder-backend.ts";
import { createLedger, openLedgerWriter } from "./ledger-writer.ts";
import { createNoteKey } from "./log-key.ts";
import { type MemoryState, openMemoryBackend } from "./memory-backend.ts";
import type { LedgerBackend } from "./ports.ts";
import { CHECKPOINT_PATH } from "./publish.ts";
import { publishCosigned } from "./publish-cosigned.ts";
import { entryOf, KEYS, readWholeLog } from "./test-log.fixture.ts";

// A process that holds nothing can be suspended anywhere, for as long as others like, and goes on as if nothing had happened.

let state: MemoryState;
beforeEach(() => {
  state = { objects: new Map(), lock: undefined };
});
const open = () => openMemoryBackend(state);

async function appendOthers(count: number): Promise<void> {
  const writer = await openLedgerWriter(open(), KEYS);
  for (let i = 0; i < count; i++)
    await writer.append([entryOf(`other ${writer.state().checkpoint.treeSize}`)], []);
  await writer.settle();
}

/** Stands still just before it writes the checkpoint, or another path, for the first time, while `meanwhile` happens. */
function suspendedAtCheckpoint(
  backend: LedgerBackend,
  meanwhile: () => Promise<void>,
  at = CHECKPOINT_PATH,
): LedgerBackend {
  let isFirst = true;
  return {
    ...backend,
    objects: {
      ...backend.objects,
      replaceLazily: async (path, bytes) => {
        if (path === at && isFirst) {
          isFirst = false;
          await meanwhile();
        }
        await backend.objects.replaceLazily(path, bytes);
      },
    },
  };
}

/** Stands still just after its value is in the register, while `meanwhile` happens. */
function suspendedInRegister(backend: LedgerBackend, meanwhile: () => Promise<void>): LedgerBackend {
  return {
    ...backend,
    lock: {
      ...backend.lock,
      replace: async (old, bytes, ready) => {
        const isOurs = await backend.lock.replace(old, bytes, ready);
        if (isOurs) await meanwhile();
        return isOurs;
      },
    },
  };
}

/** What a mirror of the published files shows, who cannot see the register. */
const publishedSize = async () => (await readWholeLog(open())).checkpoint.treeSize;

describe("the published checkpoint is the newest, after a suspended process woke up and wrote an older one", () => {
  it("that was making the log", async () => {
    expect(
      await createLedger(
        suspendedAtCheckpoint(open(), () => appendOthers(3)),
        KEYS,
      ),
    ).toBe(true);
    expect(await publishedSize()).toBe(3);
  });

  it("that was opening the log, and then appended nothing", async () => {
    await createLedger(open(), KEYS);
    await appendOthers(2);
    // As a kill leaves it: the register ahead of what is published.
    const behind = await open().objects.get(CHECKPOINT_PATH);
    await appendOthers(1);
    await open().objects.replaceLazily(CHECKPOINT_PATH, behind ?? new Uint8Array());
    const writer = await openLedgerWriter(
      suspendedAtCheckpoint(open(), () => appendOthers(4)),
      KEYS,
    );
    await writer.settle();
    expect(await publishedSize()).toBe(7);
    expect(writer.state().checkpoint.treeSize).toBe(7);
  });

  it("that was bringing a witness's signature", async () => {
    await createLedger(open(), KEYS);
    await appendOthers(2);
    const note = Buffer.from((await open().objects.get(CHECKPOINT_PATH)) ?? "").toString();
    await publishCosigned(
      suspendedAtCheckpoint(open(), () => appendOthers(5)),
      note,
    );
    expect(await publishedSize()).toBe(7);
  });
});

describe("two witnesses that bring their signatures at once", () => {
  async function cosign(folder: string, name: string): Promise<string> {
    const { key, signBytes } = createNoteKey(join(folder, name), `witness.example/${name}`, "cosignature");
    const { text, signatures } = parseSignedNote((await open().objects.get(CHECKPOINT_PATH)) ?? "");
    const signature = formatCosignature(1_750_000_000, signBytes(toCosignedMessage(text, 1_750_000_000)));
    return formatSignedNote({
      text,
      signatures: [...signatures, { name: key.name, keyId: key.keyId, signature }],
    });
  }

  const namesAt = async (path: string) =>
    parseSignedNote((await open().objects.get(path)) ?? "")
      .signatures.map(({ name }) => name)
      .filter((name) => name.startsWith("witness"))
      .sort();

  it.each(["checkpoint-cosigned", CHECKPOINT_PATH])(
    "are both in it, wherever the one stood still (at %s)",
    async (at) => {
      await using folder = await createTemporaryFolder();
      await createLedger(open(), KEYS);
      await appendOthers(2);
      const [first, second] = [await cosign(folder.path, "w1"), await cosign(folder.path, "w2")];
      await publishCosigned(
        suspendedAtCheckpoint(open(), () => publishCosigned(open(), second), at),
        first,
      );
      const both = ["witness.example/w1", "witness.example/w2"];
      expect([await namesAt("checkpoint-cosigned"), await namesAt(CHECKPOINT_PATH)]).toEqual([both, both]);
    },
  );

  it.each([
    ["no note", "torn"],
    ["a note that is no checkpoint", "some text\n\n— witness.example/w9 AQIDBAAAAAAAAAAAAAAAAAAAAAAA\n"],
  ])("are not stopped by %s in a third one's place", async (_, content) => {
    await using folder = await createTemporaryFolder();
    await createLedger(open(), KEYS);
    await appendOthers(1);
    for (const path of ["cosigned/00", "checkpoint-cosigned"])
      await open().objects.replaceLazily(path, new TextEncoder().encode(content));
    await publishCosigned(open(), await cosign(folder.path, "w1"));
    expect(await namesAt("checkpoint-cosigned")).toEqual(["witness.example/w1"]);
    expect(await namesAt(CHECKPOINT_PATH)).toEqual(["witness.example/w1"]);
  });

  it("of one that comes with an older checkpoint nothing is put over the newer", async () => {
    await using folder = await createTemporaryFolder();
    await createLedger(open(), KEYS);
    await appendOthers(2);
    const older = await cosign(folder.path, "w1");
    await appendOthers(1);
    await publishCosigned(open(), await cosign(folder.path, "w2"));
    await publishCosigned(open(), older);
    expect(await namesAt("checkpoint-cosigned")).toEqual(["witness.example/w2"]);
    expect(await publishedSize()).toBe(3);
  });
});

describe("a writer that was suspended", () => {
  it("once its append was decided: others built on it, and it is told the truth and cannot go on unawares", async () => {
    await createLedger(open(), KEYS);
    const writer = await openLedgerWriter(
      suspendedInRegister(open(), () => appendOthers(4)),
      KEYS,
    );
    expect(await writer.append([entryOf("mine")], [])).toBe(0);
    const { entries } = await readWholeLog(open());
    expect([entries.length, entries[0]]).toEqual([5, "entry mine"]);
    await expect(writer.append([entryOf("late")], [])).rejects.toThrow(
      expect.objectContaining({ code: "CONTENDED" }),
    );
    await writer.reload();
    await writer.settle();
    expect(await publishedSize()).toBe(5);
  });

  it("for so long that the name it wants is free again has lost, and leaves nothing (folder)", async () => {
    await using folder = await createTemporaryFolder();
    const { lock } = openFolderBackend(folder.path);
    const value = (i: number) => new Uint8Array([i]);
    await lock.create(value(0));
    const old = await lock.fetch();
    // What 69 others leave behind, as only the newest values are kept.
    await writeFile(join(folder.path, "lock/checkpoint.0000000000000070"), value(70));
    const { objects } = openFolderBackend(folder.path);
    const before = await objects.list("lock");
    expect(old !== undefined && (await lock.replace(old, value(99)))).toBe(false);
    expect([...(await objects.list("lock"))].sort()).toEqual([...before].sort());
    expect((await lock.fetch())?.bytes).toEqual(value(70));
  });
});
