// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { findAdapted } from "./find-adapted.ts";

const load = (name: string) => [
  `function load${name}(id) {`,
  `const response = get("${name.toLowerCase()}s", id);`,
  "if (!response.ok) {",
  "throw new Error(response.statusText);",
  "}",
  "return response.json();",
  "}",
];

/** Of `lines`, which are the last ones of a text that begins with `others`, each was the same line of `old`. */
function find(lines: readonly string[], old: readonly (string | undefined)[], others = load("User")) {
  const all = [...others, ...lines];
  const lineOf = (index: number) => old[index - others.length];
  return findAdapted({ lines: all, lineOf, others }).map((index) => index - others.length);
}

describe("findAdapted", () => {
  it("doubts what is as near to others' lines as to those that it is thought to come from", () => {
    expect(find(load("Shop"), load("Order"))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it("doubts nothing that came back as it was, however common", () => {
    expect(find(load("User"), load("User"))).toEqual([]);
  });

  it("doubts no block with a line that only the older text has", () => {
    const extra = [...load("Shop").slice(0, 5), "audit.write(response.trace);", ...load("Shop").slice(5)];
    const old = [...load("Order").slice(0, 5), "audit.write(response.trace);", ...load("Order").slice(5)];
    expect(find(extra, old)).toEqual([]);
  });

  it("doubts no block with a changed line that is nearer to the older one", () => {
    const [first = "", ...rest] = load("Order");
    expect(
      find([first.replace("id", "id, trace, options"), ...rest], [first.replace("id", "id, trace"), ...rest]),
    ).toEqual([]);
  });

  it("looks at each block alone", () => {
    const lines = [...load("Shop"), "between();", "own.words(of, it);"];
    const old = [...load("Order"), undefined, "own.words(of, them);"];
    expect(find(lines, old)).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it("doubts nothing where there is too much to compare", () => {
    const others = Array.from({ length: 60_000 }, (_, index) => `line${index}();`);
    expect(find(load("Shop"), load("Order"), [...load("User"), ...others])).toEqual([]);
  });
});
