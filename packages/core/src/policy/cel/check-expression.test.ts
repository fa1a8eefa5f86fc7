// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkExpression } from "./check-expression.ts";

const classes = ["attributes", "infrastructure", "policy", "submodule"];
const check = (text: string, scope: "change" | "commit" = "commit") =>
  checkExpression(text, { scope, classes }).map((problem) => problem.message);

describe("expressions that policies write", () => {
  test.each([
    "true",
    "change.ai.assisted",
    'change.ai.assisted && "infrastructure" in change.classes',
    "!change.ai.assisted || change.ai.commitCount > 3",
    'change.files.exists(f, f.status == "deleted" && f.path.startsWith("db/"))',
    'change.commits.all(c, c.ai.assisted || c.state == "cleared")',
    'change.files.filter(f, "infrastructure" in f.classes).size() >= 2',
    "size(change.files.map(f, f.path)) == size(change.paths)",
    'change.files.map(f, f.path).exists(p, p.endsWith(".sql"))',
    'commit.title.matches("^(feat|fix): ")',
    'commit.author.kind == "bot" && commit.author.principal != ""',
    "commit.signedOffBy.exists(s, s.isAi)",
    'commit.ai.extents.all(e, e == "advised")',
    'change["ai"]["assisted"]',
    "change.commits[0].isMerge",
    "commit.ai.assisted ? commit.signedOffByAuthor : true",
    'change.target.startsWith("refs/heads/release/")',
    "has(change.ai.assisted)",
    '["a", "b"].exists(x, x in change.ai.tools)',
    "change.commits.exists_one(c, c.isMerge)",
    'change.classes == ["infrastructure"]',
    'string(change.commitCount) + "x" == "3x"',
  ])("%s", (text) => expect(check(text)).toEqual([]));
});

describe("a rule that could never hold is a mistake, not a rule", () => {
  test.each([
    ["change.ai.asisted", 'change.ai has no field "asisted"; did you mean "assisted"?'],
    ["has(change.ai.asisted)", 'change.ai has no field "asisted"; did you mean "assisted"?'],
    ["chnge.ai.assisted", 'unknown name "chnge"; did you mean "change"?'],
    [
      '"infrastucture" in change.classes',
      '"infrastucture" can never occur here; did you mean "infrastructure"?',
    ],
    ['commit.state == "unkown"', '"unkown" can never occur here; did you mean "unknown"?'],
    [
      'change.files.exists(f, f.status == "deletd")',
      '"deletd" can never occur here; did you mean "deleted"?',
    ],
    ["change.files.exists(f, f.classs == [])", 'file has no field "classs"; did you mean "classes"?'],
    ['change.ai.assisted == "true"', "bool == string makes no sense"],
    ["change.classes", "the expression gives list of string"],
    ["change.classes && true", "list of string is neither true nor false"],
    ["change.classes.infrastructure", 'list of string has no field "infrastructure"'],
    ['change.classes == "infrastructure"', "list of string == string makes no sense"],
    ["change.commitCount > 1.5", ""],
    ['change.commitCount > "1"', "int > string makes no sense"],
    ["change.constructor == 1", 'change has no field "constructor"'],
    ["change.__proto__ == 1", 'change has no field "__proto__"'],
    ["change.hasOwnProperty('a')", 'unknown function "hasOwnProperty"'],
    ["change[commit.title] == 1", "an index must be a constant field name"],
    ["change.title.startWith('x')", 'change has no field "title"'],
    ["commit.title.startWith('x')", 'unknown function "startWith"; did you mean "startsWith"?'],
    ["commit.title.matches(commit.author.name)", "matches: the pattern is not a constant"],
    ["commit.title.matches('(?=x)')", "matches: error parsing regexp"],
    ["commit.title.matches('(a{50}){50}')", "matches: counted repeats multiply"],
    ["commit.title.matches('a{99999999}')", "matches: counted repeats multiply"],
    [`commit.title.matches('${"a".repeat(300)}')`, "matches: the pattern has 300 characters"],
    ["change.commits.all(true, c)", 'unknown function "all"'],
    ["{'a': 1}.a == 1", "maps and messages cannot be built here"],
    ["google.protobuf.Timestamp{} == 1", "maps and messages cannot be built here"],
    ["timestamp('2026-01-01T00:00:00Z') > timestamp('x')", 'unknown function "timestamp"'],
    ["@step(true)", "not a CEL expression"],
    ["", "not a CEL expression"],
    ["true &&", "not a CEL expression"],
    ["1 / 0 == 1 ? true : change.foo", 'change has no field "foo"'],
    ["(".repeat(5000), "the expression has 5000 characters"],
    ["(".repeat(50), "nested too deeply"],
  ])("%s", (text, message) => {
    const problems = check(text);
    if (message !== "") expect(problems.join("\n")).toContain(message);
    else expect(problems).toEqual([]);
  });

  test("commit is unknown to a rule about the change", () => {
    expect(check("commit.isMerge", "change").join()).toContain("forEach: commit");
  });
});

test("no text raises an exception, however nested", () => {
  const token = fc.constantFrom(
    "change",
    "commit",
    ".",
    "ai",
    "assisted",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "&&",
    "||",
    "!",
    "==",
    "in",
    "'a'",
    "1",
    "?",
    ":",
    "exists",
    "all",
    "map",
    "x",
    ",",
    "-",
    " ",
    '"',
    "\\",
    "\n",
  );
  fc.assert(
    fc.property(fc.array(token, { maxLength: 60 }), (tokens) => void check(tokens.join(""))),
    { numRuns: 1_000 },
  );
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => void check(text)),
    { numRuns: 300 },
  );
  for (const part of ["!", "-", "[", "a.", "a?", "x[", "'"])
    expect(() => check(part.repeat(4000))).not.toThrow();
});
