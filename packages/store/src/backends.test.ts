// SPDX-License-Identifier: Apache-2.0

import { createTemporaryFolder } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { openFolderBackend } from "./folder-backend.ts";
import { openMemoryBackend } from "./memory-backend.ts";
import type { LedgerBackend } from "./ports.ts";
import { openS3Backend } from "./s3/s3-backend.ts";
import { hasS3Server, startS3Server } from "./s3/s3-server.fixture.ts";

interface TestBackend extends AsyncDisposable {
  readonly backend: LedgerBackend;
}

const BACKENDS: readonly { readonly name: string; readonly open: () => Promise<TestBackend> }[] = [
  {
    name: "memory",
    open: async () => ({ backend: openMemoryBackend(), [Symbol.asyncDispose]: async () => {} }),
  },
  {
    name: "folder",
    open: async () => {
      const folder = await createTemporaryFolder();
      return { backend: openFolderBackend(folder.path), [Symbol.asyncDispose]: folder.remove };
    },
  },
  {
    name: "S3",
    open: async () => {
      const server = await startS3Server();
      const backend = openS3Backend(server.place("a/b"), { delayMs: 1 });
      return { backend, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
    },
  },
];

const bytes = (text: string) => new Uint8Array(Buffer.from(text));

for (const { name, open } of BACKENDS.filter((backend) => hasS3Server || backend.name !== "S3")) {
  describe(`objects of the ${name} backend`, () => {
    it("gives back what was put, and undefined for what was not", async () => {
      await using opened = await open();
      const { objects } = opened.backend;
      await objects.put("a/b", bytes("one"));
      await objects.putLazily("a/c.p/7", bytes(""));
      await objects.sync();
      expect(await objects.get("a/b")).toEqual(bytes("one"));
      expect(await objects.get("a/c.p/7")).toEqual(bytes(""));
      expect(await objects.get("a/x")).toBeUndefined();
      expect(await objects.get("a")).toBeUndefined();
    });

    it("takes the same bytes twice, and never other bytes under one path", async () => {
      await using opened = await open();
      const { objects } = opened.backend;
      await objects.put("a", bytes("one"));
      await objects.put("a", bytes("one"));
      const refused = expect.objectContaining({ name: "StoreError", code: "OBJECT_CHANGED" });
      await expect(objects.put("a", bytes("two"))).rejects.toThrow(refused);
      await expect(objects.putLazily("a", bytes("two"))).rejects.toThrow(refused);
      expect(await objects.get("a")).toEqual(bytes("one"));
      await objects.replaceLazily("a", bytes("two"));
      expect(await objects.get("a")).toEqual(bytes("two"));
    });

    it("lists the names directly under a folder, and removes what is there or not", async () => {
      await using opened = await open();
      const { objects } = opened.backend;
      for (const path of ["s/1-a", "s/2-b", "s/deep/3", "t/4"]) await objects.put(path, bytes(path));
      expect([...(await objects.list("s"))].sort()).toEqual(["1-a", "2-b"]);
      expect(await objects.list("nowhere")).toEqual([]);
      await objects.remove("s/1-a");
      await objects.remove("s/1-a");
      expect(await objects.list("s")).toEqual(["2-b"]);
    });
  });

  it(`refuses paths that lead out of the ${name} backend`, async () => {
    await using opened = await open();
    for (const path of ["../a", "a/../../b", "/etc/x", "a//b", ".hidden", "a/.b", "", "a\\b", "a\u0000"])
      await expect(opened.backend.objects.put(path, bytes("x"))).rejects.toThrow("is no path of an object");
  });

  describe(`the register of the ${name} backend`, () => {
    it("is created once, and replaced only by who saw its last value", async () => {
      await using opened = await open();
      const { lock } = opened.backend;
      expect(await lock.fetch()).toBeUndefined();
      expect(await lock.create(bytes("1"))).toBe(true);
      expect(await lock.create(bytes("other"))).toBe(false);
      const seen = await lock.fetch();
      if (seen === undefined) throw new Error("the register is empty");
      expect(seen.bytes).toEqual(bytes("1"));
      expect(await lock.replace(seen, bytes("2"))).toBe(true);
      expect(await lock.replace(seen, bytes("3"))).toBe(false);
      expect((await lock.fetch())?.bytes).toEqual(bytes("2"));
    });

    it("lets exactly one of many racing writers win, also when the old value comes back", async () => {
      await using opened = await open();
      const { lock } = opened.backend;
      await lock.create(bytes("0"));
      for (let round = 0; round < 20; round++) {
        const seen = await lock.fetch();
        if (seen === undefined) throw new Error("the register is empty");
        // Half of them write what stands there already: equal bytes are a change all the same.
        const tries = Array.from({ length: 8 }, (_, i) =>
          lock.replace(seen, bytes(i % 2 === 0 ? "0" : `${i}`)),
        );
        expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
        expect(await lock.replace(seen, bytes("late"))).toBe(false);
      }
    });
  });
}
