// SPDX-License-Identifier: Apache-2.0
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

// A writer in a process of its own, killed at its n-th system call on files; for tests. Arguments: the log's folder, the
// number of the call, whether before or after it, and a name for its entries. Prints every index once it is durable.

const [dir = "", at = "", when = "", name = ""] = process.argv.slice(2);
let calls = 0;

function dieIf(isDue: boolean): void {
  if (isDue) process.kill(process.pid, "SIGKILL");
}

function wrapSync<A extends readonly unknown[], R>(act: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    const own = calls++;
    dieIf(own === Number(at) && when === "before");
    const result = act(...args);
    dieIf(own === Number(at) && when === "after");
    return result;
  };
}

const CHANGING = [
  "openSync",
  "writeSync",
  "closeSync",
  "linkSync",
  "renameSync",
  "unlinkSync",
  "rmSync",
  "rmdirSync",
  "fsync",
] as const;
for (const call of CHANGING)
  Object.assign(fs, { [call]: wrapSync(fs[call] as (...args: unknown[]) => unknown) });
syncBuiltinESMExports();

const { openFolderBackend } = await import("../folder-backend.ts");
const { openLedgerWriter } = await import("../ledger-writer.ts");
const { StoreError } = await import("../store-error.ts");
const { entryOf, KEYS } = await import("../test-log.fixture.ts");

// Loading the program reads files too, and nothing is lost with it.
calls = 0;
const writer = await openLedgerWriter(openFolderBackend(dir), KEYS);
for (let i = 0; i < 40; ) {
  try {
    const index = await writer.append(
      [entryOf(`${name} ${i}`)],
      [{ path: `objects/aa/${name}-${i}`, bytes: entryOf(i) }],
    );
    process.stdout.write(`${index} ${name} ${i}\n`);
    if (i % 3 === 2) await writer.settle();
    i++;
  } catch (error) {
    if (!(error instanceof StoreError && error.code === "CONTENDED")) throw error;
    await writer.reload();
  }
}
await writer.settle();
