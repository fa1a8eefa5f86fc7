// SPDX-License-Identifier: Apache-2.0
import { toPrintable } from "./record-limits.ts";

/**
 * Reads members of an untrusted value and gathers what is wrong with it, so that all bad fields are reported together.
 * By hand and not by a schema library: hooks load this, and a schema library costs more than the rest of them.
 */
export interface FieldReader {
  /** Members of an object that has exactly these keys; an empty object where it has not. */
  readonly object: (
    value: unknown,
    path: string,
    keys: readonly string[],
  ) => Readonly<Record<string, unknown>>;
  readonly items: (value: unknown, path: string, most: number) => readonly unknown[];
  readonly text: (value: unknown, path: string, rule: TextRule) => string;
  readonly integer: (value: unknown, path: string, least: number, most: number) => number;
  readonly oneOf: <T extends string>(value: unknown, path: string, words: readonly T[]) => T;
  readonly refuse: (path: string, expected: string) => void;
  /** Every problem found, for a person; empty if the value is sound. */
  readonly problems: readonly string[];
}

export interface TextRule {
  readonly expected: string;
  readonly isAllowed: (text: string) => boolean;
}

/** More are counted, not listed. */
const MOST_LISTED = 8;

export function createFieldReader(): FieldReader {
  const problems: string[] = [];
  const refuse = (path: string, expected: string): void => {
    if (problems.length < MOST_LISTED) problems.push(`${toPrintable(path, 120)}: expected ${expected}`);
    else if (problems.length === MOST_LISTED) problems.push("and more");
  };
  return {
    problems,
    refuse,
    object(value, path, keys) {
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        refuse(path, "an object");
        return {};
      }
      const found = Object.keys(value);
      const isExact = found.length === keys.length && keys.every((key) => Object.hasOwn(value, key));
      if (!isExact) refuse(path, `exactly the members ${keys.join(", ")}`);
      return isExact ? (value as Readonly<Record<string, unknown>>) : {};
    },
    items(value, path, most) {
      if (Array.isArray(value) && value.length <= most) return value;
      refuse(path, `a list of at most ${most}`);
      return [];
    },
    text(value, path, { expected, isAllowed }) {
      if (typeof value === "string" && isAllowed(value)) return value;
      refuse(path, expected);
      return "";
    },
    integer(value, path, least, most) {
      if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most)
        return value as number;
      refuse(path, `a whole number from ${least} to ${most}`);
      return least;
    },
    oneOf(value, path, words) {
      const word = words.find((candidate) => candidate === value);
      if (word === undefined) refuse(path, `one of ${words.join(", ")}`);
      return word ?? (words[0] as (typeof words)[number]);
    },
  };
}
