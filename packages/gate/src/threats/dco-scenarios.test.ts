// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createScenario,
  findingOf,
  identityOf,
  type Scenario,
  SENIOR_RULES,
} from "./gate-scenario.fixture.ts";

describe("DCO", () => {
  let own: Scenario;
  beforeAll(async () => {
    own = await createScenario({
      policy: `${SENIOR_RULES.replace(/rules:[\s\S]*/, "")}rules:\n  - { id: dco, forEach: commit, assert: commit.signedOffByAuthor, message: sign your work }\n  - { id: reviewed, require: { role: senior } }\n`,
    });
  });
  afterAll(() => own[Symbol.asyncDispose]());

  async function dco(message: string, options: Parameters<Scenario["propose"]>[0] = {}) {
    const head = await own.propose({ message, ...options });
    return { head, finding: findingOf(await own.gate({ head }), "dco") };
  }

  it.each([
    ["as Git writes it", "Signed-off-by: author <author@example.com>"],
    ["another case of key and e-mail", "signed-off-BY: author <AUTHOR@Example.com>"],
    ["P1: another name, the same address", "Signed-off-by: A. Uthor <author@example.com>"],
    ["blanks and line ends after it", "Signed-off-by: author <author@example.com>  \n\n\n"],
    [
      "several, the author's first",
      "Signed-off-by: author <author@example.com>\nSigned-off-by: X <x@x.example>",
    ],
    [
      "several, the author's last",
      "Signed-off-by: X <x@x.example>\nSigned-off-by: author <author@example.com>",
    ],
  ])("passes: %s", async (_name, trailer) => {
    expect((await dco(`work\n\n${trailer}\n`)).finding.status).toBe("pass");
  });

  it.each([
    ["F1: none", ""],
    ["F4: somebody else's", "Signed-off-by: senior <senior@example.com>"],
    ["a subdomain", "Signed-off-by: author <author@mail.example.com>"],
    ["a plus-alias", "Signed-off-by: author <author+work@example.com>"],
    ["no name", "Signed-off-by: <author@example.com>"],
    ["no address", "Signed-off-by: author"],
    ["name and address swapped", "Signed-off-by: author@example.com <author>"],
    ["an invalid address", "Signed-off-by: author <author@@example.com>"],
    ["several, none the author's", "Signed-off-by: X <x@x.example>\nSigned-off-by: Y <y@y.example>"],
    ["an AI's beside nobody's", "Signed-off-by: Claude <noreply@anthropic.com>"],
  ])("fails: %s", async (_name, trailer) => {
    const { finding, head } = await dco(`work\n\n${trailer}\n`);
    expect(finding).toMatchObject({ status: "fail", reason: "sign your work", commits: [head] });
  });

  it("fails: the committer's instead of the author's", async () => {
    const { finding } = await dco("work\n\nSigned-off-by: senior <senior@example.com>\n", {
      committer: identityOf("senior"),
    });
    expect(finding.status).toBe("fail");
  });

  it("P2: another name and address of the same person of the policy", async () => {
    await using both = await createScenario({
      people: "people:\n  author: { emails: [author@example.com, a@home.example] }\n",
      policy:
        "rules:\n  - { id: dco, forEach: commit, assert: commit.signedOffByAuthor, message: sign your work }\n",
    });
    const head = await both.propose({ message: "work\n\nSigned-off-by: Me <a@home.example>\n" });
    expect((await both.gate({ head })).verdict).toBe("pass");
  });

  it("P3, F5: a merge and what it brings are asked like every commit", async () => {
    const signed = await own.propose({ message: "one\n\nSigned-off-by: author <author@example.com>\n" });
    const unsigned = await own.propose({ message: "two\n" });
    const { finding, head } = await dco("Merge\n", { parents: [signed, unsigned], files: {} });
    expect(finding).toMatchObject({ status: "fail" });
    expect(finding.commits.toSorted()).toEqual([unsigned, head].toSorted());
  });

  it("P4: a range rebased with its trailers", async () => {
    const first = await own.propose({ message: "one\n\nSigned-off-by: author <author@example.com>\n" });
    expect(
      (await dco("two\n\nSigned-off-by: author <author@example.com>\n", { parents: [first] })).finding.status,
    ).toBe("pass");
  });

  it("P5: a bot's synthesised commit is not exempt", async () => {
    const bot = { name: "queue[bot]", email: "1+queue[bot]@users.noreply.github.com" };
    expect(
      (
        await dco("squash\n\nSigned-off-by: queue[bot] <1+queue[bot]@users.noreply.github.com>\n", {
          author: bot,
        })
      ).finding.status,
    ).toBe("fail");
  });

  it("F2: a trailer fabricated in the squash does not cover the unsigned originals that were reviewed", async () => {
    const original = await own.propose({ message: "work\n", files: { "f2.txt": "1\n" } });
    await own.sign("senior", { head: original });
    const head = await own.propose({
      message: "work (#7)\n\nSigned-off-by: author <author@example.com>\n",
      files: { "f2.txt": "1\n" },
    });
    const finding = findingOf(await own.gate({ head, isLanding: true }), "dco");
    expect(finding).toMatchObject({ status: "fail", commits: [original] });
  });

  it("F3: a queue that strips the trailer", async () => {
    const original = await own.propose({
      message: "work\n\nSigned-off-by: author <author@example.com>\n",
      files: { "f3.txt": "1\n" },
    });
    await own.sign("senior", { head: original });
    const head = await own.propose({ message: "work (#7)\n", files: { "f3.txt": "1\n" } });
    expect(findingOf(await own.gate({ head, isLanding: true }), "dco")).toMatchObject({
      status: "fail",
      commits: [head],
    });
  });
});
