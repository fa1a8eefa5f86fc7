// SPDX-License-Identifier: Apache-2.0
import { createRepository, type Person, START, type TestRepository } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Event, Question } from "./question.ts";
import { byCommitTime, byPatchId, byPushTime } from "./rules.ts";

let repo: TestRepository;
let base: string;
beforeAll(async () => {
  repo = await createRepository();
  base = await repo.commit({ message: "start\n", files: { "a.yml": "a:\n  b: 1\n" } });
});
afterAll(() => repo.remove());

const person = (name: string): Person => ({ name, email: `${name}@example.com` });
const push = (head: string, at: number): Event => ({ kind: "push", head, at: START + at });
const approve = (by: string, head: string, at: number, isReauthenticated = false): Event => ({
  kind: "approve",
  by,
  head,
  at: START + at,
  isReauthenticated,
});

/** A commit on the base, dated START + 100 unless told otherwise. */
function commit(options: { content?: string; author?: Person; committer?: Person; at?: number } = {}) {
  const { content = "a:\n  b: 1\n  c: 2\n", at = 100, author = person("author") } = options;
  return repo.commit({
    branch: "change",
    message: "work\n",
    parents: [base],
    files: { "a.yml": content },
    at: START + at,
    author,
    committer: options.committer ?? author,
  });
}

/** Answers of push time, commit timestamp and patch id. */
async function ask(head: string, events: readonly Event[], wish: Partial<Question> = {}) {
  const question: Question = {
    repo,
    base,
    head,
    events,
    opener: "author",
    approvers: ["author", "senior"],
    asksReauthentication: false,
    ...wish,
  };
  const rules = [byPushTime, byCommitTime, byPatchId("--stable")];
  return await Promise.all(rules.map((rule) => rule.allows(question)));
}

const ALL = [true, true, true];
const NONE = [false, false, false];

describe("all three rules", () => {
  it("accept a senior's approval after the push", async () => {
    const head = await commit();
    expect(await ask(head, [push(head, 200), approve("senior", head, 300)])).toEqual(ALL);
  });

  it.each([
    ["no approval", []],
    ["the author's own", ["author"]],
    ["a stranger's", ["stranger"]],
  ])("refuse %s", async (_name, approvers) => {
    const head = await commit();
    const approvals = approvers.map((by) => approve(by, head, 300));
    expect(await ask(head, [push(head, 200), ...approvals])).toEqual(NONE);
  });

  it("refuse the opener, who is no author", async () => {
    const head = await commit();
    const events = [push(head, 200), approve("senior", head, 300)];
    expect(await ask(head, events, { opener: "senior" })).toEqual(NONE);
  });
});

describe("push time (policy-bot)", () => {
  it("refuses an approval from before the push, whatever the dates of the commits", async () => {
    const head = await commit({ at: 1 });
    const [pushTime] = await ask(head, [approve("senior", head, 150), push(head, 200)]);
    expect(pushTime).toBe(false);
  });

  it("takes the moment at which a head was first seen, not when it came back", async () => {
    const [good, other] = [await commit(), await commit({ content: "other\n" })];
    const events = [push(good, 200), approve("senior", good, 300), push(other, 400), push(good, 500)];
    expect((await ask(good, events))[0]).toBe(true);
    expect((await ask(other, events))[0]).toBe(false);
  });

  it("refuses a head that it never saw pushed", async () => {
    const head = await commit();
    expect((await ask(head, [approve("senior", head, 300)]))[0]).toBe(false);
  });

  it.each(["author", "committer"])("bars whoever is %s of a commit", async (part) => {
    const head = await commit({
      [part]: person("senior"),
      ...(part === "author" && { committer: person("author") }),
    });
    expect((await ask(head, [push(head, 200), approve("senior", head, 300)]))[0]).toBe(false);
  });

  it("passes over an e-mail without an account", async () => {
    const head = await commit({ author: { name: "x", email: "x@nowhere.example" } });
    expect((await ask(head, [push(head, 200), approve("senior", head, 300)]))[0]).toBe(true);
  });
});

describe("commit timestamp (Kosli, May 2026)", () => {
  it.each([
    ["older", 99, false],
    ["exactly as old", 100, false],
    ["younger", 101, true],
  ])("an approval %s than the newest commit: %s s", async (_name, at, expected) => {
    const head = await commit();
    expect((await ask(head, [push(head, 50), approve("senior", head, at)]))[1]).toBe(expected);
  });

  it("believes a backdated commit", async () => {
    const head = await commit({ at: 1 });
    expect((await ask(head, [approve("senior", head, 150), push(head, 200)]))[1]).toBe(true);
  });

  it("refuses an author without an account", async () => {
    const head = await commit({ author: { name: "x", email: "x@nowhere.example" } });
    expect((await ask(head, [push(head, 200), approve("senior", head, 300)]))[1]).toBe(false);
  });

  it("exempts the author line of a service account from any approval", async () => {
    const bot = { name: "dependabot[bot]", email: "1+dependabot[bot]@users.noreply.github.com" };
    const head = await commit({ author: bot });
    expect(await ask(head, [push(head, 200)])).toEqual([false, true, false]);
  });

  it("wants every author to be approved by somebody else", async () => {
    const head = await commit({ author: person("senior") });
    const one = [push(head, 200), approve("senior", head, 300)];
    expect((await ask(head, one))[1]).toBe(false);
    expect((await ask(head, [...one, approve("author", head, 400)]))[1]).toBe(true);
  });
});

describe("patch id (GitLab)", () => {
  const wider = "a:\n  b: 1\nc: 2\n";

  it("keeps an approval over another indentation, and --verbatim does not", async () => {
    const [good, evil] = [await commit(), await commit({ content: wider })];
    const events = [push(good, 200), approve("senior", good, 300), push(evil, 400)];
    expect(await ask(evil, events)).toEqual([false, true, true]);
    const question = { repo, base, head: evil, events, opener: "author", approvers: ["senior"] };
    const asked = { ...question, asksReauthentication: false };
    expect(await byPatchId("--verbatim").allows(asked)).toBe(false);
  });

  it("deletes approvals at a push of another patch, for good", async () => {
    const [good, other] = [await commit(), await commit({ content: "other\n" })];
    const events = [push(good, 200), approve("senior", good, 300), push(other, 400)];
    expect((await ask(other, events))[2]).toBe(false);
    expect((await ask(good, [...events, push(good, 500)]))[2]).toBe(false);
  });

  it("bars committers, not authors", async () => {
    const events = (head: string) => [push(head, 200), approve("senior", head, 300)];
    const committed = await commit({ committer: person("senior") });
    expect((await ask(committed, events(committed)))[2]).toBe(false);
    const authored = await commit({ author: person("senior"), committer: person("author") });
    expect((await ask(authored, events(authored)))[2]).toBe(true);
  });

  it("asks for the password again where the project wants it", async () => {
    const head = await commit();
    const wish = { asksReauthentication: true };
    const plain = [push(head, 200), approve("senior", head, 300)];
    expect(await ask(head, plain, wish)).toEqual([true, true, false]);
    expect(await ask(head, [...plain, approve("senior", head, 400, true)], wish)).toEqual(ALL);
  });
});

describe("identities", () => {
  it("are read without the repository's mailmap", async () => {
    await using own = await createRepository();
    const start = await own.commit({ message: "start\n", files: { a: "1\n" } });
    const files = { ".mailmap": "X <x@example.com> <senior@example.com>\n" };
    const head = await own.commit({ message: "work\n", files, author: person("senior") });
    expect(await own.git(["log", "-1", "--format=%aE"])).toBe("x@example.com");
    const wish = { repo: own, base: start };
    expect(await ask(head, [push(head, 900), approve("senior", head, 1000)], wish)).toEqual(NONE);
  });
});
