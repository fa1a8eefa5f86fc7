// SPDX-License-Identifier: Apache-2.0
import { formatLogEntry, type LogEntry } from "@countersign/core/audit";
import { formatCanonicalJson, sha256Hex, toUtf8 } from "@countersign/core/ids";
import { type LoggedEntry, objectPath, StoreError } from "@countersign/store";
import {
  type AppendedEntry,
  type AppendTarget,
  type Clock,
  nextInstant,
  openWriter,
} from "./append-to-ledger.ts";

/** Which entry's object to remove, and why; the reason stays in the log. */
export interface RedactionWish {
  readonly target: LoggedEntry;
  readonly reason: string;
}

const MOST_TRIES = 100;

/**
 * Removes an object from beside the log and says so in it. The leaf stays, so that every proof still checks. Logged first:
 * after a crash in between, readers call it redacted, and the next call removes what is left. The last entry of all is the
 * redaction, durable before the object goes.
 */
export async function redactEntry(
  { backend, signer, seen }: AppendTarget,
  { target, reason }: RedactionWish,
  clock: Clock,
): Promise<AppendedEntry> {
  const writer = await openWriter({ backend, signer, ...(seen && { seen }) });
  const { object } = target.entry;
  const note = toUtf8(formatCanonicalJson({ version: 1, redacts: target.index, object, reason }));
  for (let tries = 0; ; tries++) {
    const entry = toRedaction(target, sha256Hex(note), nextInstant(writer.state().lastLeaf, clock));
    try {
      const index = await writer.append(
        [formatLogEntry(entry)],
        [{ path: objectPath(entry.object), bytes: note }],
      );
      // Stagings hold copies of objects: none may be left to bring this one back.
      await writer.settle();
      await backend.objects.remove(objectPath(object));
      return { index, entry };
    } catch (error) {
      if (!(error instanceof StoreError && error.code === "CONTENDED") || tries >= MOST_TRIES) throw error;
      await writer.reload();
    }
  }
}

function toRedaction({ index, entry }: LoggedEntry, object: string, loggedAt: string): LogEntry {
  const { commit } = entry;
  return {
    version: 1,
    kind: "redaction",
    loggedAt,
    object,
    predicateType: null,
    commit,
    change: null,
    decision: null,
    signer: null,
    redacts: index,
  };
}
