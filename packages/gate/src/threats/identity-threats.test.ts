// SPDX-License-Identifier: Apache-2.0
import { toCodeReviewStatement } from "@countersign/core/attestation";
import { createSshKey, type SshKey } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  AI_MESSAGE,
  createScenario,
  findingOf,
  identityOf,
  keyOf,
  NOW,
  type ProposalOptions,
  peopleYaml,
  type Scenario,
  type ScenarioOptions,
  SENIOR_RULES,
} from "./gate-scenario.fixture.ts";
import { createSecurityKey } from "./security-key.fixture.ts";

let scenario: Scenario;
let secondKey: SshKey;

/** The people of most scenarios, the senior with two e-mails, two logins and two keys. */
async function manySidedPeople(): Promise<string> {
  const people = await peopleYaml();
  return people
    .replace("emails: [senior@example.com]", "emails: [senior@example.com, s.senior@home.example]")
    .replace("login: senior,", "github: senior-gh, login: [senior, sen],")
    .replace(
      `keys: ["${(await keyOf("senior")).publicKey}"`,
      `keys: ["${(await keyOf("senior")).publicKey}", "${secondKey.publicKey}"`,
    );
}

beforeAll(async () => {
  secondKey = await createSshKey("senior's other laptop");
  scenario = await createScenario({ people: await manySidedPeople() });
});
afterAll(async () => {
  await scenario[Symbol.asyncDispose]();
  await secondKey.remove();
});

/** A senior's approval that must not count, and why. */
async function expectRefused(
  head: string,
  reason: string | RegExp,
  options: Parameters<Scenario["gate"]>[0] = {},
): Promise<void> {
  const report = await scenario.gate({ head, ...options });
  const mine = report.signOffs.filter(({ cover }) => cover === "exact");
  expect(mine).toMatchObject([{ counted: false }]);
  expect(mine[0]?.reason).toMatch(reason);
  expect(report.verdict).toBe("pending");
  expect(findingOf(report, "ai-senior-sign-off").reason).toMatch(reason);
}

async function proposeAndSign(options: ProposalOptions, head = scenario.propose(options)): Promise<string> {
  await scenario.sign("senior", { head: await head });
  return head;
}

describe("T12: one human with several keys, e-mails and logins is one human", () => {
  const infra = (name: string) => ({ files: { [`${name}.tf`]: 'resource "null_resource" "a" {}\n' } });

  it("two keys fill one seat", async () => {
    const head = await scenario.propose(infra("two-keys"));
    await scenario.sign("senior", { head });
    await scenario.sign("senior", { head, key: secondKey });
    const report = await scenario.gate({ head });
    const finding = findingOf(report, "ai-infrastructure");
    expect([report.verdict, finding.status]).toEqual(["pending", "pending"]);
    expect(finding.reason).toContain("1 of 2 sign-offs by senior (senior); 1 more needed");
    expect(finding.missing).toEqual({ role: "senior", count: 1, candidates: ["second"] });
  });

  it("two signatures with one key fill one seat", async () => {
    const head = await scenario.propose(infra("one-key"));
    await scenario.sign("senior", { head, at: NOW - 60 });
    await scenario.sign("senior", { head, at: NOW - 30 });
    expect(findingOf(await scenario.gate({ head }), "ai-infrastructure").reason).toContain("1 of 2");
  });

  it("two humans fill two", async () => {
    const head = await scenario.propose(infra("two-humans"));
    await scenario.sign("senior", { head, key: secondKey });
    await scenario.sign("second", { head });
    expect((await scenario.gate({ head })).verdict).toBe("pass");
  });

  it("the second e-mail makes them an author", async () => {
    const head = await proposeAndSign({ author: { name: "private", email: "S.Senior@home.example" } });
    await expectRefused(head, "senior is author and committer");
  });

  it("a key that nobody listed approves nothing", async () => {
    const head = await scenario.propose();
    await scenario.sign("senior", { head, with: "stranger" });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(report.signOffs.filter(({ cover }) => cover === "exact")).toMatchObject([
      { principal: null, counted: false, reason: "signed with a key that belongs to nobody in the policy" },
    ]);
  });

  it.each([
    [
      "an e-mail",
      "emails: [SENIOR@example.com]",
      "the e-mail senior@example.com belongs to both senior and twin",
    ],
    ["a login", "login: Senior", "the login senior belongs to both senior and twin"],
  ])("a policy that gives two people %s denies everything", async (_name, fields, reason) => {
    await using own = await createScenario({ people: `${await peopleYaml()}  twin: { ${fields} }\n` });
    const report = await own.gate({ head: await own.propose() });
    expect(report.verdict).toBe("denied");
    expect(findingOf(report, "policy").reason).toContain(reason);
  });

  it("a policy that gives two people one key denies everything", async () => {
    const people = `${await peopleYaml()}  twin: { keys: ["${(await keyOf("senior")).publicKey}"] }\n`;
    await using own = await createScenario({ people });
    const report = await own.gate({ head: await own.propose() });
    expect(report.verdict).toBe("denied");
    expect(findingOf(report, "policy").reason).toContain("belongs to both senior and twin");
  });
});

describe("T13: a .mailmap changes nobody's identity", () => {
  const MAP =
    "Stranger <stranger@example.com> <senior@example.com>\nStranger <stranger@example.com> Senior <senior@example.com>\n";

  it.each([
    ["in the change", {}],
    ["as mailmap.file", { config: ["mailmap.file", ".mailmap"] }],
    ["as mailmap.blob", { config: ["mailmap.blob", "HEAD:.mailmap"] }],
  ])("%s", async (_name, { config }: { config?: string[] }) => {
    await using own = await createScenario();
    const head = await own.commit({
      message: AI_MESSAGE,
      author: identityOf("senior"),
      committer: identityOf("senior"),
      files: { ".mailmap": MAP },
    });
    if (config !== undefined) await own.repo.git(["config", ...config]);
    expect(await own.repo.git(["log", "-1", "--format=%aE", head])).toBe("stranger@example.com");
    await own.sign("senior");
    const report = await own.gate();
    expect(report.verdict).toBe("pending");
    expect(report.signOffs[0]?.reason).toContain("senior is author and committer");
    expect(report.change).toMatchObject({ authors: ["senior"] });
  });

  it("on the target branch neither: an author it maps to the senior stays unknown", async () => {
    await using own = await createScenario({
      files: { ".mailmap": "Senior <senior@example.com> <stranger@example.com>\n" },
    });
    const head = await own.commit({
      message: AI_MESSAGE,
      author: identityOf("stranger"),
      committer: identityOf("stranger"),
    });
    expect(await own.repo.git(["log", "-1", "--format=%aE", head])).toBe("senior@example.com");
    const report = await own.gate();
    expect(findingOf(report, "unknown-author").reason).toContain("stranger <stranger@example.com>");
    expect(report.change).toMatchObject({ authors: [], unknownAuthors: ["stranger@example.com"] });
  });
});

describe("T14: an author whom the policy does not know", () => {
  const settings = { deny: "denied", extra: "pending", allow: "pass" } as const;

  describe.each(["deny", "extra", "allow"] as const)("under unknownAuthor: %s", (setting) => {
    let own: Scenario;
    beforeAll(async () => {
      own = await createScenario({ policy: `${SENIOR_RULES}unknownAuthor: ${setting}\n` });
    });
    afterAll(() => own[Symbol.asyncDispose]());

    it.each([
      ["by e-mail", { author: identityOf("stranger") }, "stranger <stranger@example.com>"],
      ["without e-mail", { author: { name: "senior", email: "" } }, "senior"],
      [
        "as co-author",
        { message: `${AI_MESSAGE}Co-authored-by: X <x@elsewhere.example>\n` },
        "X <x@elsewhere.example>",
      ],
      ["as committer", { committer: identityOf("stranger") }, "stranger <stranger@example.com>"],
    ])("%s", async (_name, options, who) => {
      const head = await own.propose(options);
      await own.sign("senior", { head });
      const report = await own.gate({ head });
      expect(report.verdict).toBe(settings[setting]);
      const finding = findingOf(report, "unknown-author");
      expect(finding.status).toBe(setting === "deny" ? "fail" : "warning");
      expect(finding.reason).toContain(who);
      expect(finding.reason).toContain(`unknownAuthor: ${setting}`);
      expect(finding.commits).toEqual([head]);
    });

    it("an unknown pusher", async () => {
      const head = await own.propose();
      await own.sign("senior", { head });
      const contributors = [
        {
          identity: { name: "", email: "" },
          login: "mallory",
          as: ["pusher"],
          isService: false,
          commits: [],
        },
      ] as const;
      const report = await own.gate({ head, contributors });
      expect(report.verdict).toBe(settings[setting]);
      expect(findingOf(report, "unknown-author").reason).toContain("mallory maps to nobody");
    });
  });

  it("under `extra` a second independent senior settles it", async () => {
    await using own = await createScenario();
    const head = await own.propose({ author: identityOf("stranger") });
    await own.sign("senior", { head });
    await own.sign("second", { head });
    expect((await own.gate({ head })).verdict).toBe("pass");
  });
});

describe("T15: a bot's name in the author line exempts from nothing", () => {
  const bots = [
    ["dependabot", { name: "dependabot[bot]", email: "49699333+dependabot[bot]@users.noreply.github.com" }],
    ["renovate", { name: "renovate[bot]", email: "29139614+renovate[bot]@users.noreply.github.com" }],
    [
      "github-actions",
      { name: "github-actions[bot]", email: "41898282+github-actions[bot]@users.noreply.github.com" },
    ],
    ["the forge itself", { name: "GitHub", email: "noreply@github.com" }],
    ["an invented one", { name: "trusted[bot]", email: "1+trusted[bot]@users.noreply.github.com" }],
  ] as const;

  it.each(bots)("%s: with nobody human behind it, one more senior is asked", async (_name, bot) => {
    const head = await proposeAndSign({ author: bot, committer: bot });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "unknown-author").reason).toContain("no human is named as author");
    expect(findingOf(report, "ai-senior-sign-off").reason).toContain("1 of 2 sign-offs by senior (senior)");
  });

  it("a human committer behind a spoofed author still cannot approve", async () => {
    const head = await proposeAndSign({ author: bots[0][1], committer: identityOf("senior") });
    await expectRefused(head, "senior is committer");
  });

  it("a known bot of the policy is not human either", async () => {
    const head = await proposeAndSign({ author: identityOf("robot") });
    const report = await scenario.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "unknown-author").reason).toContain("no human is named");
  });

  it("in a closed world a bot's commit without evidence is denied like anybody's", async () => {
    await using own = await createScenario({ policy: `${SENIOR_RULES}unknown: deny\n` });
    const head = await own.propose({ author: bots[0][1], message: "deps: bump\n" });
    const report = await own.gate({ head });
    expect(report.verdict).toBe("denied");
    expect(findingOf(report, "unknown-provenance")).toMatchObject({ status: "fail", commits: [head] });
  });

  it("under a rule that denies AI, a bot's AI commit is denied", async () => {
    await using own = await createScenario({
      policy: "rules:\n  - { id: no-ai, forEach: commit, when: commit.ai.assisted, deny: no AI here }\n",
    });
    const head = await own.propose({ author: bots[0][1] });
    const report = await own.gate({ head });
    expect(report.verdict).toBe("denied");
    expect(findingOf(report, "no-ai")).toMatchObject({
      status: "fail",
      reason: "no AI here",
      commits: [head],
    });
  });
});

describe("T16: bots, agents and apps do not approve", () => {
  it.each(["bot", "agent"])("a %s with a key of its own", async (kind) => {
    const people = (await peopleYaml()).replace("kind: bot", `kind: ${kind}`);
    await using own = await createScenario({ people });
    const head = await own.propose();
    await own.sign("robot", { head });
    const report = await own.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(report.signOffs).toMatchObject([
      { principal: "robot", counted: false, reason: `robot is a ${kind}; only humans sign off` },
    ]);
  });

  it.each(["bot", "agent"])(
    "a policy that puts a %s into a role that signs denies everything",
    async (kind) => {
      const people = (await peopleYaml()).replace("kind: bot", `kind: ${kind}`);
      await using own = await createScenario({
        people,
        policy: SENIOR_RULES.replace("[senior, second", "[robot, senior, second"),
      });
      const report = await own.gate({ head: await own.propose() });
      expect(report.verdict).toBe("denied");
      expect(findingOf(report, "policy").reason).toContain(
        `robot is not human (kind: ${kind}), and the role "senior" signs off`,
      );
    },
  );

  it("a bot under a senior's name", async () => {
    const head = await scenario.propose();
    await scenario.sign("senior", { head, with: "robot" });
    await expectRefused(head, "robot is a bot; only humans sign off");
  });

  it("a review that only a forge could vouch for", async () => {
    const head = await scenario.propose();
    await scenario.sign("senior", { head, predicate: { method: "forge-review" } });
    await expectRefused(head, "method forge-review needs the forge's own evidence, which is not here");
  });
});

describe("T17: a senior's stolen token or agent", () => {
  const sk = createSecurityKey();
  let own: Scenario;
  const strict: ScenarioOptions = { policy: SENIOR_RULES.replaceAll("count: 1 }", "count: 1, keys: sk }") };
  beforeAll(async () => {
    const plain = (await keyOf("senior")).publicKey;
    const people = (await peopleYaml()).replace(`"${plain}"`, `"${plain}", "${sk.publicKey}"`);
    own = await createScenario({ ...strict, people });
  });
  afterAll(() => own[Symbol.asyncDispose]());

  async function judge(head: string, flags: number) {
    await own.addEnvelope(sk.sign(toCodeReviewStatement(await own.describe("senior", { head })), { flags }));
    return await own.gate({ head });
  }

  it("a touched hardware key counts where the rule asks for one", async () => {
    const report = await judge(await own.propose(), 1);
    expect(report.verdict).toBe("pass");
    expect(report.signOffs.filter(({ cover }) => cover === "exact")).toMatchObject([
      { principal: "senior", counted: true },
    ]);
  });

  it("a touch with a PIN counts too", async () => {
    expect((await judge(await own.propose(), 5)).verdict).toBe("pass");
  });

  it.each([
    ["not touched", 0],
    ["not touched although its owner was verified", 4],
  ])("a hardware key %s does not", async (_name, flags) => {
    const report = await judge(await own.propose(), flags);
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-senior-sign-off").reason).toContain(
      "the hardware key was not touched for this signature",
    );
  });

  it("a plain key, such as an agent can use alone, does not", async () => {
    const head = await own.propose();
    await own.sign("senior", { head });
    const report = await own.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-senior-sign-off").reason).toContain(
      "the rule asks for a hardware key (sk-…), this signature is by a plain key",
    );
  });

  it("a touch for something else is no sign-off", async () => {
    const head = await own.propose();
    const statement = toCodeReviewStatement(await own.describe("senior", { head }));
    const name = await own.addEnvelope(sk.sign(statement, { namespace: "ssh-auth" }));
    const report = await own.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(report.notes.map(({ message }) => message).join()).toContain(
      `envelope ${name.slice(0, 12)} was not used (SIGNATURE_INVALID)`,
    );
  });

  it("an approval within seconds of the push is flagged where the rule asks for a time of review", async () => {
    await using timed = await createScenario({
      policy: SENIOR_RULES.replaceAll("count: 1 }", "count: 1, minReviewTime: 10m }"),
    });
    const head = await timed.propose({ at: NOW - 4000 });
    await timed.sign("senior", { head, at: NOW - 3995 });
    const report = await timed.gate({ head });
    expect(report.verdict).toBe("pending");
    expect(findingOf(report, "ai-senior-sign-off").reason).toContain(
      "signed 5 s after the newest commit's date; the rule asks for 600 s of review (minReviewTime)",
    );
    await timed.sign("senior", { head, at: NOW - 3000 });
    expect((await timed.gate({ head })).verdict).toBe("pass");
  });
});
