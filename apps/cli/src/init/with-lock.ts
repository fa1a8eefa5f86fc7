// SPDX-License-Identifier: Apache-2.0
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { UsageError } from "../exit-code.ts";

const PATIENCE_MS = 10_000;
const STEP_MS = 50;

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
    rmSync(path, { force: true });
  }
}

function take(path: string): boolean {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  if (isOwnerDead(path)) rmSync(path, { force: true });
  return false;
}

function isOwnerDead(path: string): boolean {
  try {
    const owner = Number.parseInt(readFileSync(path, "utf8"), 10);
    if (!Number.isSafeInteger(owner) || owner <= 0) return false;
    process.kill(owner, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
