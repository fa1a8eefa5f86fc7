// SPDX-License-Identifier: Apache-2.0
import type { ObjectId } from "@countersign/core/ids";
import type { FactsProblem } from "@countersign/core/policy";
import { MOST_REMERGES } from "./answer-statements.ts";
import { MOST_CONTENT_MERGES } from "./inherit-content.ts";

/** Something that was not looked at; `code` is stable, `message` is for people. */
export interface LeftOutNote {
  readonly code: string;
  readonly message: string;
}

/** AI or authors of a version that nobody looked at could be missing, so nobody can tell. */
export function toUncomparedVersions(lost: readonly ObjectId[]): FactsProblem {
  const message =
    `${lost.length} earlier versions of this change were not compared with it, more than ${MOST_CONTENT_MERGES} are known; ` +
    "start it anew on another branch";
  return { code: "versions-not-compared", message, objects: lost.slice(0, 8) };
}

/**
 * What is left out without holding the change up. A squash of a branch that was not compared keeps the AI that its message
 * and records name; a sign-off that was not recomputed only fails to count.
 */
export function toLeftOutNotes(branches: number, signOffs: number): readonly LeftOutNote[] {
  const ofBranches =
    `${branches} branches were not compared with what lands, more than ${MOST_CONTENT_MERGES} are here; if it is a squash of ` +
    "one of them, its AI is known from its message and records alone, and its authors are not";
  const ofSignOffs =
    `sign-offs of ${signOffs} heads on other bases were not recomputed, more than ${MOST_REMERGES} are known, and do not count; ` +
    "sign again";
  return [
    ...(branches > 0 ? [{ code: "branches-not-compared", message: ofBranches }] : []),
    ...(signOffs > 0 ? [{ code: "sign-offs-not-compared", message: ofSignOffs }] : []),
  ];
}
