// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { createScenario, findingOf, type Scenario, TARGET } from "./gate-scenario.fixture.ts";

const TRAILER = "AI-Assisted: claude-code/claude-opus-4-8";

describe("T02: what a squash drops from the message stays known", () => {
  const AI_COMMIT = `net: route it\n\n${TRAILER}\n`;
  const SQUASH_MESSAGES = [
    ["with every commit's message", `net: routes (#7)\n\n* net: route it\n\n${TRAILER}\n\n* net: tidy\n`],
    ["with the title only", "net: routes (#7)\n"],
    ["with the description of the request", "net: routes (#7)\n\nRoutes the new subnet, see the ticket.\n"],
    ["with an honest-looking denial", "net: routes (#7)\n\nAI-Assisted: none\n"],
  ] as const;

  async function squashed(message: string, own: Scenario, files = {}) {
    const from = await own.repo.id(TARGET);
    const first = await own.propose({ message: AI_COMMIT, from, files: { "routes.txt": "1\n" } });
    const original = await own.propose({
      message: "net: tidy\n",
      parents: [first],
      files: { "routes.txt": "1\n2\n" },
    });
    const head = await own.repo.commit({
      message,
      branch: "landing",
      parents: [from],
      files: { "routes.txt": "1\n2\n", ...files },
      committer: { name: "GitHub", email: "noreply@github.com" },
    });
    return { first, original, head };
  }

  it.each(SQUASH_MESSAGES)("%s: nobody signed, so a senior is asked", async (_name, message) => {
    await using own = await createScenario();
    const { head } = await squashed(message, own);
    const report = await own.gate({ head, isLanding: true });
    expect(report.change).toMatchObject({ ai: { assisted: true, tools: ["claude-code"] } });
    expect(report.verdict).toBe(message.includes("none") ? "denied" : "pending");
    expect(findingOf(report, "ai-senior-sign-off").commits).toContain(head);
  });

  it.each(SQUASH_MESSAGES)(
    "%s: lands on the sign-off of the original, whose AI is counted",
    async (_name, message) => {
      await using own = await createScenario();
      const { original, first, head } = await squashed(message, own);
      await own.sign("senior", { head: original });
      const report = await own.gate({ head, isLanding: true });
      expect(report.change).toMatchObject({ ai: { assisted: true, tools: ["claude-code"] } });
      expect(report.signOffs).toMatchObject([{ principal: "senior", counted: true }]);
      expect(report.commits.map(({ id }) => id)).toContain(first);
      expect(report.verdict).toBe(message.includes("none") ? "denied" : "pass");
    },
  );

  it("a branch that holds an update merge", async () => {
    await using own = await createScenario();
    const first = await own.propose({ message: AI_COMMIT, files: { "routes.txt": "1\n" } });
    const main = await own.repo.commit({
      branch: TARGET,
      message: "other work\n",
      files: { "other.txt": "1\n" },
    });
    await own.repo.checkout(first);
    const merged = await own.repo.merge(main);
    await own.repo.git(["branch", "with-merge", merged]);
    await own.repo.checkout(main);
    const head = await own.repo.squash("with-merge", "net: routes (#7)");
    expect(await own.repo.git(["log", "-1", "--format=%B", head])).not.toContain("AI");
    const report = await own.gate({ base: main, head, isLanding: true });
    expect(report.verdict).toBe("pending");
    expect(report.change).toMatchObject({ ai: { assisted: true } });
  });

  it("an audit of what already landed sees it too", async () => {
    await using own = await createScenario();
    const { head } = await squashed("net: routes (#7)\n", own);
    const base = await own.repo.id(TARGET);
    await own.repo.git(["update-ref", TARGET, head]);
    const report = await own.gate({ base, head });
    expect(report.verdict).toBe("pending");
    expect(report.change).toMatchObject({ ai: { assisted: true } });
  });

  it("a merge queue's commit is its request's merge, whatever its message says", async () => {
    await using own = await createScenario();
    const original = await own.propose({ message: AI_COMMIT, files: { "routes.txt": "1\n" } });
    const base = await own.repo.commit({
      branch: TARGET,
      message: "other work\n",
      files: { "other.txt": "1\n" },
    });
    const queued = {
      branch: "gh-readonly-queue/main/pr-7",
      parents: [base],
      files: { "routes.txt": "1\n" },
      message: "net: routes (#7)\n",
    };
    const head = await own.repo.commit(queued);
    const before = await own.gate({ base, head, isLanding: true });
    expect(before.verdict).toBe("pending");
    await own.sign("senior", { base: own.start, head: original });
    const after = await own.gate({ base, head, isLanding: true });
    expect(after.verdict).toBe("pass");
    expect(after.signOffs).toMatchObject([{ principal: "senior", counted: true, cover: "landed" }]);
  });

  it("commits rebased onto the target with their trailers taken out", async () => {
    await using own = await createScenario();
    const first = await own.propose({ message: AI_COMMIT, files: { "routes.txt": "1\n" } });
    await own.propose({ message: "net: tidy\n", parents: [first], files: { "tidy.txt": "2\n" } });
    const base = await own.repo.commit({
      branch: TARGET,
      message: "other work\n",
      files: { "other.txt": "1\n" },
    });
    const one = await own.repo.commit({
      branch: "landing",
      parents: [base],
      message: "net: route it\n",
      files: { "routes.txt": "1\n" },
    });
    const head = await own.repo.commit({
      branch: "landing",
      parents: [one],
      message: "net: tidy\n",
      files: { "tidy.txt": "2\n" },
    });
    const report = await own.gate({ base, head, isLanding: true });
    expect(report.verdict).toBe("pending");
    expect(report.change).toMatchObject({ ai: { assisted: true } });
  });

  it("a trailer amended away, where the earlier version is known", async () => {
    await using own = await createScenario();
    const before = await own.propose({ message: AI_COMMIT, files: { "routes.txt": "1\n" } });
    const head = await own.propose({ message: "net: route it\n", files: { "routes.txt": "1\n" } });
    expect((await own.gate({ head })).verdict).toBe("pass");
    const report = await own.gate({ head, versions: [before] });
    expect(report.verdict).toBe("pending");
    expect(report.change).toMatchObject({ ai: { assisted: true, tools: ["claude-code"] } });
  });

  it("an edit slipped into the squash is not what was signed", async () => {
    await using own = await createScenario();
    const { original, head } = await squashed(`net: routes\n\n${TRAILER}\n`, own, { "extra.txt": "evil\n" });
    await own.sign("senior", { head: original });
    const report = await own.gate({ head, isLanding: true });
    expect(report.verdict).toBe("pending");
    expect(report.signOffs[0]).toMatchObject({ counted: false, cover: "none" });
    expect(report.signOffs[0]?.reason).toContain("the content changed after signing");
  });
});
