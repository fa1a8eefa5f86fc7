// SPDX-License-Identifier: Apache-2.0
// `npm run fuzz:ledger [-- --seed N] [--kills N] [--only WORD]`: writers of a ledger are killed at every step, a thousand times on
// every backend, and so are mirrors. After each death: the log opens, nothing acknowledged is lost, no checkpoint contradicts one shown before.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { crashMirror } from "../packages/audit/src/mirror-crash.fixture.ts";
import { type CrashRun, crashRepeatedly } from "../packages/store/src/crash/crash-run.fixture.ts";
import { killProcesses } from "../packages/store/src/crash/kill-processes.fixture.ts";
import { createFragileDisk } from "../packages/store/src/crash/power-loss.fixture.ts";
import { openFolderBackend } from "../packages/store/src/folder-backend.ts";
import { openMemoryBackend } from "../packages/store/src/memory-backend.ts";
import { openS3Backend } from "../packages/store/src/s3/s3-backend.ts";
import { startS3Server } from "../packages/store/src/s3/s3-server.fixture.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    kills: { type: "string", default: "1000" },
    only: { type: "string", default: "" },
    help: { type: "boolean", default: false },
  },
});
const [seed, kills] = [Number(values.seed), Number(values.kills)];
/** Every check reads the whole log, so that one log for all deaths would take the square of the time. */
const KILLS_PER_LOG = 50;
const folder = await mkdtemp(join(tmpdir(), "countersign-crash-"));

async function report(name: string, act: () => Promise<string>): Promise<void> {
  if (!name.includes(values.only)) return;
  if (values.help) {
    console.log(`  ${name}`);
    return;
  }
  const started = performance.now();
  const told = await act();
  console.log(`${name}: ${told} (${((performance.now() - started) / 1000).toFixed(1)} s, seed ${seed})`);
}

type OneLog = Pick<CrashRun, "open" | "onDeath" | "isReadableAtOnce">;

async function crash(openLog: (number: number) => OneLog): Promise<string> {
  let [entries, logs] = [0, 0];
  for (let left = kills; left > 0; left -= KILLS_PER_LOG) {
    const run = { ...openLog(logs), seed: seed + 1000 * logs, kills: Math.min(left, KILLS_PER_LOG) };
    entries += await crashRepeatedly(run);
    logs++;
  }
  return `${kills} kills, ${entries} entries in ${logs} logs`;
}

if (values.help)
  console.log(`npm run fuzz:ledger -- [--seed N] [--kills N] [--only WORD]
Kills ${kills} times in each of these, or only in those whose name holds WORD:`);
try {
  await report("memory, killed at any call", () =>
    crash(() => {
      const state = { objects: new Map<string, Uint8Array>(), lock: undefined };
      return { open: () => openMemoryBackend(state), isReadableAtOnce: true };
    }),
  );
  await report("memory with a cache, power lost at any call", () =>
    crash(() => {
      const { open, losePower } = createFragileDisk();
      return { open, onDeath: losePower, isReadableAtOnce: false };
    }),
  );
  await report("folder, killed at any call", () =>
    crash((number) => ({
      open: () => openFolderBackend(join(folder, `calls-${number}`)),
      isReadableAtOnce: true,
    })),
  );
  await report("bucket, killed at any call", async () => {
    await using server = await startS3Server();
    return await crash((number) => ({
      open: () => openS3Backend(server.place(`calls-${number}`), { delayMs: 1 }),
      isReadableAtOnce: true,
    }));
  });
  await report("mirror in a repository, killed at any call to Git", async () => {
    let commits = 0;
    for (let left = kills, log = 0; left > 0; left -= KILLS_PER_LOG, log++)
      commits += await crashMirror({ seed: seed + 1000 * log, kills: Math.min(left, KILLS_PER_LOG) });
    return `${kills} kills, ${commits} commits`;
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
