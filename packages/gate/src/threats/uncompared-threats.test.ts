// SPDX-License-Identifier: Apache-2.0
import { formatInstant, toCodeReviewStatement } from "@countersign/core/attestation";
import { addEvidence } from "@countersign/git";
import { newNonce, signStatement } from "@countersign/signing";
import { describe, expect, it } from "vitest";
import { createScenario, findingOf, keyOf, NOW, type Scenario, TARGET } from "./gate-scenario.fixture.ts";
import { openOnce } from "./open-once.fixture.ts";

/** More than are ever merged to recognise content. */
const MANY = 1030;

/** Commits of other people's work, each on a branch of its own, all from one fork point. */
async function branches({ repo }: Scenario, from: string): Promise<readonly string[]> {
  const who = "author <author@example.com> 1767225600 +0000";
  const stream = Array.from({ length: MANY }, (_, n) =>
    [
      `commit refs/heads/other-${n}`,
      `mark :${n + 1}`,
      `author ${who}`,
      `committer ${who}`,
      `data 6\nother\n`,
      `from ${from}`,
      `M 100644 inline other-${n}.txt\ndata 2\nx\n`,
    ].join("\n"),
  ).join("\n");
  await repo.git(["fast-import", "--quiet"], { input: `${stream}\n` });
  const listed = await repo.git(["for-each-ref", "--format=%(objectname)", "refs/heads/other-*"]);
  return listed.split("\n");
}

describe("T02, T11: what is too much to be compared is never left out in silence", () => {
  it("more versions of one change than are compared: nobody can tell", async () => {
    await using own = await createScenario();
    const from = await own.repo.id(TARGET);
    const head = await own.propose({ message: "docs: plain\n" });
    const versions = await branches(own, from);
    const report = await own.gate({ head, versions });
    expect(report.verdict).toBe("error");
    expect(findingOf(report, "incomplete-history").reason).toContain("were not compared with it");
  });

  it("more branches than are compared beside a landing: the report says so, and the landing is judged", async () => {
    await using own = await createScenario();
    const from = await own.repo.id(TARGET);
    const head = await own.propose({ message: "docs: plain\n" });
    await branches(own, from);
    const report = await own.gate({ head, isLanding: true });
    expect(report.notes.map(({ code }) => code)).toContain("branches-not-compared");
    expect(report.verdict).toBe("pass");
  });

  it("strangers' sign-offs, however many and new, crowd out nobody's", { timeout: 60_000 }, async () => {
    await using own = await createScenario();
    const signed = await own.propose({ files: { "a.txt": "a\n" } });
    await own.sign("senior", { head: signed });
    const like = await own.describe("stranger", { head: signed });
    const key = (await keyOf("stranger")).privateKeyPath;
    const heads = (await branches(own, own.start)).slice(0, 260);
    const envelopes = await Promise.all(
      heads.map((head) => {
        const change = { ...like.change, head };
        const issuedAt = formatInstant(NOW - 60);
        return signStatement(toCodeReviewStatement({ ...like, change, issuedAt, nonce: newNonce() }), key);
      }),
    );
    await addEvidence(await openOnce(own.repo), envelopes);
    const base = await own.repo.commit({ branch: TARGET, message: "on\n", files: { "on.txt": "1\n" } });
    const head = await own.propose({ from: base, files: { "a.txt": "a\n" } });
    const report = await own.gate({ base, head });
    expect(report.verdict).toBe("pass");
    expect(report.signOffs).toContainEqual(
      expect.objectContaining({ principal: "senior", counted: true, cover: "carried" }),
    );
  });
});
