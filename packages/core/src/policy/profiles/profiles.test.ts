// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { evaluatePolicy } from "../evaluate-policy.ts";
import { type ExampleCommit, exampleFacts, examplePolicy, NOW } from "../example-change.fixture.ts";
import { PROFILE_NAMES, type ProfileName } from "../policy-names.ts";
import { toPretendedAnswer } from "../pretended-sign-off.ts";
import { judgeSignOffs } from "../sign-offs/judge-sign-offs.ts";
import { PROFILES } from "./index.ts";

function outcome(profile: ProfileName, commits: readonly ExampleCommit[], signers: readonly string[] = []) {
  const policy = examplePolicy(`extends: ${profile}\n`);
  const facts = exampleFacts(policy, commits);
  const answers = signers
    .flatMap((id) => policy.people.get(id) ?? [])
    .map((person) => toPretendedAnswer({ person, facts, at: NOW - 60 }));
  const { verdict, findings } = evaluatePolicy({
    policy,
    facts,
    judged: judgeSignOffs(policy, facts, answers, NOW),
    evaluatedAt: NOW,
  });
  const shown = findings.filter(
    ({ status }) => status === "fail" || status === "pending" || status === "error",
  );
  return [verdict, ...shown.map((finding) => finding.rule).sort()];
}

const DCO = "Signed-off-by: Author <author@acme.example>\n";
const PLAIN = { message: "fix it\n" };
const SIGNED = { message: `fix it\n\n${DCO}` };
const AI = { message: "fix it\n\nAI-Assisted: claude-code/claude-opus-4-8\n" };
const ASSISTED_BY = { message: `fix it\n\nAssisted-by: Claude:claude-opus-4-8\n${DCO}` };
const CO_AUTHORED = { message: `fix it\n\nCo-authored-by: Claude <noreply@anthropic.com>\n${DCO}` };
const AI_SIGNED = { message: `fix it\n\nSigned-off-by: Claude <noreply@anthropic.com>\n${DCO}` };
const on = (commit: ExampleCommit, ...paths: readonly string[]) => ({ ...commit, paths });

describe("amazon", () => {
  test.each([
    ["no AI", [PLAIN], [], ["pass"]],
    ["no AI, infrastructure", [on(PLAIN, "main.tf")], [], ["pass"]],
    ["AI", [AI], [], ["pending", "ai-senior-sign-off"]],
    ["AI, one senior", [AI], ["senior-a"], ["pass"]],
    [
      "AI and infrastructure, one senior",
      [on(AI, "main.tf")],
      ["senior-a"],
      ["pending", "ai-infrastructure"],
    ],
    ["AI and infrastructure, two seniors", [on(AI, "main.tf")], ["senior-a", "senior-b"], ["pass"]],
    ["a Claude co-author", [CO_AUTHORED], [], ["pending", "ai-senior-sign-off"]],
    ["the policy", [on(PLAIN, ".countersign/policy.yml")], ["senior-a"], ["pending", "policy-change"]],
  ] as const)("%s", (_, commits, signers, expected) =>
    expect(outcome("amazon", commits, signers)).toEqual(expected),
  );

  test.each([
    ".github/workflows/ci.yml",
    ".GitHub/Workflows/CI.yml",
    ".gitlab-ci.yml",
    "ci/.gitlab-ci-build.yml",
    "Jenkinsfile",
    "jenkinsfile",
    "sub/Jenkinsfile.release",
    "Dockerfile",
    "app/Dockerfile.prod",
    "app/prod.Dockerfile",
    "docker-compose.override.yml",
    "compose.yaml",
    "values-prod.yaml",
    "charts/x/templates/a.yaml",
    "a/main.tf.json",
    "prod.tfvars",
    "k8s/pod.yaml",
    "action.yml",
    "azure-pipelines.yml",
    ".circleci/config.yml",
    "infra/notes.txt",
    "deploy/run.sh",
  ])("%s is infrastructure", (path) => {
    expect(outcome("amazon", [on(AI, path)], ["senior-a"])).toEqual(["pending", "ai-infrastructure"]);
  });

  test.each([
    "src/main.c",
    "README.md",
    "docs/deploying.md",
    "src/values.ts",
    "test/compose.test.ts",
    "package.json",
  ])("%s is not", (path) => {
    expect(outcome("amazon", [on(AI, path)], ["senior-a"])).toEqual(["pass"]);
  });
});

describe("kernel", () => {
  test.each([
    ["a signed-off commit", [SIGNED], ["pass"]],
    ["no Signed-off-by", [PLAIN], ["denied", "human-signed-off-by"]],
    ["no Signed-off-by on a merge", [{ ...PLAIN, parents: 2 }], ["pass"]],
    ["Assisted-by", [ASSISTED_BY], ["pass"]],
    ["an AI co-author instead of Assisted-by", [CO_AUTHORED], ["denied", "assisted-by"]],
    ["an AI's Signed-off-by", [AI_SIGNED], ["denied", "no-ai-signed-off-by"]],
  ] as const)("%s", (_, commits, expected) =>
    expect(outcome("kernel", commits)).toEqual(expect.arrayContaining([...expected])),
  );
});

describe("fedora", () => {
  test.each([
    ["no AI, no Signed-off-by", [PLAIN], ["pass"]],
    ["Assisted-by and Signed-off-by", [ASSISTED_BY], ["pass"]],
    ["AI without Signed-off-by", [AI], ["denied", "human-signed-off-by"]],
    ["an AI co-author", [CO_AUTHORED], ["denied", "assisted-by"]],
  ] as const)("%s", (_, commits, expected) => expect(outcome("fedora", commits)).toEqual(expected));
});

describe("apache", () => {
  test.each([
    ["no AI", [PLAIN], ["pass"]],
    ["Generated-by", [{ message: "x\n\nGenerated-by: Claude Code\n" }], ["pass"]],
    ["AI in another form", [CO_AUTHORED], ["denied", "generated-by"]],
  ] as const)("%s", (_, commits, expected) => expect(outcome("apache", commits)).toEqual(expected));
});

describe("disclose", () => {
  test.each([
    ["no AI", [PLAIN], ["pass"]],
    ["AI in our form", [AI], ["pass"]],
    ["AI in any form", [CO_AUTHORED], ["pass"]],
    [
      "a contradiction",
      [{ message: "x\n\nAI-Assisted: none\nCo-authored-by: Claude <noreply@anthropic.com>\n" }],
      ["denied", "contradictory-claim"],
    ],
  ] as const)("%s", (_, commits, expected) => expect(outcome("disclose", commits)).toEqual(expected));
});

describe("ban", () => {
  test.each([
    ["a signed-off commit", [SIGNED], ["pass"]],
    ["AI", [CO_AUTHORED], ["denied", "no-ai"]],
    ["AI in an earlier commit", [CO_AUTHORED, SIGNED], ["denied", "no-ai"]],
    ["no Signed-off-by", [PLAIN], ["denied", "human-signed-off-by"]],
    ["a merge without Signed-off-by", [SIGNED, { ...PLAIN, parents: 2 }], ["denied", "human-signed-off-by"]],
    [
      "a bot without Signed-off-by",
      [
        {
          ...PLAIN,
          author: { name: "dependabot[bot]", email: "49699333+dependabot[bot]@users.noreply.github.com" },
        },
      ],
      ["denied", "human-signed-off-by"],
    ],
    [
      "somebody else's Signed-off-by",
      [{ message: "x\n\nSigned-off-by: Senior <senior-a@acme.example>\n" }],
      ["denied", "human-signed-off-by"],
    ],
    ["an AI's Signed-off-by", [AI_SIGNED], ["denied", "no-ai-signed-off-by"]],
    [
      "the word in prose",
      [{ message: `Support the Claude API\n\nThis lets users talk to Claude and Copilot.\n\n${DCO}` }],
      ["pass"],
    ],
    [
      "a person of that name",
      [
        {
          author: { name: "Claude Monet", email: "author@acme.example" },
          message: `x\n\nSigned-off-by: Claude Monet <author@acme.example>\n`,
        },
      ],
      ["pass"],
    ],
  ] as const)("%s", (_, commits, expected) =>
    expect(outcome("ban", commits)).toEqual(expect.arrayContaining([...expected])),
  );

  test("a description of the change that names AI is denied with its own reason", () => {
    const policy = examplePolicy("extends: ban\n");
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
    const { verdict, findings } = evaluatePolicy({
      policy,
      facts: exampleFacts(policy, [SIGNED], { claims }),
      judged: [],
      evaluatedAt: NOW,
    });
    expect([verdict, findings[0]?.rule]).toEqual(["denied", "no-ai-change"]);
  });
});

describe("none", () => {
  test.each([[PLAIN], [AI], [CO_AUTHORED]])("passes %j", (commit) =>
    expect(outcome("none", [commit])).toEqual(["pass"]),
  );
});

test.each(PROFILE_NAMES)("%s says what it is for", (name) => {
  expect(PROFILES[name]).toMatch(/^version: 1\ndescription: >-\n {2}\S/);
});
