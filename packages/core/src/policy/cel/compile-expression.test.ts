// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileExpression } from "./compile-expression.ts";

const evaluate = (text: string, change: object = {}, maxSteps?: number) =>
  compileExpression(text, maxSteps)({ change });

describe("values", () => {
  test.each([
    ["change.n + 1 == 3", true],
    ["change.n > 1 && change.n < 3", true],
    ["change.list.map(x, x * 2).exists(x, x == 6)", true],
    ["change.list.filter(x, x > 1) == [2, 3]", true],
    ["change.list.filter(x, x > 1)[1] == 3", true],
    ["size(change.list.map(x, x)) == 3", true],
    ["change.list.map(x, change.list.map(y, x + y)).exists(l, 6 in l)", true],
    [
      "(change.list + [4]).size() == 4 && (change.list + [5]).exists(x, x == 5) && change.list.size() == 3",
      true,
    ],
    ["change.text.matches('^a+$')", true],
    ["'b' in change.text", undefined],
    ["change.missing", undefined],
    ["change.n", undefined],
    ["change.text.matches('(')", undefined],
    ["1 / 0 == 1", undefined],
    ["false && 1 / 0 == 1", false],
  ])("%s is %s", (text, value) => {
    const answer = evaluate(text, { n: 2, list: [1, 2, 3], text: "aaa" });
    if (value === undefined) expect(answer).toHaveProperty("problem");
    else expect(answer).toEqual({ value });
  });

  test("a list that was appended to twice keeps both results apart", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9)), fc.nat(9), (list, limit) => {
        const kept = list.filter((x) => x > limit);
        const text = `change.list.filter(x, x > ${limit}).map(x, x + 1) == change.expected`;
        expect(evaluate(text, { list, expected: kept.map((x) => x + 1) })).toEqual({ value: true });
      }),
    );
  });
});

describe("cost is bounded", () => {
  const many = Array.from({ length: 100_000 }, (_, i) => ({ path: `src/${i}.c`, classes: ["a"] }));

  test("a filter over 100,000 files neither overflows nor takes quadratic time", () => {
    const started = process.cpuUsage().user / 1000;
    const text =
      'change.files.filter(f, f.path.matches("[0-9]+\\\\.c$")).map(f, f.path).all(p, p.startsWith("src/"))';
    expect(evaluate(text, { files: many })).toEqual({ value: true });
    expect(process.cpuUsage().user / 1000 - started).toBeLessThan(20_000);
  });

  test.each([
    ["a loop in a loop", "change.files.all(f, change.files.all(g, f.path != '' || g.path != ''))"],
    ["a search in a list for every file", "change.files.all(f, !('x' in change.paths))"],
    ["a comparison of lists for every file", "change.files.all(f, change.paths == change.paths)"],
    [
      "a loop under `|| true`, since what was not finished is not known",
      "change.files.exists(f, change.files.exists(g, g.path == 'none')) || true",
    ],
  ])("%s stops", (_, text) => {
    const started = process.cpuUsage().user / 1000;
    const answer = evaluate(text, { files: many, paths: many.map((file) => file.path) }, 300_000);
    expect(answer).toEqual({ problem: "the expression took more than 300000 steps" });
    expect(process.cpuUsage().user / 1000 - started).toBeLessThan(20_000);
  });

  test("a failing loop ends with its first failure, which `exists` would ride out at 20 µs a turn", () => {
    const started = process.cpuUsage().user / 1000;
    const text = "change.files.exists(f, change.files.exists(g, 1 / 0 == 1))";
    expect(evaluate(text, { files: many })).toEqual({ problem: "int divide by zero" });
    expect(process.cpuUsage().user / 1000 - started).toBeLessThan(2_000);
  });

  test("text that doubles stops before memory does", () => {
    let text = "'x'";
    for (let i = 0; i < 40; i++) text = `[${text}].map(a, a + a)[0]`;
    expect(evaluate(`${text.slice(0, 4000)} == ''`)).toHaveProperty("problem");
    const nested = `${"['xxxxxxxxxxxxxxxx']"}${".map(a, a + a)".repeat(40)}[0] == ''`;
    expect(evaluate(nested)).toHaveProperty("problem");
  });

  test("evil patterns run in linear time", () => {
    const title = `${"a".repeat(200_000)}b`;
    const started = process.cpuUsage().user / 1000;
    expect(evaluate("change.title.matches('(a+)+$')", { title })).toEqual({ value: false });
    expect(evaluate("change.title.matches('^(a|aa)+$')", { title })).toEqual({ value: false });
    expect(process.cpuUsage().user / 1000 - started).toBeLessThan(2_000);
  });
});
