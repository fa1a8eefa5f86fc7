// SPDX-License-Identifier: Apache-2.0
import { formatInstant } from "@countersign/core/attestation";
import { START } from "@countersign/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  createScenario,
  findingOf,
  identityOf,
  keyOf,
  NOW,
  peopleYaml,
  type Scenario,
  SENIOR_RULES,
} from "./gate-scenario.fixture.ts";
import { expectVoid, forgetSignOffs } from "./signed-changes.fixture.ts";

let scenario: Scenario;
let policy: string;
beforeAll(async () => {
  scenario = await createScenario();
  policy = `${await scenario.repo.git(["show", `${scenario.start}:.countersign/policy.yml`])}\n`;
});
afterAll(() => scenario[Symbol.asyncDispose]());
beforeEach(() => forgetSignOffs(scenario));

const POLICY = ".countersign/policy.yml";

describe("T34: keys, people and roles count while they are valid, by the gate's clock", () => {
  const LEFT = START + 5 * 86_400;
  const key = async () => (await keyOf("senior")).publicKey;
  const until = formatInstant(LEFT);

  it.each([
    [
      "a key that was valid until then",
      async () =>
        (await peopleYaml()).replace(`"${await key()}"`, `{ key: "${await key()}", until: ${until} }`),
      "senior's key is not valid now",
    ],
    [
      "a person who left then",
      async () => (await peopleYaml()).replace("login: senior,", `login: senior, until: ${until},`),
      "senior is not active now",
    ],
  ])("%s", async (_name, people, reason) => {
    await using own = await createScenario({ people: await people() });
    const head = await own.propose({ at: START + 600 });
    // Backdated into the time when it was valid: dates that a statement claims decide nothing.
    await own.sign("senior", { head, at: START + 86_400 });
    const report = await own.gate({ head });
    expectVoid(report, reason);
    expect((await own.gate({ head, evaluatedAt: LEFT - 1 })).verdict).toBe("pass");
    expect((await own.gate({ head, evaluatedAt: LEFT })).verdict).toBe("pending");
  });

  it.each([
    ["a membership that ended", `{ person: senior, until: ${until} }`, LEFT - 1],
    ["a membership that has not begun", `{ person: senior, from: ${formatInstant(NOW + 60)} }`, NOW + 60],
  ])("%s", async (_name, member, valid) => {
    await using own = await createScenario({ policy: SENIOR_RULES.replace("[senior,", `[${member},`) });
    const head = await own.propose({ at: START + 600 });
    await own.sign("senior", { head, at: START + 86_400 });
    const report = await own.gate({ head });
    expectVoid(report, "senior does not hold the role senior now (see from/until in the policy)");
    expect(findingOf(report, "ai-senior-sign-off").missing?.candidates).toEqual(["second"]);
    expect((await own.gate({ head, evaluatedAt: valid })).verdict).toBe("pass");
  });

  it("a role as a whole that ended", async () => {
    await using own = await createScenario({
      policy: SENIOR_RULES.replace("second, author] }", `second, author], until: ${until} }`),
    });
    const head = await own.propose({ at: START + 600 });
    await own.sign("senior", { head, at: START + 86_400 });
    const report = await own.gate({ head });
    expectVoid(report, "senior does not hold the role senior now");
    expect(findingOf(report, "ai-senior-sign-off").reason).toContain("nobody left can sign");
  });

  it("a key taken out of the policy after signing", async () => {
    const head = await scenario.propose();
    await scenario.sign("senior", { head });
    const base = await scenario.propose({
      files: { [POLICY]: policy.replace(await key(), (await keyOf("stranger")).publicKey) },
    });
    expectVoid(await scenario.gate({ base, head }), "signed with a key that belongs to nobody in the policy");
  });

  it("an ex-member's commit stays theirs, whatever their key is worth now", async () => {
    await using own = await createScenario({
      people: (await peopleYaml()).replace("login: senior,", `login: senior, until: ${until},`),
    });
    const head = await own.propose({ author: identityOf("senior"), at: START + 600 });
    expect((await own.gate({ head })).change).toMatchObject({ authors: ["senior"], unknownAuthors: [] });
  });
});

describe("T35: roles are those of the target, now", () => {
  it("a role that the change grants to its signer does not count", async () => {
    const granted = policy.replace("senior: { members: [", "senior: { members: [auditor, ");
    const head = await scenario.propose({ files: { [POLICY]: granted, "ai.txt": "1\n" } });
    await scenario.sign("auditor", { head });
    const report = await scenario.gate({ head });
    expectVoid(report, "auditor does not hold the role senior");
    expect(findingOf(report, "policy-change")).toMatchObject({ status: "pending", files: [POLICY] });
  });

  it("a key that the change puts into the policy does not count", async () => {
    const granted = policy.replace((await keyOf("senior")).publicKey, (await keyOf("stranger")).publicKey);
    const head = await scenario.propose({ files: { [POLICY]: granted, "ai.txt": "2\n" } });
    await scenario.sign("senior", { head, with: "stranger" });
    expectVoid(await scenario.gate({ head }), "signed with a key that belongs to nobody in the policy");
  });

  it("a role taken away after signing voids what was signed under it", async () => {
    const head = await scenario.propose();
    await scenario.sign("senior", { head });
    const base = await scenario.propose({
      files: { [POLICY]: policy.replace("[senior, second, author]", "[second, author]") },
    });
    const report = await scenario.gate({ base, head });
    expectVoid(report, "signed under policy");
    expect(findingOf(report, "ai-senior-sign-off").missing?.candidates).toEqual(["second"]);
  });

  it("a role granted on the target before signing counts", async () => {
    const base = await scenario.propose({
      files: { [POLICY]: policy.replace("senior: { members: [", "senior: { members: [auditor, ") },
    });
    const head = await scenario.propose({ from: base });
    await scenario.sign("auditor", { base, head });
    expect((await scenario.gate({ base, head })).verdict).toBe("pass");
  });
});
