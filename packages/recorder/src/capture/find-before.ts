// SPDX-License-Identifier: Apache-2.0
import type { AgentEvent } from "@countersign/core/attribution";
import type { WorkTreePlace } from "./find-work-tree.ts";
import { listSegments, parseEntry, readSegment } from "./journal.ts";
import type { JournalEntry } from "./journal-entry.ts";
import { type RecorderFolder, recorderFolder } from "./recorder-folder.ts";
import { loadOpenCalls } from "./stored-states.ts";

/** The journal's entry of a call's beginning, found by the call's key and without folding anything. */
export function findBefore(
  { gitDir }: WorkTreePlace,
  event: Pick<AgentEvent, "callKey" | "tool" | "session">,
): JournalEntry | undefined {
  if (event.callKey === "") return undefined;
  const folder = recorderFolder(gitDir);
  const isIt = (entry: JournalEntry): boolean =>
    entry.callKey === event.callKey && entry.tool === event.tool && entry.session === event.session;
  return findInJournal(folder, event.callKey, isIt) ?? loadOpenCalls(folder).findLast(isIt);
}

function findInJournal(
  folder: RecorderFolder,
  callKey: string,
  isIt: (entry: JournalEntry) => boolean,
): JournalEntry | undefined {
  const needle = `"callKey":${JSON.stringify(callKey)}`;
  for (const segment of listSegments(folder).reverse()) {
    const bytes = readSegment(folder, segment) ?? Buffer.alloc(0);
    for (
      let at = bytes.lastIndexOf(needle);
      at >= 0;
      at = at === 0 ? -1 : bytes.lastIndexOf(needle, at - 1)
    ) {
      const start = bytes.lastIndexOf("\n", at) + 1;
      const end = bytes.indexOf("\n", at);
      const entry = parseEntry(bytes.toString("utf8", start, end < 0 ? bytes.length : end));
      if (entry?.phase === "before" && isIt(entry)) return entry;
    }
  }
  return undefined;
}
