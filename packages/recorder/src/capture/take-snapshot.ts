// SPDX-License-Identifier: Apache-2.0
import type { TouchedFile } from "@countersign/core/attribution";
import type { PlacedFile, WorkTreePlace } from "./find-work-tree.ts";
import type { JournalEntry, SeenFile } from "./journal-entry.ts";
import { recorderFolder } from "./recorder-folder.ts";
import {
  type ContentSum,
  MAX_FILE_BYTES,
  putSnapshot,
  type ReadContent,
  readContent,
} from "./snapshot-store.ts";

/** What was seen of a work tree at one moment. */
export interface Snapshot {
  readonly files: readonly SeenFile[];
  readonly gaps: JournalEntry["gaps"];
}

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
  const { snapshots } = recorderFolder(place.gitDir);
  return (text) => putSnapshot(snapshots, Buffer.from(text, "utf8"));
}

const REASONS = {
  "too-large": `is larger than ${MAX_FILE_BYTES / 1024 / 1024} MiB`,
  "not-a-file": "is no plain file",
  unreadable: "could not be read",
} as const;

export function toGap(path: string, why: Extract<ReadContent, string>): { code: string; message: string } {
  return { code: `file-${why}`, message: `${JSON.stringify(path)} ${REASONS[why]} and was not looked into` };
}
