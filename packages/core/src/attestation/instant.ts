// SPDX-License-Identifier: Apache-2.0
import { CoreError } from "../ids/index.ts";

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)Z$/;

/**
 * Seconds since the epoch of an RFC 3339 time in exactly one spelling: upper-case T and Z, whole seconds, UTC, 1970
 * to 9999. One instant has one spelling, so that equal statements have equal bytes. Leap seconds are refused: Unix
 * time cannot say them. Throws CoreError STATEMENT_MALFORMED.
 */
export function parseInstant(text: string): number {
  const match = INSTANT.exec(text);
  const [year, month, day, hour, minute, second] = (match ?? []).slice(1).map(Number);
  const at = Date.UTC(year ?? Number.NaN, (month ?? 0) - 1, day, hour, minute, second) / 1000;
  // Date.UTC rolls 30 February over to March: only a time that formats back to itself was real.
  if (match === null || at < 0 || formatInstant(at) !== text) {
    const shown = JSON.stringify(text.slice(0, 40));
    throw new CoreError(
      "STATEMENT_MALFORMED",
      `expected a UTC time such as 2026-03-01T12:00:00Z, got ${shown}`,
    );
  }
  return at;
}

/** The one spelling of an instant that {@link parseInstant} accepts; fractions are cut off. */
export function formatInstant(seconds: number): string {
  const milliseconds = Math.floor(seconds) * 1000;
  if (!(milliseconds >= 0 && milliseconds <= 253_402_300_799_000)) {
    throw new CoreError(
      "STATEMENT_MALFORMED",
      `expected seconds since 1970 before the year 10000, got ${seconds}`,
    );
  }
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
