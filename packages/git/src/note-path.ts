// SPDX-License-Identifier: Apache-2.0
import { isObjectId, type ObjectId, type RefName } from "@countersign/core/ids";

/** Where the Git AI Standard keeps its notes. */
export const GIT_AI_NOTES_REF: RefName = "refs/notes/ai";

/** The fan-out that git-ai writes, at every size: its merges fail on a tree with several. */
export function notePath(annotated: ObjectId): string {
  return `${annotated.slice(0, 2)}/${annotated.slice(2)}`;
}

/** The other ways in which Git itself may have spelled the same object. */
export function otherNotePaths(annotated: ObjectId): readonly string[] {
  const pairs = [annotated.slice(0, 2), annotated.slice(2, 4), annotated.slice(4, 6)];
  return [0, 2, 3].map((depth) => [...pairs.slice(0, depth), annotated.slice(2 * depth)].join("/"));
}

/** The object that a path of a notes tree annotates, whatever its fan-out; undefined for any other file. */
export function annotatedBy(path: string): ObjectId | undefined {
  const digits = path.replaceAll("/", "");
  return isObjectId(digits) && /^(?:[0-9a-f]{2}\/)*[0-9a-f]+$/.test(path) ? digits : undefined;
}
