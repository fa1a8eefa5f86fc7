// SPDX-License-Identifier: Apache-2.0
import { isNullObjectId, isObjectId, toRawText } from "@countersign/core/ids";
import type { RefUpdate } from "@countersign/gate";
import { UsageError } from "../exit-code.ts";

const ROW = /^([0-9a-f]+) ([0-9a-f]+) (refs\/[^\0-\x20\x7f~^:?*[\\]+)$/;

/**
 * The lines that Git writes to pre-receive and post-receive: `<old> <new> <ref>`. Ref names may hold any bytes above
 * ASCII. Throws UsageError on anything else: a line that is skipped would be a ref that nobody judged.
 */
export function parseRefUpdates(bytes: Uint8Array): readonly RefUpdate[] {
  const text = toRawText(bytes);
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  const updates = lines.map(parseRefUpdate);
  const names = new Set(updates.map((update) => update.ref));
  if (names.size !== updates.length) throw malformed("one ref twice");
  return updates;
}

function parseRefUpdate(line: string): RefUpdate {
  const [, old = "", next = "", ref = ""] = ROW.exec(line) ?? [];
  if (!isObjectId(old) || !isObjectId(next) || old.length !== next.length) throw malformed(line);
  if (isNullObjectId(old) && isNullObjectId(next)) throw malformed(line);
  return { ref, old, new: next };
}

function malformed(line: string): UsageError {
  return new UsageError(
    `expected lines "<old id> <new id> <full ref>" as Git writes them to this hook, got ${JSON.stringify(line.slice(0, 200))}`,
  );
}
