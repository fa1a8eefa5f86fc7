// SPDX-License-Identifier: Apache-2.0

/** What JSON.stringify leaves bare although a terminal, an editor or a CI runner acts on it. */
const UNSAFE = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}]|##(?=\w*\[)/u;
const ALL_UNSAFE = new RegExp(UNSAFE.source, "gu");

/**
 * One line of JSON whose reader gets exactly the given values, while its bytes cannot act on a terminal or build log:
 * control and invisible characters, and the second `#` of a log command such as `##[error]`, are JSON escapes.
 */
export function formatSafeJson(value: unknown, indent?: number): string {
  return escapeJson(JSON.stringify(value, toJsonValue, indent));
}

/** The same for a value of plain JSON types only, several times as fast: a scan formats a hundred thousand. */
export function formatSafeJsonLine(value: object | string): string {
  return escapeJson(JSON.stringify(value));
}

/** Nearly all JSON is printable ASCII, and that much is decided without a table of Unicode's categories. */
const SUSPECT = /[^\x20-\x7e]/;

function escapeJson(json: string): string {
  if (!SUSPECT.test(json) && !json.includes("##")) return json;
  return UNSAFE.test(json) ? json.replace(ALL_UNSAFE, escapeUnits) : json;
}

/** Maps CEL's values to JSON's: a bigint that no double can hold stays exact as a decimal string. */
function toJsonValue(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value.toString();
  }
  if (value instanceof Map) return Object.fromEntries(value);
  if (value instanceof Set) return [...value];
  return value;
}

function escapeUnits(text: string): string {
  if (text === "##") return "#\\u0023";
  return text.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
