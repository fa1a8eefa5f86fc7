// SPDX-License-Identifier: Apache-2.0
import { type BigIntStats, readlinkSync } from "node:fs";
import { readWorkTreeStatus } from "@countersign/git";
import { placeOf } from "../place-of.ts";
import type { CommittedPath } from "./committed-since.ts";
import type { WorkTreePlace } from "./find-work-tree.ts";
import type { SeenFile } from "./journal-entry.ts";
import { recorderFolder } from "./recorder-folder.ts";
import { openSeenFiles, type SeenFiles, statFile } from "./seen-files.ts";
import { type ContentSum, putSnapshot, type ReadContent, readContent } from "./snapshot-store.ts";
import type { StashedPath } from "./stashed-since.ts";
import { type Snapshot, toGap } from "./take-snapshot.ts";

/** Files of one look that are read; more is a gap, never a walk that stops an agent. */
const MOST_FILES = 2000;
const MOST_BYTES = 64 * 1024 * 1024;
/** Shorter than the patience of every agent known. */
const PATIENCE_MS = 15_000;

export interface TreeSnapshot extends Snapshot {
  /** Repositories of their own inside this one, relative to its top. */
  readonly nested: readonly string[];
}

/**
 * Everything that differs from HEAD, `also` the paths that did so before, and those `committed` or stashed meanwhile, with contents up to a
 * bound. Where git cannot
 * tell in time, that is a gap and nothing was seen.
 */
export async function snapshotTree(
  place: WorkTreePlace,
  also: readonly string[] = [],
  committed: readonly (CommittedPath | StashedPath)[] = [],
): Promise<TreeSnapshot> {
  const status = await readWorkTreeStatus({ ...place, maxEntries: MOST_FILES, timeout: PATIENCE_MS }).catch(
    () => undefined,
  );
  if (status === undefined) return { files: [], gaps: [UNTOLD], nested: [] };
  const heads = new Map(committed.slice(0, MOST_FILES).map((one) => [one.path, one]));
  const listed = new Set(status.entries.map(({ path }) => path));
  const others = [...new Set([...heads.keys(), ...also])].filter((path) => !listed.has(path));
  const all = [...status.entries, ...others.map((path) => ({ path, isPresent: true }))];
  const entries = all.map((entry) => {
    return { ...entry, ...heads.get(entry.path) };
  });
  const look = lookAt(place, entries);
  const isCut = status.isCut || committed.length > MOST_FILES;
  const gaps = isCut || look.isCut ? [...look.gaps, TOO_LARGE] : look.gaps;
  return { files: look.files, gaps, nested: status.nested };
}

const UNTOLD = {
  code: "snapshot-failed",
  message: "git could not tell what a command found or left in the work tree",
};
const TOO_LARGE = {
  code: "snapshot-too-large",
  message: `around a command more than ${MOST_FILES} files or ${MOST_BYTES / 1024 / 1024} MiB differed from HEAD; the rest was not looked into`,
};

interface Look extends Snapshot {
  readonly isCut: boolean;
}

function lookAt(
  place: WorkTreePlace,
  entries: readonly (Omit<SeenFile, "sum"> & { isPresent: boolean })[],
): Look {
  const folder = recorderFolder(place.gitDir);
  const seen = openSeenFiles(folder);
  const files: SeenFile[] = [];
  const gaps: { code: string; message: string }[] = [];
  let budget = MOST_BYTES;
  for (const { path, headBlob, stagedBlob, stashedBlob, isPresent } of entries) {
    const absolute = placeOf(place.workTree, path);
    const stat = isPresent ? statFile(absolute) : undefined;
    const size = Number(stat?.size ?? 0);
    if (size > budget) return { files, gaps, isCut: true };
    budget -= size;
    const sum = sumOf(folder.snapshots, seen, { path, absolute, stat });
    if (isUnread(sum)) gaps.push(toGap(path, sum));
    else {
      const between = { ...(stagedBlob && { stagedBlob }), ...(stashedBlob && { stashedBlob }) };
      files.push({ path, sum, ...(headBlob === undefined ? {} : { headBlob }), ...between });
    }
  }
  seen.store();
  return { files, gaps, isCut: false };
}

function isUnread(sum: ContentSum | Extract<ReadContent, string>): sum is Extract<ReadContent, string> {
  return sum === "too-large" || sum === "not-a-file" || sum === "unreadable";
}

interface FoundFile {
  readonly path: string;
  readonly absolute: Buffer;
  readonly stat: BigIntStats | undefined;
}

function sumOf(
  snapshots: string,
  seen: SeenFiles,
  { path, absolute, stat }: FoundFile,
): ContentSum | Extract<ReadContent, string> {
  if (stat === undefined || stat.isDirectory()) return null;
  const known = seen.find(path, stat);
  if (known !== undefined) return known;
  // As Git keeps it: a link's content is where it leads, and what is there belongs to somebody else.
  const content = stat.isSymbolicLink() ? readlinkSync(absolute, "buffer") : readContent(absolute);
  if (content === null || typeof content === "string") return content;
  const sum = putSnapshot(snapshots, content);
  seen.note(path, stat, sum, BigInt(Date.now()) * 1_000_000n);
  return sum;
}
