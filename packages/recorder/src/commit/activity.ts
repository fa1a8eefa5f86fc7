// SPDX-License-Identifier: Apache-2.0
import { readFileSync, writeFileSync } from "node:fs";
import type { Coverage, CoverageGap } from "@countersign/core/attribution";
import type { ObjectId } from "@countersign/core/ids";
import type { WorkTreePlace } from "../capture/find-work-tree.ts";
import { makeFolders, recorderFolder } from "../capture/recorder-folder.ts";
import { type HeadStep, reflogLength } from "./reflog.ts";

/** Since when a work tree's recorder is there. */
export interface Activity {
  readonly version: 1;
  /** Seconds since the epoch. */
  readonly from: number;
  /** What HEAD was then; null before the first commit. */
  readonly head: ObjectId | null;
  /** Nothing differed from HEAD then: what a later commit changes came after. */
  readonly isClean: boolean;
  /** Bytes of HEAD's reflog then: steps behind it came after, whatever any clock says. */
  readonly reflogLength: number;
}

/** Says that the recorder is there from now on; keeps an earlier word. */
export function startActivity(place: WorkTreePlace, now: Omit<Activity, "version" | "reflogLength">): void {
  const folder = recorderFolder(place.gitDir);
  makeFolders(folder);
  if (readActivity(place) !== undefined) return;
  const activity: Activity = { version: 1, ...now, reflogLength: reflogLength(place.gitDir) };
  writeFileSync(folder.active, `${JSON.stringify(activity)}\n`, { mode: 0o600 });
}

export function readActivity(place: WorkTreePlace): Activity | undefined {
  try {
    const activity = JSON.parse(readFileSync(recorderFolder(place.gitDir).active, "utf8")) as Activity;
    return activity.version === 1 && Number.isSafeInteger(activity.reflogLength) ? activity : undefined;
  } catch {
    return undefined;
  }
}

export interface CoverageQuestion {
  readonly commit: ObjectId;
  /** Undefined for a root commit. */
  readonly parent: ObjectId | undefined;
  readonly steps: readonly HeadStep[];
  readonly activity: Activity | undefined;
  readonly gaps: readonly CoverageGap[];
}

/**
 * Whether the recorder was there over the whole change: from when HEAD came to the commit's first parent until the commit.
 * What cannot be shown, such as a step that the reflog lost, is not whole.
 */
export function findCoverage({ commit, parent, steps, activity, gaps }: CoverageQuestion): Coverage {
  const index = steps.findLastIndex((step) => step.to === commit);
  const made = steps[index];
  const arrival = steps.slice(0, Math.max(index, 0)).findLast((step) => step.to === parent);
  const from = arrival?.at ?? activity?.from ?? null;
  const to = made?.at ?? null;
  const isAfter = arrival !== undefined && activity !== undefined && arrival.offset >= activity.reflogLength;
  const isFromClean = activity?.isClean === true && (activity.head ?? undefined) === parent;
  const isWhole = made !== undefined && (isAfter || isFromClean) && gaps.length === 0;
  return { isWhole, from, to, gaps };
}
