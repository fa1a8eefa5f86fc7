// SPDX-License-Identifier: Apache-2.0
// `npm run fuzz:ledger [-- --seed N] [--kills N]`: writers of a ledger are killed at every step, a thousand times on every
// backend. After each death: the log opens, nothing acknowledged is lost, no checkpoint contradicts one shown before.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { crashRepeatedly } from "../packages/store/src/crash/crash-run.fixture.ts";
import { killProcesses } from "../packages/store/src/crash/kill-processes.fixture.ts";
import { createFragileDisk } from "../packages/store/src/crash/power-loss.fixture.ts";
import { openFolderBackend } from "../packages/store/src/folder-backend.ts";
import { openMemoryBackend } from "../packages/store/src/memory-backend.ts";
import { openS3Backend } from "../packages/store/src/s3/s3-backend.ts";
import { startS3Server } from "../packages/store/src/s3/s3-server.fixture.ts";

const { values } = parseArgs({
  options: { seed: { type: "string", default: "1" }, kills: { type: "string", default: "1000" } },
});
const [seed, kills] = [Number(values.seed), Number(values.kills)];
const folder = await mkdtemp(join(tmpdir(), "countersign-crash-"));

async function report(name: string, act: () => Promise<string>): Promise<void> {
  const started = performance.now();
  const told = await act();
  console.log(`${name}: ${told} (${((performance.now() - started) / 1000).toFixed(1)} s, seed ${seed})`);
}

try {
  await report("memory, killed at any call", async () => {
    const state = { objects: new Map<string, Uint8Array>(), lock: undefined };
    const open = () => openMemoryBackend(state);
    return `${kills} kills, ${await crashRepeatedly({ open, seed, kills, isReadableAtOnce: true })} entries`;
  });
  await report("memory with a cache, power lost at any call", async () => {
    const { open, losePower } = createFragileDisk();
    const run = { open, seed, kills, onDeath: losePower, isReadableAtOnce: false };
    return `${kills} kills, ${await crashRepeatedly(run)} entries`;
  });
  await report("folder, killed at any call", async () => {
    const open = () => openFolderBackend(join(folder, "calls"));
    return `${kills} kills, ${await crashRepeatedly({ open, seed, kills, isReadableAtOnce: true })} entries`;
  });
  await report("bucket, killed at any call", async () => {
    await using server = await startS3Server();
    const open = () => openS3Backend(server.place("calls"), { delayMs: 1 });
    return `${kills} kills, ${await crashRepeatedly({ open, seed, kills, isReadableAtOnce: true })} entries`;
  });
  for (const writers of [1, 2]) {
    await report(`folder, ${writers} process(es) killed at any system call`, async () => {
      const dir = join(folder, `processes-${writers}`);
      const { killed, entries } = await killProcesses({ dir, seed, kills: Math.ceil(kills / 2), writers });
      return `${killed} kills, ${entries} entries`;
    });
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
