// SPDX-License-Identifier: Apache-2.0
import { isObjectId, type ObjectId, type RefName, toRawText } from "@countersign/core/ids";
import { UsageError } from "../exit-code.ts";

/** One line of a pre-push hook's input. */
export interface Pushed {
  /** Full ref on the remote. */
  readonly ref: RefName;
  /** What is to be there; the null id for a deletion. */
  readonly local: ObjectId;
  /** What is there now; the null id for a creation. */
  readonly remote: ObjectId;
}

/** `<local ref> <local id> <remote ref> <remote id>`, where the first may be any revision, spaces included. */
const ROW = /^.+ ([0-9a-f]+) (\S+) ([0-9a-f]+)$/;

/** Throws UsageError on anything that Git does not write. Nothing to push is no line, or an empty one from the shell. */
export function parsePushedRefs(bytes: Uint8Array): readonly Pushed[] {
  const lines = toRawText(bytes)
    .split("\n")
    .filter((line) => line !== "");
  return lines.map((line) => {
    const [, local = "", ref = "", remote = ""] = ROW.exec(line) ?? [];
    if (isObjectId(local) && isObjectId(remote) && ref !== "") return { ref, local, remote };
    throw new UsageError(
      `expected lines "<local ref> <id> <remote ref> <id>" as Git writes them to this hook, got ${JSON.stringify(line.slice(0, 200))}`,
    );
  });
}
