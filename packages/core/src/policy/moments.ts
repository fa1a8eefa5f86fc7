// SPDX-License-Identifier: Apache-2.0

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;
const RFC_3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.\d{1,9})?(?:Z|([+-])(\d{2}):(\d{2}))$/;
const DURATION = /^([1-9]\d{0,5})(s|m|h|d)$/;
const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
const DAY = 86_400;

/**
 * Seconds since the epoch of a date or an RFC 3339 time, or undefined where it is neither or names a day that does
 * not exist. A bare date is UTC midnight; `end` makes it the end of that day, which is what `until: 2026-03-31` means.
 */
export function findMoment(text: string, end = false): number | undefined {
  const date = DATE.exec(text);
  if (date !== null) {
    const midnight = utcSeconds(date.slice(1, 4), ["00", "00", "00"]);
    return midnight === undefined || !end ? midnight : midnight + DAY;
  }
  const time = RFC_3339.exec(text);
  if (time === null) return undefined;
  const local = utcSeconds(time.slice(1, 4), time.slice(4, 7));
  const [hours, minutes] = [Number(time[8] ?? 0), Number(time[9] ?? 0)];
  if (local === undefined || hours > 23 || minutes > 59) return undefined;
  const offset = (hours * 60 + minutes) * 60;
  return time[7] === "-" ? local + offset : local - offset;
}

/** Seconds of `90s`, `30m`, `72h` or `14d`; undefined for anything else, zero included. */
export function findDuration(text: string): number | undefined {
  const match = DURATION.exec(text);
  if (match === null) return undefined;
  return Number(match[1]) * SECONDS[match[2] as keyof typeof SECONDS];
}

/** `14d`, `72h`, … of whole seconds. */
export function formatDuration(seconds: number): string {
  const unit = (["d", "h", "m"] as const).find((name) => seconds % SECONDS[name] === 0) ?? "s";
  // 72h reads better than 3d to those who wrote 72h: below two weeks hours stay hours.
  if (unit === "d" && seconds < 14 * DAY) return `${seconds / SECONDS.h}h`;
  return `${seconds / SECONDS[unit]}${unit}`;
}

function utcSeconds(
  date: readonly (string | undefined)[],
  clock: readonly (string | undefined)[],
): number | undefined {
  const [year = 0, month = 0, day = 0] = date.map(Number);
  const [hour = 0, minute = 0, second = 0] = clock.map(Number);
  if (year < 1970 || hour > 23 || minute > 59 || second > 59) return undefined;
  const moment = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  const isSameDay = moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day;
  return isSameDay ? moment.getTime() / 1000 : undefined;
}
