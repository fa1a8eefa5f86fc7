// SPDX-License-Identifier: Apache-2.0
import { type BigIntStats, lstatSync, renameSync, writeFileSync } from "node:fs";
import { readOwnFile } from "./own-file.ts";
import type { RecorderFolder } from "./recorder-folder.ts";
import { renewSnapshot } from "./snapshot-store.ts";

/** Stat data of a file at the last look, and the sum of its content then. */
type SeenRow = readonly [identity: string, sum: string];

/** What the last look at a work tree found: a file with the same stat data has the same content, as Git holds it too. */
export interface SeenFiles {
  /** The content's sum, where the file was seen before, is unchanged since, and the content is still kept. */
  readonly find: (path: string, stat: BigIntStats) => string | undefined;
  /** Notes a content for the next look; `now` in nanoseconds by the clock of the file system's times. */
  readonly note: (path: string, stat: BigIntStats, sum: string, now: bigint) => void;
  /** Keeps the notes. A loss of them costs time only. */
  readonly store: () => void;
}

/** A file changed within this time of the look may change again without its times telling (racy, as Git calls it). */
const RACY_NS = 100_000_000n;

export function openSeenFiles(folder: RecorderFolder): SeenFiles {
  const known = readRows(folder.seen);
  const next = new Map<string, SeenRow>();
  return {
    find: (path, stat) => {
      const row = Object.hasOwn(known, path) ? known[path] : undefined;
      if (row === undefined || row[0] !== identityOf(stat)) return undefined;
      if (!renewSnapshot(folder.snapshots, row[1], Number(stat.size))) return undefined;
      next.set(path, row);
      return row[1];
    },
    note: (path, stat, sum, now) => {
      const isRacy = now - stat.mtimeNs < RACY_NS || now - stat.ctimeNs < RACY_NS;
      if (!isRacy) next.set(path, [identityOf(stat), sum]);
    },
    store: () => {
      const draft = `${folder.seen}.${process.pid}`;
      try {
        writeFileSync(draft, JSON.stringify({ version: 1, files: Object.fromEntries(next) }), {
          mode: 0o600,
        });
        renameSync(draft, folder.seen);
      } catch {
        // The next look reads the files again.
      }
    },
  };
}

export function statFile(path: Buffer | string): BigIntStats | undefined {
  try {
    return lstatSync(path, { bigint: true });
  } catch {
    return undefined;
  }
}

function identityOf({ size, mtimeNs, ctimeNs, ino, dev }: BigIntStats): string {
  return `${size} ${mtimeNs} ${ctimeNs} ${ino} ${dev}`;
}

function readRows(path: string): Readonly<Record<string, SeenRow>> {
  try {
    const { version, files } = JSON.parse(String(readOwnFile(path))) as {
      version: number;
      files: Record<string, SeenRow>;
    };
    return version === 1 ? files : {};
  } catch {
    return {};
  }
}
