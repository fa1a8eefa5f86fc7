// SPDX-License-Identifier: Apache-2.0

const SHORT: ReadonlyMap<string, number> = new Map([
  ["@yearly", 1],
  ["@annually", 1],
  ["@monthly", 12],
  ["@weekly", 52],
  ["@daily", 365],
  ["@midnight", 365],
  ["@hourly", 8760],
]);
const PER_YEAR: ReadonlyMap<string, number> = new Map([
  ["minute", 525_600],
  ["hour", 8760],
  ["day", 365],
]);
const DURATION = /^@every\s+(\d+)([smhd])$/;
const SECONDS: ReadonlyMap<string, number> = new Map([
  ["s", 1],
  ["m", 60],
  ["h", 3600],
  ["d", 86_400],
]);
const YEAR = 31_536_000;

/**
 * How often a schedule runs in a year, about: cron with five fields, with seconds before them, Amazon's `cron(…)` and `rate(…)`, and
 * `@daily`. Undefined where the text is none of them.
 */
export function toRunsPerYear(text: string): number | undefined {
  const own = text.trim().toLowerCase();
  if (own.length > 100) return undefined;
  const [, every = "", unit = ""] = DURATION.exec(own) ?? [];
  if (unit !== "") return YEAR / (Number(every) * (SECONDS.get(unit) ?? 1));
  const [, times = "", period = ""] = /^rate\((\d+)\s+(minute|hour|day)s?\)$/.exec(own) ?? [];
  if (period !== "") return (PER_YEAR.get(period) ?? 0) / Number(times);
  return SHORT.get(own) ?? countFields(own);
}

function countFields(text: string): number | undefined {
  const amazon = /^cron\((.*)\)$/.exec(text)?.[1];
  const all = (amazon ?? text.replace(/^(?:cron_tz|tz)=\S+\s+/, "")).split(/\s+/);
  const fields = amazon === undefined ? all.slice(-5) : all.slice(0, 5);
  if (fields.length !== 5 || all.length > 6 || !fields.every((field) => FIELD.test(field))) return undefined;
  const [minutes = "", hours = "", day = "", month = "", weekday = ""] = fields;
  const perDay = countOf(minutes, 60) * countOf(hours, 24);
  const months = countOf(month, 12) / 12;
  const ofMonth = (countOf(day, 365 / 12) * 12) / 365;
  // Every second Tuesday is a part of all Tuesdays.
  const ofWeek = /[#l]/.test(weekday) ? 12 / 365 : Math.min(1, countOf(weekday, 7) / 7);
  // Of both the one or the other is enough.
  const days = isAny(day) || isAny(weekday) ? Math.min(ofMonth, ofWeek) : Math.min(1, ofMonth + ofWeek);
  return perDay * days * 365 * months;
}

const FIELD = /^[\d*?,/a-z#-]+$/;
const isAny = (field: string) => /^[*?]$/.test(field);

/** How many of `total` values a field names. */
function countOf(field: string, total: number): number {
  const count = field.split(",").reduce((sum, part) => {
    const [range = "", step = "1"] = part.split("/");
    const [, first = "", last = ""] = /^(\w+)-(\w+)$/.exec(range) ?? [];
    const span =
      isAny(range) || (part.includes("/") && first === "")
        ? total
        : first === ""
          ? 1
          : spanOf(first, last, total);
    return sum + Math.max(1, span / Math.max(1, Number(step) || 1));
  }, 0);
  return Math.min(total, count);
}

const WEEK = "sun mon tue wed thu fri sat".split(" ");

function spanOf(first: string, last: string, total: number): number {
  const [from, to] = [first, last].map((each) => (WEEK.includes(each) ? WEEK.indexOf(each) : Number(each)));
  if (from === undefined || to === undefined || Number.isNaN(from) || Number.isNaN(to)) return 1;
  return to >= from ? to - from + 1 : total - from + to + 1;
}
