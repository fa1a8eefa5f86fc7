// SPDX-License-Identifier: Apache-2.0
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { claimName, isCode, syncPath, writeScratch } from "./folder-files.ts";
import type { LedgerLock, LockValue } from "./ports.ts";

const NAME = /^checkpoint\.(\d{16})$/;
/** Values kept behind the newest one. */
const KEPT = 64;

/**
 * A register in a folder: each value is a file named after its generation, and the highest generation counts. Replacing
 * generation 7 is to give a file the name of generation 8, which the file system lets one writer do and no other: there
 * is no lock that a killed process could leave behind.
 */
export function openFolderLock(root: string): LedgerLock {
  const folder = join(root, "lock");
  mkdirSync(folder, { recursive: true });
  return {
    fetch: async () => readNewest(folder),
    create: async (bytes) => {
      if (readNewest(folder) !== undefined) return false;
      return await claim(root, folder, { generation: 1, bytes, ready: undefined });
    },
    replace: async (old, bytes, ready) =>
      await claim(root, folder, { generation: Number(old.version) + 1, bytes, ready }),
  };
}

interface Claim {
  readonly generation: number;
  readonly bytes: Uint8Array;
  readonly ready: (() => Promise<void>) | undefined;
}

async function claim(root: string, folder: string, { generation, bytes, ready }: Claim): Promise<boolean> {
  const scratch = writeScratch(root, bytes);
  // At once: until its name is given, nobody sees this file, so that it may be on the disk before what it speaks of is.
  await Promise.all([syncPath(scratch), ready?.()]);
  const path = join(folder, nameOf(generation));
  if (!claimName(scratch, path)) return false;
  const generations = listGenerations(folder);
  // A writer that slept through many generations may find its name free again, because old ones are removed.
  if (generations.some((other) => other > generation)) {
    rmSync(path, { force: true });
    return false;
  }
  // The caller may tell others what it wrote as soon as this resolves: from here on no crash takes it back.
  await syncPath(folder);
  for (const old of generations) {
    if (old < generation - KEPT) rmSync(join(folder, nameOf(old)), { force: true });
  }
  return true;
}

function readNewest(folder: string): LockValue | undefined {
  for (;;) {
    const generation = Math.max(0, ...listGenerations(folder));
    if (generation === 0) return undefined;
    try {
      const bytes = new Uint8Array(readFileSync(join(folder, nameOf(generation))));
      return { bytes, version: String(generation) };
    } catch (error) {
      // Other writers have moved on by more than is kept: look again.
      if (!isCode(error, "ENOENT")) throw error;
    }
  }
}

function listGenerations(folder: string): readonly number[] {
  return readdirSync(folder).flatMap((name) => {
    const [, digits] = NAME.exec(name) ?? [];
    return digits === undefined ? [] : [Number(digits)];
  });
}

function nameOf(generation: number): string {
  return `checkpoint.${String(generation).padStart(16, "0")}`;
}
