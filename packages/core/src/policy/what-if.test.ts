// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { exampleFacts, examplePolicy, NOW } from "./example-change.fixture.ts";
import { explainPolicy } from "./explain-policy.ts";
import { runPolicyTests } from "./run-policy-tests.ts";
import { simulatePolicy } from "./simulate-policy.ts";

const RULES = `classes: { infrastructure: { paths: ["**/*.tf"] } }
rules:
  - { id: ai-senior, when: change.ai.assisted, require: { role: senior } }
  - { id: ai-infra, when: 'change.ai.assisted && "infrastructure" in change.classes', require: { role: senior, count: 2, keys: sk } }
  - { id: titles, forEach: commit, when: "!commit.isMerge", assert: 'commit.title != ""', message: give it a title }
`;
const AI = { message: "add a thing\n\nAI-Assisted: claude-code/claude-opus-4-8\n" };
const question = (more = "") => {
  const policy = examplePolicy(RULES + more);
  return { policy, facts: exampleFacts(policy, [AI]), judged: [], evaluatedAt: NOW };
};

describe("simulatePolicy", () => {
  test("says what a senior's sign-off would do", () => {
    expect(simulatePolicy(question(), { signers: [], files: [] }).verdict).toBe("pending");
    expect(simulatePolicy(question(), { signers: ["senior-a"], files: [] }).verdict).toBe("pass");
  });

  test("an author's or a stranger's sign-off would do nothing, and says why", () => {
    const result = simulatePolicy(question(), { signers: ["author", "nobody"], files: [] });
    expect(result).toMatchObject({
      verdict: "pending",
      unknownSigners: ["nobody"],
      signOffs: [{ principal: "author", counted: false }],
    });
    expect(result.signOffs[0]?.reason).toContain("cannot sign off");
  });

  test("one person named twice fills one seat", () => {
    const result = simulatePolicy(question("policyChange: { role: senior, count: 2 }\n"), {
      signers: ["senior-a", "senior-a"],
      files: [".countersign/policy.yml"],
    });
    expect(result.verdict).toBe("pending");
  });

  test("says what touching a file would do", () => {
    const result = simulatePolicy(question(), { signers: ["senior-a"], files: ["main.tf"] });
    expect(result.findings.find((finding) => finding.rule === "ai-infra")).toMatchObject({
      status: "pending",
    });
  });

  test("leaves the question as it was", () => {
    const asked = question();
    const before = JSON.stringify([asked.facts, [...asked.policy.people]]);
    simulatePolicy(asked, { signers: ["senior-a"], files: ["main.tf"] });
    expect(JSON.stringify([asked.facts, [...asked.policy.people]])).toBe(before);
  });
});

describe("explainPolicy", () => {
  const explanation = explainPolicy(question());

  test("decides what the gate decides", () => expect(explanation.verdict).toBe("pending"));

  test("shows every operand of an expression with its value", () => {
    expect(explanation.rules[1]?.traces).toEqual([
      {
        part: "when",
        commit: null,
        operands: [
          { expression: "change.ai.assisted", value: true, problem: null },
          { expression: '"infrastructure" in change.classes', value: false, problem: null },
          { expression: "change.classes", value: [], problem: null },
        ],
      },
    ]);
  });

  test("traces rules for each commit by commit", () => {
    const [when, assert] = explanation.rules[2]?.traces ?? [];
    expect(when).toMatchObject({
      part: "when",
      commit: `${"0".repeat(39)}1`,
      operands: [{ expression: "commit.isMerge", value: false }],
    });
    expect(assert).toMatchObject({
      part: "assert",
      operands: [{ value: true }, { expression: "commit.title", value: "add a thing" }],
    });
  });

  test("says which part could not be evaluated", () => {
    const policy = examplePolicy("rules: [{ id: x, when: 'change.ai.assisted && 1 / 0 == 1', deny: x }]\n");
    const traced = explainPolicy({ policy, facts: exampleFacts(policy, [AI]), judged: [], evaluatedAt: NOW })
      .rules[0]?.traces[0];
    expect(traced?.operands[1]).toMatchObject({ value: null, problem: "int divide by zero" });
  });
});

describe("runPolicyTests", () => {
  const run = (tests: string) =>
    runPolicyTests(examplePolicy(`${RULES}tests:\n${tests}`)).map(({ verdict, isMet }) => [verdict, isMet]);

  test.each([
    ["{ name: a, expect: pass }", "pass", true],
    ["{ name: a, change: { ai: { assisted: true } }, expect: pending }", "pending", true],
    ["{ name: a, change: { ai: { assisted: true } }, expect: pass }", "pending", false],
    ["{ name: a, change: { ai: { tools: [cursor] } }, signOffs: { senior: 1 }, expect: pass }", "pass", true],
    [
      "{ name: a, change: { ai: { assisted: true }, paths: [x/main.tf] }, signOffs: { senior: 1 }, expect: pending }",
      "pending",
      true,
    ],
    [
      "{ name: a, change: { ai: { assisted: true }, paths: [x/main.tf] }, signOffs: { senior: 2 }, expect: pass }",
      "pass",
      true,
    ],
    ["{ name: a, change: { commits: [{ title: '' }] }, expect: denied }", "denied", true],
    ["{ name: a, change: { states: [signalled] }, expect: denied }", "denied", true],
    [
      "{ name: a, change: { commits: [{ warnings: [contradictory-claim] }] }, expect: denied }",
      "denied",
      true,
    ],
    ["{ name: a, change: { policyChanged: true }, expect: pending }", "pending", true],
    [
      "{ name: a, change: { ai: { assisted: true }, unknownAuthors: [who@x.example] }, signOffs: { senior: 1 }, expect: pending }",
      "pending",
      true,
    ],
    [
      "{ name: a, change: { ai: { assisted: true }, authors: [senior-a] }, signOffs: { senior: 1 }, expect: pass }",
      "pass",
      true,
    ],
  ])("%s", (text, verdict, isMet) => expect(run(`  - ${text}\n`)).toEqual([[verdict, isMet]]));
});
