// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ChangeFacts } from "./change.ts";
import { evaluatePolicy, toDecision, worstDecision } from "./evaluate-policy.ts";
import { type ExampleCommit, exampleFacts, examplePolicy, NOW } from "./example-change.fixture.ts";
import type { Policy } from "./policy.ts";
import { toPretendedAnswer } from "./pretended-sign-off.ts";
import { judgeSignOffs } from "./sign-offs/judge-sign-offs.ts";

const AI = { message: "add a thing\n\nAI-Assisted: claude-code/claude-opus-4-8\n" };
const CLASSES = 'classes: { infrastructure: { paths: ["**/*.tf"] } }\n';
const RULES = `${CLASSES}rules:
  - { id: ai-senior, when: change.ai.assisted, require: { role: senior } }
  - { id: ai-infra, when: 'change.ai.assisted && "infrastructure" in change.classes', require: { role: senior, count: 2 } }
  - { id: no-binaries, when: 'change.paths.exists(p, p.endsWith(".exe"))', deny: no binaries }
  - { id: titles, forEach: commit, when: "!commit.isMerge", assert: 'commit.title != ""', message: give it a title }
`;

function judge(
  policy: Policy,
  commits: readonly ExampleCommit[],
  more: Partial<ChangeFacts> = {},
  signers: readonly string[] = [],
) {
  const facts = exampleFacts(policy, commits, more);
  const answers = signers.map((id) => {
    const person = policy.people.get(id);
    if (person === undefined) throw new Error(`nobody is called ${id}`);
    return toPretendedAnswer({ person, facts, at: NOW - 60 });
  });
  const judged = judgeSignOffs(policy, facts, answers, NOW);
  return evaluatePolicy({ policy, facts, judged, evaluatedAt: NOW });
}

const statuses = (result: ReturnType<typeof judge>) =>
  Object.fromEntries(result.findings.map((finding) => [finding.rule, finding.status]));

describe("verdicts", () => {
  const policy = examplePolicy(RULES);

  test("a change without AI passes and says which rules did not apply", () => {
    const result = judge(policy, [{}]);
    expect(result.verdict).toBe("pass");
    expect(statuses(result)).toEqual({
      "ai-senior": "skipped",
      "ai-infra": "skipped",
      "no-binaries": "skipped",
      titles: "pass",
    });
  });

  test("an AI-assisted change waits for a senior, and names those who can sign", () => {
    const result = judge(policy, [AI]);
    expect(result.verdict).toBe("pending");
    expect(result.findings[0]).toMatchObject({
      rule: "ai-senior",
      missing: { role: "senior", count: 1, candidates: ["senior-a", "senior-b"] },
    });
  });

  test("a senior's sign-off lets it pass, and the outcome says that it counted", () => {
    const result = judge(policy, [AI], {}, ["senior-a"]);
    expect(result.verdict).toBe("pass");
    expect(result.signOffs).toMatchObject([{ principal: "senior-a", decision: "approve", counted: true }]);
  });

  test("a sign-off that no rule asks for is kept and does not count", () => {
    const result = judge(policy, [{}], {}, ["senior-a"]);
    expect(result.signOffs).toMatchObject([{ counted: false }]);
    expect(result.signOffs[0]?.reason).toContain("no rule asks for a sign-off");
  });

  test("infrastructure takes two", () => {
    const commit = { ...AI, paths: ["main.tf"] };
    expect(judge(policy, [commit], {}, ["senior-a"]).verdict).toBe("pending");
    expect(judge(policy, [commit], {}, ["senior-a", "senior-b"]).verdict).toBe("pass");
  });

  test("AI in one commit and infrastructure in another is AI and infrastructure", () => {
    expect(statuses(judge(policy, [AI, { paths: ["main.tf"] }]))["ai-infra"]).toBe("pending");
  });

  test("a denial wins over a pending sign-off and carries its message and files", () => {
    const result = judge(policy, [{ ...AI, paths: ["a.exe"] }]);
    expect(result.verdict).toBe("denied");
    expect(result.findings[0]).toMatchObject({
      rule: "no-binaries",
      status: "fail",
      reason: "no binaries",
      files: ["a.exe"],
    });
  });

  test("an assertion names the commits that break it, and no others", () => {
    const result = judge(policy, [{}, { message: "" }]);
    expect(result.findings[0]).toMatchObject({
      rule: "titles",
      status: "fail",
      reason: "give it a title",
      commits: [`${"0".repeat(39)}2`],
    });
  });

  test("an error wins over everything", () => {
    const problems = [{ code: "shallow", message: "the history is cut off", objects: [] }];
    const result = judge(policy, [{ ...AI, paths: ["a.exe"] }], { problems });
    expect(result.verdict).toBe("error");
    expect(result.findings[0]).toMatchObject({
      rule: "incomplete-history",
      status: "error",
      reason: "the history is cut off (shallow)",
    });
  });

  test("a change past a limit is denied by its name, not an error", () => {
    const problems = [{ code: "too-large", message: "limits.files is 10", objects: [] }];
    expect(judge(policy, [{}], { problems })).toMatchObject({
      verdict: "denied",
      findings: [{ rule: "too-large" }, {}, {}, {}, {}],
    });
  });

  test("a claim from the change's description counts like a commit's", () => {
    const claims = [
      {
        tool: "copilot",
        vendor: null,
        model: null,
        modelRaw: null,
        extent: null,
        convention: "footer",
        evidence: "declared",
        line: 1,
      },
    ] as const;
    const result = judge(policy, [{}], { claims });
    expect(result.verdict).toBe("pending");
    expect(result.change.ai.tools).toEqual(["copilot"]);
  });

  test("a change without commits and files passes with a finding that says so", () => {
    expect(judge(policy, [])).toMatchObject({
      verdict: "pass",
      findings: expect.arrayContaining([expect.objectContaining({ rule: "no-changes" })]),
    });
  });

  test.each([
    [[], "pass"],
    [["pass", "pending"], "pending"],
    [["denied", "pending"], "denied"],
    [["denied", "error", "pass"], "error"],
  ] as const)("the worst of %j is %s", (decisions, worst) => expect(worstDecision(decisions)).toBe(worst));
});

describe("rules that every policy has", () => {
  const outcome = (more: string, commits: readonly ExampleCommit[]) => {
    const result = judge(examplePolicy(more), commits);
    return [result.verdict, ...result.findings.map((finding) => `${finding.rule} ${finding.status}`)];
  };
  const NONE_AND_AI = { message: "x\n\nAI-Assisted: none\nCo-authored-by: Claude <noreply@anthropic.com>\n" };

  test.each([
    [
      "a contradiction",
      "signalled: allow\nunknown: allow\n",
      NONE_AND_AI,
      ["denied", "contradictory-claim fail"],
    ],
    ["unknown allowed", "", {}, ["pass"]],
    ["unknown warned", "unknown: warn\n", {}, ["pass", "unknown-provenance warning"]],
    ["unknown denied", "unknown: deny\n", {}, ["denied", "unknown-provenance fail"]],
    ["cleared where unknown is denied", "unknown: deny\n", { message: "x\n\nAI-Assisted: none\n" }, ["pass"]],
    ["an attributes file", "", { paths: [".gitattributes"] }, ["pass", "git-attributes warning"]],
    ["case twins", "", { paths: ["a/B", "a/b"] }, ["pass", "suspicious-path warning"]],
    ["case twins of a class", CLASSES, { paths: ["a/B.tf", "a/b.tf"] }, ["denied", "suspicious-path fail"]],
    ["Unicode twins", "", { paths: ["\u00e9", "e\u0301"] }, ["pass", "suspicious-path warning"]],
    ["a line feed in a name", "", { paths: ["a\nb"] }, ["pass", "suspicious-path warning"]],
    [
      "the policy, with nobody to change it",
      "",
      { paths: [".countersign/policy.yml"] },
      ["denied", "policy-change fail"],
    ],
    [
      "the policy under another spelling",
      "policyChange: { role: senior }\n",
      { paths: [".Countersign/policy.yml"] },
      ["pending", "policy-change pending"],
    ],
  ])("%s", (_, more, commit, expected) => expect(outcome(more, [commit])).toEqual(expected));

  test.each([
    ["deny", "denied", "fail"],
    ["warn", "pass", "warning"],
    ["allow", "pass", undefined],
  ])("signalled: %s makes the verdict %s", (answer, verdict, status) => {
    const policy = examplePolicy(`signalled: ${answer}\n`);
    const facts = exampleFacts(policy, [{}]);
    const commits = facts.commits.map((commit) => ({ ...commit, state: "signalled" as const }));
    const result = evaluatePolicy({ policy, facts: { ...facts, commits }, judged: [], evaluatedAt: NOW });
    expect([result.verdict, result.findings[0]?.status]).toEqual([verdict, status]);
    expect(result.change.ai.assisted).toBe(false);
  });

  test("a contradiction counts as AI-assisted", () => {
    expect(judge(examplePolicy(), [NONE_AND_AI]).change.ai.assisted).toBe(true);
  });
});

describe("enforcement: warn", () => {
  const policy = examplePolicy(`${RULES}enforcement: warn\n`);

  test("what would wait or be denied passes with a warning that says so", () => {
    const result = judge(policy, [{ ...AI, paths: ["a.exe"] }]);
    expect(result.verdict).toBe("pass");
    expect(result.findings.map((finding) => finding.reason)).toEqual(
      expect.arrayContaining([
        expect.stringContaining("would wait (enforcement: warn)"),
        expect.stringContaining("would be denied (enforcement: warn): no binaries"),
      ]),
    );
  });

  test("what could not be told is an error all the same", () => {
    expect(
      judge(policy, [{}], { problems: [{ code: "shallow", message: "cut off", objects: [] }] }).verdict,
    ).toBe("error");
  });
});

describe("expressions that fail deny", () => {
  test.each([
    ["when", { id: "x", when: "1 / 0 == 1", deny: "no" }],
    ["assert", { id: "x", assert: "change.commits[99].isMerge", message: "no" }],
    [
      "when of each commit",
      { id: "x", forEach: "commit", when: "1 / (size(commit.paths) - 1) == 7", deny: "no" },
    ],
  ])("%s", (_, rule) => {
    const result = judge(examplePolicy(`rules: [${JSON.stringify(rule)}]\n`), [{}]);
    expect(result.verdict).toBe("denied");
    expect(result.findings[0]).toMatchObject({ rule: "x", status: "fail" });
    expect(result.findings[0]?.reason).toContain("could not be evaluated");
  });

  test("one commit that cannot be evaluated is not outvoted by others that can", () => {
    const rule = { id: "x", forEach: "commit", when: "12 / (size(commit.paths) - 1) == 7", deny: "no" };
    const result = judge(examplePolicy(`rules: [${JSON.stringify(rule)}]\n`), [
      { paths: ["a", "b", "c"] },
      { paths: ["a"] },
    ]);
    expect(result.findings[0]).toMatchObject({
      status: "fail",
      reason: expect.stringContaining("could not be evaluated"),
    });
  });
});

describe("order", () => {
  const policy = examplePolicy(RULES);

  test("permuting rules, commits' classes and people changes neither verdict nor findings", () => {
    const commits = fc.array(
      fc.constantFrom<ExampleCommit>(
        {},
        AI,
        { ...AI, paths: ["m.tf"] },
        { message: "" },
        { paths: ["a.exe"] },
        { paths: ["X", "x"] },
      ),
      { maxLength: 4 },
    );
    const signers = fc.subarray(["senior-a", "senior-b"]);
    const order = fc.shuffledSubarray([...policy.rules.keys()], { minLength: policy.rules.length });
    fc.assert(
      fc.property(commits, signers, order, (change, signed, permutation) => {
        const rules = permutation.flatMap((i) => policy.rules[i] ?? []);
        const people = new Map([...policy.people].reverse());
        const permuted = judge({ ...policy, rules, people }, change, {}, signed);
        const straight = judge(policy, change, {}, signed);
        expect(permuted.verdict).toBe(straight.verdict);
        expect(permuted.findings).toEqual(straight.findings);
      }),
    );
  });

  test("adding a rule never improves a verdict", () => {
    const ranks = ["pass", "pending", "denied", "error"];
    fc.assert(
      fc.property(
        fc.subarray([...policy.rules.keys()]),
        fc.constantFrom<ExampleCommit>({}, AI, { ...AI, paths: ["m.tf", "a.exe"] }),
        (kept, commit) => {
          const fewer = judge({ ...policy, rules: kept.flatMap((i) => policy.rules[i] ?? []) }, [commit]);
          expect(ranks.indexOf(fewer.verdict)).toBeLessThanOrEqual(
            ranks.indexOf(judge(policy, [commit]).verdict),
          );
        },
      ),
    );
  });

  test("the verdict is a function of the findings", () => {
    const result = judge(policy, [AI]);
    expect(toDecision([...result.findings].reverse())).toBe(result.verdict);
  });
});
