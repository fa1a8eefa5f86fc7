// SPDX-License-Identifier: Apache-2.0
import type { BuildContext } from "./build-context.ts";
import { findDuration, findMoment } from "./moments.ts";
import type { Interval } from "./policy.ts";
import type { Path } from "./yaml-source.ts";

interface IntervalFile {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

/** Reads `from` and `until` beside each other; an `until` that is a date includes that day. */
export function buildInterval(context: BuildContext, file: IntervalFile, path: Path): Interval {
  const from = buildMoment(context, file.from, [...path, "from"], false);
  const until = buildMoment(context, file.until, [...path, "until"], true);
  if (from !== null && until !== null && from >= until) {
    context.fail(
      [...path, "until"],
      `"until" is not after "from"`,
      "an interval that contains some time",
      "from: 2026-01-01, until: 2026-12-31",
    );
  }
  return { from, until };
}

function buildMoment(
  context: BuildContext,
  text: string | undefined,
  path: Path,
  end: boolean,
): number | null {
  if (text === undefined) return null;
  const moment = findMoment(text, end);
  if (moment !== undefined) return moment;
  context.fail(
    path,
    `"${text}" is not a day of the calendar, or not a time`,
    "a date or an RFC 3339 time",
    "2026-01-01",
  );
  // Never taken for "unbounded": the file has failed, this only lets the other mistakes be found.
  return 0;
}

/** The time both intervals contain; an empty one (from = until) where they do not meet, so that it never holds. */
export function intersectIntervals(a: Interval, b: Interval): Interval {
  const from = a.from === null ? b.from : b.from === null ? a.from : Math.max(a.from, b.from);
  const until = a.until === null ? b.until : b.until === null ? a.until : Math.min(a.until, b.until);
  return from !== null && until !== null && from > until ? { from: until, until } : { from, until };
}

export function buildDuration(context: BuildContext, text: string | undefined, path: Path): number | null {
  if (text === undefined) return null;
  const seconds = findDuration(text);
  if (seconds !== undefined) return seconds;
  context.fail(path, `"${text}" is not a duration`, "a whole number of s, m, h or d", "72h");
  return 0;
}
