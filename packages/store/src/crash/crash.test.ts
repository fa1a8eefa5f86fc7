// SPDX-License-Identifier: Apache-2.0
import { createTemporaryFolder } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { openFolderBackend } from "../folder-backend.ts";
import { openMemoryBackend } from "../memory-backend.ts";
import { crashRepeatedly } from "./crash-run.fixture.ts";
import { killProcesses } from "./kill-processes.fixture.ts";
import { createFragileDisk } from "./power-loss.fixture.ts";

// `npm run fuzz:ledger` does the same a thousand times over, on every backend.

describe("a log whose writer dies", () => {
  it("at any call, 80 times: always opens, loses nothing acknowledged, never contradicts itself (memory)", async () => {
    const state = { objects: new Map(), lock: undefined };
    const entries = await crashRepeatedly({
      open: () => openMemoryBackend(state),
      seed: 1,
      kills: 80,
      isReadableAtOnce: true,
    });
    expect(entries).toBeGreaterThan(80);
  });

  it("with the power, 80 times: what was acknowledged is on the disk (memory with a cache)", async () => {
    const disk = createFragileDisk();
    const entries = await crashRepeatedly({
      open: disk.open,
      seed: 2,
      kills: 80,
      onDeath: disk.losePower,
      isReadableAtOnce: false,
    });
    expect(entries).toBeGreaterThan(80);
  });

  it("at any call, 25 times, in a folder", async () => {
    await using folder = await createTemporaryFolder();
    const run = { open: () => openFolderBackend(folder.path), seed: 3, kills: 25, isReadableAtOnce: true };
    expect(await crashRepeatedly(run)).toBeGreaterThan(25);
  });

  it("as a process killed at any system call, alone and two at once", async () => {
    for (const writers of [1, 2]) {
      await using folder = await createTemporaryFolder();
      const { killed, entries } = await killProcesses({ dir: folder.path, seed: 4, kills: 5, writers });
      expect(killed).toBeGreaterThanOrEqual(5);
      expect(entries).toBeGreaterThan(0);
    }
  });
});
