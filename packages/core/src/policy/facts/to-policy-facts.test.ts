// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { type ExampleCommit, exampleFacts, examplePolicy } from "../example-change.fixture.ts";
import { type FactType, factTypes } from "../fact-types.ts";
import { findFactProblems } from "./check-partial-facts.ts";
import { toPolicyFacts } from "./to-policy-facts.ts";
import { withDefaults } from "./with-defaults.ts";

const policy = examplePolicy("classes: { infrastructure: { paths: ['**/*.tf'] } }\n");
const factsOf = (...commits: readonly ExampleCommit[]) =>
  toPolicyFacts(exampleFacts(policy, commits), policy);
const TYPES = factTypes(["attributes", "infrastructure", "policy", "submodule"]);

/** Field names of a type that a value lacks, all the way down. */
function missingFields(type: FactType, value: unknown, path: string): readonly string[] {
  if (type.kind === "list")
    return (value as readonly unknown[]).flatMap((item) => missingFields(type.of, item, `${path}[]`));
  if (type.kind !== "object") return [];
  const object = value as Readonly<Record<string, unknown>>;
  return Object.entries(type.fields).flatMap(([name, field]) =>
    Object.hasOwn(object, name) ? missingFields(field, object[name], `${path}.${name}`) : [`${path}.${name}`],
  );
}

describe("facts and their types", () => {
  const examples = [
    factsOf(
      {},
      {
        message:
          "x\n\nAI-Assisted: cursor/unknown\nSigned-off-by: Author <author@acme.example>\nCo-authored-by: B <b@c.example>\n",
        paths: ["a.tf"],
      },
    ),
    withDefaults({}, policy),
    withDefaults({ commits: [{ coAuthors: [{}], signedOffBy: [{}] }], files: [{ path: "x" }] }, policy),
  ];
  test.each(examples)("what the checker allows is there, and nothing else", ({ change }) => {
    expect(findFactProblems(change, TYPES.change, ["change"])).toEqual([]);
    expect(missingFields(TYPES.change, change, "change")).toEqual([]);
  });
});

describe("AI", () => {
  test.each([
    [
      "a trailer",
      "x\n\nAI-Assisted: claude-code/claude-opus-4-8; extent=edited\n",
      {
        assisted: true,
        tools: ["claude-code"],
        models: ["claude-opus-4-8"],
        extents: ["edited"],
        conventions: ["ai-assisted"],
      },
    ],
    [
      "a co-author",
      "x\n\nCo-authored-by: Claude <noreply@anthropic.com>\n",
      { assisted: true, conventions: ["co-authored-by"] },
    ],
    ["nothing", "x\n", { assisted: false, tools: [] }],
    ["a claim of none", "x\n\nAI-Assisted: none\n", { assisted: false, tools: [] }],
  ])("%s", (_, message, expected) => {
    const { change } = factsOf({ message });
    expect(change.ai).toMatchObject(expected);
    expect(change.commits[0]?.ai).toMatchObject(expected);
  });
});

describe("signedOffByAuthor", () => {
  test.each([
    ["the author's own", "Author <author@acme.example>", true],
    ["another case", "AUTHOR <Author@Acme.Example>", true],
    ["another name, same address", "A. Uthor <author@acme.example>", true],
    ["the same name, another address", "Author <author@elsewhere.example>", false],
    ["somebody else's", "Senior <senior-a@acme.example>", false],
    ["an AI's under the author's address", "Claude <noreply@anthropic.com>", false],
    ["an address without a name", "<author@acme.example>", false],
  ])("%s", (_, signer, expected) => {
    const { change } = factsOf({ message: `x\n\nSigned-off-by: ${signer}\n` });
    expect(change.commits[0]?.signedOffByAuthor).toBe(expected);
  });

  test("an AI author's own Signed-off-by is no human's", () => {
    const author = { name: "Claude", email: "noreply@anthropic.com" };
    const { change } = factsOf({ author, message: "x\n\nSigned-off-by: Claude <noreply@anthropic.com>\n" });
    expect(change.commits[0]).toMatchObject({ signedOffByAuthor: false, signedOffBy: [{ isAi: true }] });
  });

  test("a bot of the policy certifies nothing", () => {
    const bots = examplePolicy("").people;
    const withBot = {
      ...policy,
      people: new Map([
        ...bots,
        [
          "robot",
          {
            id: "robot",
            kind: "bot",
            emails: ["robot@acme.example"],
            logins: [],
            keys: [],
            from: null,
            until: null,
          },
        ],
      ]),
    } as typeof policy;
    const facts = exampleFacts(withBot, [
      {
        author: { name: "Robot", email: "robot@acme.example" },
        message: "x\n\nSigned-off-by: Robot <robot@acme.example>\n",
      },
    ]);
    expect(toPolicyFacts(facts, withBot).change.commits[0]).toMatchObject({
      signedOffByAuthor: false,
      author: { principal: "robot", kind: "bot" },
    });
  });

  test("a second address of the same person signs for the first", () => {
    const two = new Map(policy.people).set("author", {
      id: "author",
      kind: "human",
      emails: ["author@acme.example", "author@home.example"],
      logins: [],
      keys: [],
      from: null,
      until: null,
    });
    const facts = exampleFacts(policy, [{ message: "x\n\nSigned-off-by: Author <author@home.example>\n" }]);
    expect(toPolicyFacts(facts, { ...policy, people: two }).change.commits[0]?.signedOffByAuthor).toBe(true);
  });
});

describe("facts of tests", () => {
  test("what is said of the change holds for its one commit, so that rules for each commit see it", () => {
    const { change } = withDefaults({ ai: { assisted: true }, paths: ["a.tf"] }, policy);
    expect(change.commits).toMatchObject([
      { state: "declared", ai: { assisted: true }, paths: ["a.tf"], classes: ["infrastructure"] },
    ]);
    expect(change).toMatchObject({
      commitCount: 1,
      classes: ["infrastructure"],
      states: ["declared"],
      ai: { commitCount: 1 },
    });
  });

  test("what is said of commits adds up to the change", () => {
    const { change } = withDefaults(
      { commits: [{}, { ai: { tools: ["cursor"] } }, { state: "unknown", paths: [".countersign/x"] }] },
      policy,
    );
    expect(change).toMatchObject({
      commitCount: 3,
      policyChanged: true,
      states: ["cleared", "declared", "unknown"],
      ai: { assisted: true, tools: ["cursor"], commitCount: 1 },
    });
  });

  test("no commits where the test says so", () => {
    expect(withDefaults({ commits: [] }, policy).change.commitCount).toBe(0);
  });
});
