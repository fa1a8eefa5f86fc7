// SPDX-License-Identifier: Apache-2.0
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ObjectId } from "@countersign/core/ids";

/** One step of HEAD, as Git wrote it down. */
export interface HeadStep {
  readonly from: ObjectId;
  readonly to: ObjectId;
  /** Seconds since the epoch, as the committer's clock said. */
  readonly at: number;
  /** Git's words for it: `commit: title`, `checkout: moving from …`, `rebase (pick): …`; empty for plumbing. */
  readonly action: string;
  /** Bytes of the file before this line: an order that no clock can turn. */
  readonly offset: number;
}

const LINE = /^([0-9a-f]{40,64}) ([0-9a-f]{40,64}) .*> (\d+) [+-]\d{4}(?:\t(.*))?$/;
/** Enough for any day's work; what is older has been looked at. */
const MOST_BYTES = 1024 * 1024;

/** The last steps of a work tree's HEAD, oldest first; none where there is no reflog. */
export function readHeadSteps(gitDir: string): readonly HeadStep[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(gitDir, "logs", "HEAD"));
  } catch {
    return [];
  }
  const skipped = bytes.length <= MOST_BYTES ? 0 : bytes.indexOf("\n", bytes.length - MOST_BYTES) + 1;
  let offset = skipped;
  return bytes
    .subarray(skipped)
    .toString("latin1")
    .split("\n")
    .flatMap((line) => {
      const at = offset;
      offset += line.length + 1;
      const [, from, to, time, action] = LINE.exec(line) ?? [];
      return from === undefined || to === undefined
        ? []
        : [{ from, to, at: Number(time), action: action ?? "", offset: at }];
    });
}

export function reflogLength(gitDir: string): number {
  return statSync(join(gitDir, "logs", "HEAD"), { throwIfNoEntry: false })?.size ?? 0;
}

/** Steps that go to a commit which was there already. Whatever else moves HEAD, plumbing too, may have made one. */
const MOVE =
  /^(checkout|reset|clone|branch|initial|fetch|bisect)\b|^rebase.*\((start|finish|abort)\)|Fast-forward$|^rebase.*checkout /;

/** Whether a step may have made a commit here, rather than going to one that was there. */
export function isMade({ action, from, to }: HeadStep): boolean {
  return from !== to && !MOVE.test(action);
}
