// SPDX-License-Identifier: Apache-2.0
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { releaseLock, takeLock } from "@countersign/recorder";
import { UsageError } from "../exit-code.ts";

const PATIENCE_MS = 10_000;
const STEP_MS = 50;
/** A holder that cannot be asked, such as one in another container, is believed so long: nobody works a minute on one file. */
const STALE_MS = 60_000;

/** Runs `work` alone among the processes that name the same file; one whose owner has died counts for nothing. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  for (let waited = 0; !take(path); waited += STEP_MS) {
    if (waited >= PATIENCE_MS)
      throw new UsageError(`another countersign has held ${path} for 10 s; if none runs, remove that file`);
    await setTimeout(STEP_MS);
  }
  try {
    return await work();
  } finally {
    releaseLock(path);
  }
}

function take(path: string): boolean {
  // Whoever held it last may have taken the empty folder away.
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const taken = takeLock(path, STALE_MS);
  if (taken === "impossible")
    throw new UsageError(
      `${path} cannot be made; expected a folder in which this user may write: look at its rights and at the disk's free space`,
    );
  return taken === "taken";
}
