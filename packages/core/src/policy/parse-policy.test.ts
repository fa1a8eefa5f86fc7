// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { KEY_A, KEY_B } from "./example-change.fixture.ts";
import { parsePolicy } from "./parse-policy.ts";
import { PolicyError } from "./policy-error.ts";
import { PROFILE_NAMES } from "./policy-names.ts";
import { runPolicyTests } from "./run-policy-tests.ts";

/** DESIGN §7 with its ellipses filled in: a whole key, and the people and the role it leaves to the reader. */
const DESIGN_EXAMPLE = `version: 1
people:
  alice: { emails: [alice@acme.example], github: alice, keys: ["${KEY_A}"] }
  bob: { emails: [bob@acme.example], keys: ["${KEY_B} bob's laptop"] }
roles:
  senior: { members: [alice, bob], from: 2026-01-01 }
  incident-commander: { members: [alice, bob] }
classes:
  infrastructure: { paths: ["**/*.tf", "deploy/**"], content: [terraform, iam, network, kubernetes] }
rules:
  - id: ai-senior-sign-off
    when: change.ai.assisted
    require: { role: senior, count: 1 }
  - id: ai-infrastructure
    when: change.ai.assisted && "infrastructure" in change.classes
    require: { role: senior, count: 2, maxAge: 72h }
signalled: deny         # signs of AI, nothing declared: deny | warn | allow
unknown: allow          # no evidence either way; deny = closed world: every commit is recorded, declared or cleared
enforcement: hard       # hard | soft (override recorded) | warn
breakGlass: { role: incident-commander, count: 2, expires: 24h, postReview: 48h }
tests:
  - name: an AI change to IAM waits for two seniors
    change: { ai: { assisted: true }, classes: [infrastructure] }
    expect: pending
`;

function issuesOf(text: string | Uint8Array) {
  try {
    parsePolicy(text, "p.yml");
  } catch (error) {
    if (error instanceof PolicyError) return error.issues;
    throw error;
  }
  return [];
}

const placed = (text: string) =>
  issuesOf(text).map(({ line, column, message }) => `${line}:${column} ${message}`);

describe("the example of the design", () => {
  test("parses to the values it says", () => {
    const policy = parsePolicy(DESIGN_EXAMPLE, "policy.yml");
    expect(policy.people.get("bob")?.keys).toEqual([{ publicKey: KEY_B, from: null, until: null }]);
    expect(policy.roles.get("senior")?.members[0]).toEqual({
      person: "alice",
      from: Date.UTC(2026, 0, 1) / 1000,
      until: null,
    });
    expect(policy.rules[1]).toEqual({
      id: "ai-infrastructure",
      description: null,
      when: 'change.ai.assisted && "infrastructure" in change.classes',
      scope: "change",
      effect: {
        kind: "sign-off",
        role: "senior",
        count: 2,
        maxAge: 259_200,
        minReviewTime: null,
        carryOver: { kind: "always" },
        keys: "any",
      },
      position: { line: 14, column: 5 },
    });
    expect(policy.breakGlass).toEqual({
      role: "incident-commander",
      count: 2,
      expires: 86_400,
      postReview: 172_800,
    });
    expect(policy.limits).toEqual({ commits: 10_000, files: 100_000, bytes: 2 ** 30 });
    expect(policy.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  test("passes its own test", () => {
    expect(runPolicyTests(parsePolicy(DESIGN_EXAMPLE, "policy.yml"))).toMatchObject([
      { verdict: "pending", isMet: true },
    ]);
  });
});

describe("mistakes are found where they are", () => {
  test("every mistake is reported, in the order of the file", () => {
    const text = `version: 1
rules:
  - id: typo
    when: change.ai.asisted
    require: { role: seniro }
  - id: two-effects
    deny: "no"
    assert: "true"
    message: "x"
roles:
  senior: { members: [nobody] }
`;
    expect(placed(text)).toEqual([
      '4:20 change.ai has no field "asisted"; did you mean "assisted"?',
      '5:22 the role "seniro" is not defined; did you mean "senior"?',
      "6:5 the rule has deny and assert",
      '11:23 "nobody" is not among the people',
    ]);
  });

  test.each([
    ["version: 2", "1:10 2 does not fit"],
    ["{}", '1:1 "version" is missing'],
    ['version: "1"', '1:10 "1" does not fit; did you mean 1 without quotes?'],
    ["version: 1\ntargets: [refs/heads/../x]", '2:11 "refs/heads/../x" is not a full ref'],
    ["version: 1\nrulez: []", '2:1 unknown key "rulez"; did you mean "rules"?'],
    ["version: 1\nsignalled: denny", '2:12 "denny" does not fit; did you mean "deny"?'],
    ["version: 1\nextends: amazom", '2:10 "amazom" does not fit; did you mean "amazon"?'],
    ["version: 1\ntargets: [main]", '2:11 "main" is not a full ref'],
    ["version: 1\npeople: { A: {} }", '2:11 "A" cannot be an id'],
    [
      "version: 1\npeople: { a: { until: 2026-02-30 } }",
      '2:23 "2026-02-30" is not a day of the calendar, or not a time',
    ],
    [
      "version: 1\npeople: { a: { from: 2026-02-02, until: 2026-02-01 } }",
      '2:41 "until" is not after "from"',
    ],
    [
      "version: 1\npeople: { a: { keys: [ssh-ed25519 AAAA] } }",
      "2:23 expected 1 SSH strings, the data ends within number 1",
    ],
    [
      'version: 1\npeople: { a: { keys: ["ssh-dss AAAAB3NzaC1kc3M="] } }',
      '2:23 unsupported key type "ssh-dss"; make one with ssh-keygen',
    ],
    [
      "version: 1\npeople: { a: { emails: [x@y.example] }, b: { emails: [X@Y.example] } }",
      "2:55 the e-mail x@y.example belongs to both a and b",
    ],
    [
      "version: 1\npeople: { a: { github: sam }, b: { login: Sam } }",
      "2:43 the login sam belongs to both a and b",
    ],
    ["version: 1\npeople: { a: { github: b }, b: {} }", '2:32 "b" is also a login of a'],
    [
      `version: 1\npeople: { a: { keys: ["${KEY_A} x"] }, b: { keys: [{ key: "${KEY_A}" }] } }`,
      "belongs to both a and b",
    ],
    ["version: 1\nclasses: { infra: {} }", '2:19 the class "infra" has neither paths nor content'],
    ["version: 1\nclasses: { policy: { paths: [x] } }", '2:12 the class "policy" is built in'],
    [
      "version: 1\nclasses: { x: { content: [teraform] } }",
      '2:27 no content detector is called "teraform"; did you mean "terraform"?',
    ],
    ['version: 1\nclasses: { x: { paths: ["!(a|b)"] } }', "2:25"],
    ["version: 1\nrules: [{ id: x }]", "2:9 the rule does nothing"],
    ['version: 1\nrules: [{ id: x, assert: "true" }]', "2:9 `assert` has no message"],
    ["version: 1\nrules: [{ id: x, deny: a }, { id: x, deny: b }]", '2:35 the rule id "x" is used twice'],
    ["version: 1\nrules: [{ id: policy-change, deny: a }]", '2:15 the rule id "policy-change" is built in'],
    [
      "version: 1\nrules: [{ id: x, when: 'commit.ai.assisted', deny: a }]",
      'unknown name "commit"; write `forEach: commit`',
    ],
    ["version: 1\nrules: [{ id: x, when: 'change.commitCount', deny: a }]", "2:25 the expression gives int"],
    [
      "version: 1\nextends: amazon",
      '2:10 the profile "amazon" asks for it: the role "senior" is not defined',
    ],
    [
      "version: 1\nroles: { r: { members: [a] } }\npeople: { a: { kind: bot } }\nbreakGlass: { role: r, expires: 1h, postReview: 1h }",
      '4:21 a is not human (kind: bot), and the role "r" signs off',
    ],
    [
      "version: 1\ntests: [{ name: x, change: { ai: { asisted: true } }, expect: pass }]",
      '2:45 change.ai has no field "asisted"; did you mean "assisted"?',
    ],
    [
      "version: 1\ntests: [{ name: x, signOffs: { chief: 1 }, expect: pass }]",
      '2:39 the role "chief" is not defined',
    ],
    ["version: 1\nrules: [{ id: x, require: { role: r, maxAge: 3 } }]", "2:46 3 does not fit"],
    [
      "version: 1\nrules: [{ id: x, require: { role: r, carryOver: perhaps } }]",
      '2:49 "perhaps" does not fit',
    ],
    ["- version: 1", "1:1 a list of 1 does not fit"],
    ["null", "1:1"],
  ])("%s", (text, message) => {
    expect(placed(text).join("\n")).toContain(message);
  });

  test("an expression is placed inside quotes and block scalars", () => {
    const text = `version: 1
rules:
  - id: quoted
    when: "true && change.foo"
    deny: x
  - id: block
    when: |
      change.ai.assisted &&
        change.bar
    deny: x
`;
    expect(placed(text)).toEqual(['4:26 change has no field "foo"', '9:15 change has no field "bar"']);
  });

  test("a message has file, line, column, what was expected and an example", () => {
    expect(() => parsePolicy("version: 1\nunknown: maybe", ".countersign/policy.yml")).toThrow(
      '.countersign/policy.yml:2:10: unknown: "maybe" does not fit; expected what commits without any evidence do: deny, warn, allow; for example: deny',
    );
  });

  test("every issue carries an expectation and an example", () => {
    const text =
      "version: 1\nrules: [{ id: 3, when: [], requires: {}, deny: '' }]\npeople: [a]\nroles: { r: {} }\nlimits: { files: -1 }\n";
    const issues = issuesOf(text);
    expect(issues.length).toBeGreaterThanOrEqual(6);
    for (const issue of issues) expect([issue.expected, issue.example]).not.toContain("");
  });
});

describe("hostile files", () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefghij".replaceAll(/./g, (c) => `${c}: &${c} [${`*${String.fromCharCode(c.charCodeAt(0) - 1)},`.repeat(9)}]\n`)}`;
  test.each([
    ["an empty file", "", "the file is empty"],
    ["a comment only", "# nothing\n", "the file is empty"],
    ["an anchor bomb", bomb, "is an anchor"],
    ["a merge key", "version: 1\nx: { <<: { a: 1 } }", 'unknown key "x"'],
    ["duplicate keys", "version: 1\nrules: []\nrules: []", "Map keys must be unique"],
    ["duplicate keys spelled two ways", 'version: 1\nrules: []\n"rules": []', "Map keys must be unique"],
    ["a tag", "version: !!int 1", "is a tag"],
    ["an unknown tag", "version: !js/function 'x'", "tag"],
    ["a directive", "%YAML 1.1\n---\nversion: 1", "directive"],
    ["a tag directive", "%TAG ! tag:evil,2000:\n---\nversion: 1", "directive"],
    ["two documents", "version: 1\n---\nversion: 1", "second YAML document"],
    ["tabs", "version: 1\npeople:\n\ta: {}", "not valid YAML"],
    ["NUL", "version: 1\0", "U+0000"],
    ["an escape sequence", "version: 1 # \u001b[2J", "U+001B"],
    ["a right-to-left override", "version: 1 # \u202e", "U+202E"],
    ["a carriage return alone", "version: 1\r# x", "U+000D"],
    ["__proto__", "version: 1\npeople: { __proto__: { kind: human } }", '"__proto__" cannot be a key'],
    ["constructor", "version: 1\nroles: { constructor: { members: [x] } }", '"constructor" cannot be a key'],
    ["a key that is a list", "version: 1\n? [a]\n: b", ""],
    ["10 MB", `version: 1\n# ${"x".repeat(10_000_000)}`, "the file has 10000013 bytes"],
    ["deep flow nesting", `version: 1\nx: ${"[".repeat(100_000)}`, ""],
    ["deep block nesting", `version: 1\nx: ${"- ".repeat(100_000)}1`, ""],
    ["deep but legal nesting", `version: 1\nx: ${"[".repeat(60)}${"]".repeat(60)}`, "nested too deeply"],
  ])("%s is refused", (_, text, message) => {
    const started = process.cpuUsage().user / 1000;
    const issues = issuesOf(text);
    expect(issues.length).toBeGreaterThan(0);
    expect(issues.map((issue) => issue.message).join("\n")).toContain(message);
    expect(process.cpuUsage().user / 1000 - started).toBeLessThan(5_000);
  });

  test("bytes that are not UTF-8 are refused", () => {
    expect(issuesOf(Uint8Array.from([0x76, 0xff]))[0]?.message).toBe("the file is not UTF-8");
  });

  test("a byte order mark at the start is no mistake", () => {
    expect(parsePolicy("\ufeffversion: 1", "p.yml").version).toBe(1);
  });

  test("Windows line ends are no mistake", () => {
    expect(parsePolicy("version: 1\r\nsignalled: warn\r\n", "p.yml").signalled).toBe("warn");
  });

  test("nothing leaks into the prototype of objects", () => {
    issuesOf("version: 1\npeople: { __proto__: { kind: human } }");
    expect(({} as { kind?: string }).kind).toBeUndefined();
  });
});

describe("any input", () => {
  const key = fc.oneof(
    fc.constantFrom(
      "version",
      "rules",
      "people",
      "roles",
      "classes",
      "tests",
      "require",
      "when",
      "id",
      "members",
      "emails",
      "__proto__",
      "constructor",
    ),
    fc.string(),
  );
  const shape = fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: "small" },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("node")),
      fc.dictionary(key, tie("node")),
    ),
  })).node;

  test("bytes never raise anything but PolicyError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => void issuesOf(bytes)),
      { numRuns: 500 },
    );
  });

  test("text of YAML's own characters never raises anything but PolicyError", () => {
    const text = fc.string({
      unit: fc.constantFrom(..."ab:-[]{},&*!|>'\"%#@? \n\t.~0".split("")),
      maxLength: 120,
    });
    fc.assert(
      fc.property(text, (each) => void issuesOf(each)),
      { numRuns: 1_000 },
    );
  });

  test("well-formed YAML of any shape never raises anything but PolicyError", () => {
    const file = fc.dictionary(key, shape);
    fc.assert(
      fc.property(file, (value) => void issuesOf(stringify({ version: 1, ...value }))),
      { numRuns: 500 },
    );
  });

  test("a cut-off policy never parses to one with fewer rules than it shows", () => {
    fc.assert(
      fc.property(fc.nat(DESIGN_EXAMPLE.length), (length) => {
        const text = DESIGN_EXAMPLE.slice(0, length);
        if (issuesOf(text).length > 0) return;
        expect(parsePolicy(text, "p.yml").rules.length).toBe((text.match(/^ {2}- id:/gm) ?? []).length);
      }),
    );
  });
});

describe("profiles", () => {
  const PEOPLE = "people: { s: { emails: [s@acme.example] } }\nroles: { senior: { members: [s] } }\n";

  test.each(PROFILE_NAMES)("%s can be extended", (name) => {
    expect(parsePolicy(`version: 1\nextends: ${name}\n${PEOPLE}`, "p.yml").version).toBe(1);
  });

  test("the file's own scalars and classes win, rules add up", () => {
    const text = `version: 1\nextends: amazon\nsignalled: warn\n${PEOPLE}classes: { infrastructure: { paths: [x/**] } }\nrules: [{ id: mine, deny: "no", when: "false" }]\n`;
    const policy = parsePolicy(text, "p.yml");
    expect(policy.signalled).toBe("warn");
    expect(policy.classes.get("infrastructure")?.paths).toEqual(["x/**"]);
    expect(policy.rules.map((rule) => rule.id)).toEqual([
      "ai-senior-sign-off",
      "ai-infrastructure",
      "submodule",
      "mine",
    ]);
    expect(policy.rules.map((rule) => rule.position?.line ?? null)).toEqual([null, null, null, 7]);
  });

  test("an id of the profile cannot be used again", () => {
    const text = `version: 1\nextends: amazon\n${PEOPLE}rules: [{ id: ai-senior-sign-off, deny: "no", when: "false" }]\n`;
    expect(placed(text)).toEqual(['5:15 the rule id "ai-senior-sign-off" is used twice']);
  });

  test("the digest covers the profile", () => {
    const plain = parsePolicy(`version: 1\n${PEOPLE}`, "p.yml").digest;
    expect(parsePolicy(`version: 1\nextends: none\n${PEOPLE}`, "p.yml").digest).not.toBe(plain);
  });
});
