// SPDX-License-Identifier: Apache-2.0
import { globSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "../../../..");
const ROWS = new Map(
  [...readFileSync(join(ROOT, "docs/threats.md"), "utf8").matchAll(/^\| (T\d\d) \|(.*)\|$/gm)].map(
    ([, number = "", row = ""]) => [number, row],
  ),
);
const NUMBERS = Array.from({ length: 64 }, (_, i) => `T${String(i + 1).padStart(2, "0")}`);
const FILES = globSync(["packages/*/src/**/*.ts", "apps/*/src/**/*.ts"], { cwd: ROOT });

/** Files that a row names, by path or, where they stand in a folder of threats, by name alone. */
function findTests(row: string): readonly string[] {
  return [...row.matchAll(/`([\w./-]+\.test\.ts)`/g)].map(([, name = ""]) => {
    const found = FILES.filter((file) => (name.includes("/") ? file === name : basename(file) === name));
    expect(found, `${name} is one file`).toHaveLength(1);
    return readFileSync(join(ROOT, found[0] ?? ""), "utf8");
  });
}

it("docs/threats.md has a row for each threat", () => {
  expect([...ROWS.keys()]).toEqual(NUMBERS);
});

it.each(NUMBERS)(
  "the row of %s names tests that are there, one of them by its number, or says what it waits for",
  (number) => {
    const row = ROWS.get(number) ?? "";
    const tests = findTests(row);
    const isNamed = tests.some((text) => new RegExp(`["'\`(][^"\`\\n]*\\b${number}\\b`).test(text));
    expect(isNamed || row.includes("waits for")).toBe(true);
  },
);

it.each(NUMBERS)("the words that the row of %s quotes are words of the product", (number) => {
  const sources = FILES.filter((file) => !/\.(?:test|fixture)\.ts$/.test(file))
    .map((file) => readFileSync(join(ROOT, file), "utf8"))
    .join("\n");
  const row = ROWS.get(number) ?? "";
  const tests = findTests(row).join("\n");
  const quoted = [...row.matchAll(/"([^"]+)"/g)].flatMap(([, words = ""]) => words.split("…"));
  const missing = quoted
    .map((words) => words.trim())
    .filter((words) => !sources.includes(words) && !tests.includes(words));
  expect(missing).toEqual([]);
});
