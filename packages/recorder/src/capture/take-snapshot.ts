// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import type { TouchedFile } from "@countersign/core/attribution";
import { toRawBytes } from "@countersign/core/ids";
import { readStatus } from "@countersign/git";
import type { PlacedFile, WorkTreePlace } from "./find-work-tree.ts";
import type { JournalEntry, SeenFile } from "./journal-entry.ts";
import { makeFolders, recorderFolder } from "./recorder-folder.ts";
import { type ContentSum, MAX_FILE_BYTES, putSnapshot, readContent } from "./snapshot-store.ts";

/** What was seen of a work tree at one moment. */
export interface Snapshot {
  readonly files: readonly SeenFile[];
  readonly gaps: JournalEntry["gaps"];
}

/** Dirty files of one shell snapshot that are looked into; more is a gap, never a walk that stops an agent. */
const MOST_FILES = 2000;
const MOST_BYTES = 64 * 1024 * 1024;

/** The files that a call names, as they are now. */
export function snapshotFiles(
  place: WorkTreePlace,
  files: readonly { readonly placed: PlacedFile; readonly touched: TouchedFile }[],
): Snapshot {
  const seen: SeenFile[] = [];
  const gaps: { code: string; message: string }[] = [];
  const keep = keepText(place);
  for (const { placed, touched } of files) {
    const content = readContent(placed.absolute);
    if (typeof content === "string") {
      gaps.push(toGap(placed.path, content));
      continue;
    }
    const { before, after, movedFrom } = touched;
    const told = { ...toldAs("before", before, keep), ...toldAs("after", after, keep) };
    seen.push({
      path: placed.path,
      sum: content === null ? null : putSnapshot(recorderFolder(place.gitDir).snapshots, content),
      ...(Object.keys(told).length === 0 ? {} : { told }),
      ...(touched.proposed.length === 0 ? {} : { proposed: touched.proposed.map(keep) }),
      ...(movedFrom === undefined ? {} : { movedFrom }),
    });
  }
  return { files: seen, gaps };
}

function toldAs(
  when: "before" | "after",
  text: string | null | undefined,
  keep: (text: string) => string,
): { before?: ContentSum; after?: ContentSum } {
  return text === undefined ? {} : { [when]: text === null ? null : keep(text) };
}

function keepText(place: WorkTreePlace): (text: string) => string {
  const folder = recorderFolder(place.gitDir);
  makeFolders(folder);
  return (text) => putSnapshot(folder.snapshots, Buffer.from(text, "utf8"));
}

/** Everything that differs from HEAD, with contents up to a bound. */
export async function snapshotTree(place: WorkTreePlace): Promise<Snapshot> {
  const entries = await readStatus(place);
  const folder = recorderFolder(place.gitDir);
  const files: SeenFile[] = [];
  const gaps: { code: string; message: string }[] = [];
  let bytes = 0;
  for (const { path, headBlob, isPresent } of entries) {
    if (files.length >= MOST_FILES || bytes > MOST_BYTES) {
      const message = `${entries.length - files.length} changed files were not looked into around a shell command; more than ${MOST_FILES} files or ${MOST_BYTES / 1024 / 1024} MiB differ from HEAD`;
      gaps.push({ code: "snapshot-too-large", message });
      break;
    }
    const content = isPresent ? readContent(toPathBytes(place, path)) : null;
    if (content === "not-a-file") continue;
    if (typeof content === "string") gaps.push(toGap(path, content));
    else {
      bytes += content?.length ?? 0;
      files.push({ path, headBlob, sum: content === null ? null : putSnapshot(folder.snapshots, content) });
    }
  }
  return { files, gaps };
}

function toPathBytes(place: WorkTreePlace, path: string): Buffer {
  return Buffer.concat([Buffer.from(join(place.workTree, "/")), toRawBytes(path)]);
}

function toGap(path: string, why: "too-large" | "not-a-file"): { code: string; message: string } {
  const reason =
    why === "too-large" ? `is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB` : "is no plain file";
  return { code: `file-${why}`, message: `${JSON.stringify(path)} ${reason} and was not looked into` };
}
