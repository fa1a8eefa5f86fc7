// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { checkExpression } from "./cel/check-expression.ts";
import { compileExpression } from "./cel/compile-expression.ts";
import { CONTENT_DETECTORS } from "./classify/content-detectors.ts";
import { exampleFacts, examplePolicy } from "./example-change.fixture.ts";
import { type FactType, factTypes } from "./fact-types.ts";
import { toPolicyFacts } from "./facts/to-policy-facts.ts";
import { parsePolicy } from "./parse-policy.ts";
import { PROFILE_NAMES } from "./policy-names.ts";
import { runPolicyTests } from "./run-policy-tests.ts";
import { policyFileSchema } from "./schema.ts";

const DOCS = readFileSync(new URL("../../../../docs/policy.md", import.meta.url), "utf8");
const blocks = (language: string) =>
  [...DOCS.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "gms"))].map((match) => match[1] ?? "");

/** What fragments of a policy refer to; whole policies (with `version`) stand for themselves. */
const SURROUNDINGS = {
  version: 1,
  people: { "senior-a": { emails: ["senior-a@acme.example"] } },
  roles: { senior: { members: ["senior-a"] }, "incident-commander": { members: ["senior-a"] } },
  classes: { infrastructure: { paths: ["**/*.tf"] } },
};

describe("docs/policy.md", () => {
  test.each(blocks("yaml"))("the policy parses and passes its tests: %s", (text) => {
    const isWhole = text.startsWith("version: 1");
    const policy = parsePolicy(
      isWhole ? text : stringify({ ...SURROUNDINGS, ...parse(text) }),
      "docs/policy.md",
    );
    expect(runPolicyTests(policy).filter((result) => !result.isMet)).toEqual([]);
  });

  test.each(blocks("cel").flatMap((block) => block.trim().split("\n")))(
    "the expression is right and runs: %s",
    (text) => {
      expect(checkExpression(text, { scope: "commit", classes: ["infrastructure"] })).toEqual([]);
      const policy = examplePolicy();
      const { change } = toPolicyFacts(
        exampleFacts(policy, [{ message: "x\n\nAI-Assisted: cursor/unknown\n" }]),
        policy,
      );
      expect(compileExpression(text)({ change, commit: change.commits[0] })).toHaveProperty("value");
    },
  );

  test("there are examples", () =>
    expect([blocks("yaml").length > 8, blocks("cel").length]).toEqual([true, 1]));

  test("every fact is documented", () => {
    const { change, commit } = factTypes([]);
    const names = (type: FactType, path: string): readonly string[] => {
      if (type.kind !== "object") return [];
      return Object.entries(type.fields).flatMap(([name, field]) => [
        `${path}.${name}`,
        ...(path === "change" ? names(field, `${path}.${name}`) : []),
      ]);
    };
    const missing = [...names(change, "change"), ...names(commit, "commit")].filter(
      (name) => name !== "change.ai" && !DOCS.includes(`\`${name}\``),
    );
    expect(missing).toEqual([]);
  });

  test("every key, detector and profile is documented", () => {
    const words = [...Object.keys(policyFileSchema.shape), ...CONTENT_DETECTORS.keys(), ...PROFILE_NAMES];
    expect(words.filter((word) => !DOCS.includes(`\`${word}\``))).toEqual([]);
  });
});
