// SPDX-License-Identifier: Apache-2.0
import type { CommitOptions } from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  AI_MESSAGE,
  createScenario,
  findingOf,
  identityOf,
  type Scenario,
  SENIOR_RULES,
  TARGET,
} from "./gate-scenario.fixture.ts";
import { expectPending } from "./landings.fixture.ts";

let scenario: Scenario;
beforeEach(async () => {
  scenario = await createScenario();
});
afterEach(() => scenario[Symbol.asyncDispose]());

const RULE = "ai-senior-sign-off";

async function signed(files: CommitOptions["files"], from = scenario.start): Promise<string> {
  const head = await scenario.propose({ from, files: files ?? {} });
  await scenario.sign("senior", { base: from, head });
  return head;
}

describe("T49: reverts", () => {
  let landed: string;
  const FILE = { "feature.txt": "by an agent\n" };
  const GONE = { "feature.txt": null };
  beforeEach(async () => {
    landed = await scenario.repo.commit({
      branch: TARGET,
      message: AI_MESSAGE,
      files: FILE,
      author: identityOf("author"),
    });
  });
  const revertOf = (id: string, title = "net: route the new subnet") =>
    `Revert "${title}"\n\nThis reverts commit ${id}.\n`;
  const propose = (message: string, files: CommitOptions["files"], from: string) =>
    scenario.propose({ from, message, files: files ?? {} });

  it("taking AI work out again is no AI work", async () => {
    const head = await propose(revertOf(landed), GONE, landed);
    const report = await scenario.gate({ base: landed, head });
    expect(report.verdict).toBe("pass");
    expect(findingOf(report, RULE).status).toBe("skipped");
  });

  it("in a closed world a revert needs a word about itself like every commit", async () => {
    await using own = await createScenario({ policy: `${SENIOR_RULES}unknown: deny\n` });
    const at = await own.repo.commit({ branch: TARGET, message: AI_MESSAGE, files: FILE });
    const report = await own.gate({
      base: at,
      head: await own.propose({ from: at, message: revertOf(at), files: GONE }),
    });
    expect(report.verdict).toBe("denied");
    expect(findingOf(report, "unknown-provenance").status).toBe("fail");
  });

  it("a revert made by an AI is AI work", async () => {
    const head = await propose(
      `${revertOf(landed)}\nAI-Assisted: claude-code/claude-opus-4-8\n`,
      GONE,
      landed,
    );
    expectPending(await scenario.gate({ base: landed, head }), /0 of 1 sign-offs? by senior/);
  });

  it.each([
    ["indented", (text: string) => text.replace(/^/gm, "    ")],
    ["under a heading", (text: string) => `Original change's description:\n${text}`],
    ["as a quotation", (text: string) => text.replace(/^/gm, "> ")],
  ])("the original's message quoted %s says nothing about the revert", async (_what, quote) => {
    const head = await propose(
      `${revertOf(landed)}\n${quote(AI_MESSAGE.trimEnd())}\n\nReason for revert: broke the build.\n`,
      GONE,
      landed,
    );
    expect((await scenario.gate({ base: landed, head })).verdict).toBe("pass");
  });

  it.each([
    ["as Git words it", (id: string) => revertOf(id, 'Revert "net: route the new subnet"')],
    [
      "as newer Git words it",
      (id: string) => `Reapply "net: route the new subnet"\n\nThis reverts commit ${id}.\n`,
    ],
    ["in other words", (id: string) => `bring the subnet back\n\nthis reverts commit ${id}, it was right\n`],
    [
      "by an abbreviated id",
      (id: string) => `Revert "Revert"\n\nThis reverts commit ${id.slice(0, 12)} ("Revert net").\n`,
    ],
    ["with a claim of no AI", (id: string) => `${revertOf(id, 'Revert "x"')}\nAI-Assisted: none\n`],
  ])("a revert of the revert brings the AI work back, and waits: %s", async (what, message) => {
    const revert = await propose(revertOf(landed), GONE, landed);
    const head = await propose(message(revert), FILE, revert);
    const report = await scenario.gate({ base: revert, head });
    expect(report.verdict).toBe(what === "with a claim of no AI" ? "denied" : "pending");
    expect(findingOf(report, RULE).commits).toEqual([head]);
    expect(report.change).toMatchObject({ ai: { assisted: true, tools: ["claude-code"] } });
  });

  it("three reverts take it out again, four bring it back", async () => {
    let at = landed;
    const verdicts: string[] = [];
    for (const files of [GONE, FILE, GONE, FILE]) {
      const next = await propose(revertOf(at, "x"), files, at);
      verdicts.push((await scenario.gate({ base: at, head: next })).verdict);
      at = next;
    }
    expect(verdicts).toEqual(["pass", "pending", "pass", "pending"]);
  });

  it("messages that name each other thousands of times cost no time", async () => {
    let at = landed;
    for (let level = 0; level < 6; level++) {
      const names = [landed, at].map((id) => `This reverts commit ${id}.\n`).join("");
      at = await propose(`Revert "x"\n\n${names.repeat(2000)}`, { "feature.txt": `${level}\n` }, at);
    }
    const started = process.cpuUsage().user / 1000;
    const report = await scenario.gate({ base: landed, head: at });
    expect(process.cpuUsage().user / 1000 - started).toBeLessThan(5_000);
    expect(report.verdict).toBe("pending");
  });

  it("the sign-off of the first time does not count for the second", async () => {
    await scenario.sign("senior", { base: scenario.start, head: landed });
    const revert = await propose(revertOf(landed), GONE, landed);
    const head = await propose(revertOf(revert, "x"), FILE, revert);
    const report = await scenario.gate({ base: revert, head });
    expectPending(report, /0 of 1 sign-offs? by senior/);
    expect(report.signOffs.filter(({ counted }) => counted)).toEqual([]);
    await scenario.sign("senior", { base: revert, head });
    expect((await scenario.gate({ base: revert, head })).verdict).toBe("pass");
  });

  it("a message that only claims to be a revert exempts nothing from anything", async () => {
    const files = {
      "feature.txt": "by an agent, and worse\n",
      "main.tf": 'resource "aws_iam_role" "r" {\n}\n',
    };
    const head = await propose(`${revertOf(landed)}\nAssisted-by: Claude:claude-opus-4-8\n`, files, landed);
    const report = await scenario.gate({ base: landed, head });
    expectPending(report, /0 of 2 sign-offs? by senior/);
    expect(findingOf(report, "ai-infrastructure").files).toEqual(["feature.txt", "main.tf"]);
  });

  it("a revert named in vain, of a commit that is not here, is read as it stands", async () => {
    const head = await propose(revertOf("f".repeat(40)), { "x.txt": "1\n" }, landed);
    expect((await scenario.gate({ base: landed, head })).verdict).toBe("pass");
  });

  it("a revert of a revert and the work on it in one commit waits too", async () => {
    const revert = await propose(revertOf(landed), GONE, landed);
    const head = await propose(revertOf(revert, "x"), { ...FILE, "more.txt": "1\n" }, revert);
    expectPending(await scenario.gate({ base: revert, head }), /sign-offs? by senior/);
  });
});

describe("T50: backports", () => {
  const RELEASE = "refs/heads/release/1";
  const FILE = { "fix.txt": "fixed\n" };
  let landed: string;
  beforeEach(async () => {
    landed = await signed(FILE);
    await scenario.repo.git([
      "update-ref",
      RELEASE,
      await scenario.repo.commit({
        branch: "release/1",
        parents: [scenario.start],
        message: "release\n",
        files: { version: "1\n" },
      }),
    ]);
  });
  const picked = async (message: string, files: CommitOptions["files"] = FILE) => {
    const from = await scenario.repo.id(RELEASE);
    const head = await scenario.propose({ from, message, files });
    return await scenario.gate({ base: from, head, target: RELEASE });
  };

  it("the approval for main says nothing about the release branch", async () => {
    expect((await scenario.gate({ base: scenario.start, head: landed })).verdict).toBe("pass");
    const report = await picked(AI_MESSAGE);
    expectPending(report, /0 of 1 sign-offs? by senior/);
    const other = await scenario.gate({ base: scenario.start, head: landed, target: RELEASE });
    expectPending(other, `signed for ${TARGET}, this change goes to ${RELEASE}`);
  });

  it.each([
    ["with -x and its trailers", () => `${AI_MESSAGE}(cherry picked from commit ${landed})\n`],
    ["with -x and its trailers taken out", () => `net: route\n\n(cherry picked from commit ${landed})\n`],
    [
      "with -x inside other words",
      () =>
        `net: route\n\nBackport.\n\n(cherry picked from commit ${landed})\nSigned-off-by: author <author@example.com>\n`,
    ],
    [
      "picked from a pick, trailers taken out of both",
      () => `net: route\n\n(cherry picked from commit ${landed})\n(cherry picked from commit ${landed})\n`,
    ],
  ])("a pick %s stays AI work", async (_what, message) => {
    const report = await picked(message());
    expectPending(report, /0 of 1 sign-offs? by senior/);
    expect(report.change).toMatchObject({ ai: { tools: ["claude-code"] } });
  });

  it("a pick of a pick follows the chain", async () => {
    const first = await scenario.propose({
      message: `net: route\n\n(cherry picked from commit ${landed})\n`,
      files: FILE,
    });
    const report = await picked(`net: route\n\n(cherry picked from commit ${first})\n`);
    expect(report.change).toMatchObject({ ai: { assisted: true } });
    expect(report.verdict).toBe("pending");
  });

  it("a pick with a claim of no AI contradicts its origin", async () => {
    const report = await picked(`net: route\n\nAI-Assisted: none\n(cherry picked from commit ${landed})\n`);
    expect(report.verdict).toBe("denied");
    expect(findingOf(report, "contradictory-claim").status).toBe("fail");
  });

  it("a pick edited on the way is a change of its own, and a new approval settles it", async () => {
    const from = await scenario.repo.id(RELEASE);
    const head = await scenario.propose({
      from,
      message: `${AI_MESSAGE}(cherry picked from commit ${landed})\n`,
      files: { "fix.txt": "fixed otherwise\n" },
    });
    expect((await scenario.gate({ base: from, head, target: RELEASE })).verdict).toBe("pending");
    await scenario.sign("senior", { base: from, head, target: RELEASE });
    expect((await scenario.gate({ base: from, head, target: RELEASE })).verdict).toBe("pass");
  });

  it("a pick of human work stays human", async () => {
    const human = await scenario.propose({ message: "by hand\n", files: { "h.txt": "1\n" } });
    expect(
      (await picked(`by hand\n\n(cherry picked from commit ${human})\n`, { "h.txt": "1\n" })).verdict,
    ).toBe("pass");
  });
});
