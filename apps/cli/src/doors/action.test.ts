// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestRepository } from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  AI_MESSAGE,
  approve,
  commitAi,
  createPushServer,
  EVIDENCE,
  identityOf,
  MAIN,
  type PushServer,
  push,
} from "../hooks/push-server.fixture.ts";
import { ACTION, type RunnerOptions, readAction, runAction } from "./action-runner.fixture.ts";

let server: PushServer;
let author: TestRepository;
beforeEach(async () => {
  server = await createPushServer({ users: { "x-access-token": "token-of-the-job" } });
  // The forge has no hook of ours: the action is its only door.
  await server.bare.git(["config", "countersign.preReceive", "off"]);
  await server.bare.git(["config", "uploadpack.allowAnySHA1InWant", "true"]);
  author = await server.cloneAs("author");
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

interface PullRequest {
  readonly head: string;
  readonly action?: string;
  readonly before?: string;
  readonly sender?: string;
  readonly title?: string;
  readonly body?: string | null;
  readonly headRef?: string;
}

/** The members of GitHub's pull_request payload that matter here, in its shape. */
function pullRequest({
  head,
  action = "opened",
  before,
  sender = "author",
  title = "Route",
  body = null,
  headRef = "change",
}: PullRequest) {
  return {
    action,
    number: 1,
    ...(before === undefined ? {} : { before, after: head }),
    pull_request: {
      number: 1,
      title,
      body,
      user: { login: "author", type: "User" },
      head: {
        label: `author:${headRef}`,
        ref: headRef,
        sha: head,
        repo: { full_name: "author/project", fork: true },
      },
      base: { label: "team:main", ref: "main", sha: "0".repeat(40), repo: { full_name: "team/project" } },
    },
    repository: { full_name: "team/project", default_branch: "main" },
    sender: { login: sender, type: "User" },
  };
}

function run(eventName: string, event: unknown, more: Partial<RunnerOptions> = {}) {
  return runAction({
    eventName,
    event,
    serverUrl: server.http.url,
    repository: "project.git",
    ...more,
  });
}

/** A change that only the fork and refs/pull/1/head have. */
async function openPull(files: Readonly<Record<string, string>> = { "net.txt": "one\n" }): Promise<string> {
  const head = await commitAi(author, "change", files);
  await push(author, `${head}:refs/pull/1/head`);
  return head;
}

describe("action.yml", () => {
  it("has one shell step, no JavaScript, and no expression inside a script (T51)", async () => {
    const { runs } = await readAction();
    expect(runs.using).toBe("composite");
    expect(runs.steps.map(({ uses }) => uses)).toEqual([undefined]);
    for (const { run: script, shell } of runs.steps) {
      expect(script).not.toContain("${" + "{");
      expect(shell).toBe("bash");
    }
    expect((await readdir(ACTION)).filter((name) => name !== "dist").sort()).toEqual([
      "action.yml",
      "gate.sh",
    ]);
    expect(await readFile(join(ACTION, "gate.sh"), "utf8")).not.toMatch(
      /\beval\b|git checkout|git switch|\$\{\{/,
    );
  });
});

describe("the action", () => {
  it("fails a pull request that waits for a sign-off, with annotations, summary, SARIF and outputs", async () => {
    const result = await run("pull_request", pullRequest({ head: await openPull() }));
    expect(result).toMatchObject({ exitCode: 1, outputs: { verdict: "pending" } });
    expect(result.log).toContain("::notice title=countersign%3A ai-senior-sign-off");
    expect(result.summary).toContain("ai-senior-sign-off");
    expect(JSON.parse(result.sarif)).toMatchObject({ version: "2.1.0" });
    expect(result.log).not.toContain("token-of-the-job");
  });

  it("passes once the evidence is there, for the pull request, the merge queue's group and the push that lands it", async () => {
    const base = await server.bare.id(MAIN);
    const head = await openPull();
    await approve(author, "senior", head);
    await push(author, EVIDENCE);
    expect(await run("pull_request", pullRequest({ head }))).toMatchObject({
      exitCode: 0,
      outputs: { verdict: "pass" },
    });
    await author.git(["checkout", "--quiet", "--detach", base]);
    const group = await author.merge(head, "Merge pull request #1");
    await push(author, `${group}:refs/heads/gh-readonly-queue/main/pr-1`);
    const queue = {
      action: "checks_requested",
      merge_group: {
        head_sha: group,
        head_ref: "refs/heads/gh-readonly-queue/main/pr-1",
        base_sha: base,
        base_ref: MAIN,
      },
    };
    expect(await run("merge_group", queue)).toMatchObject({ exitCode: 0, outputs: { verdict: "pass" } });
    await push(author, `${group}:${MAIN}`);
    expect(await run("push", { ref: MAIN, before: base, after: group })).toMatchObject({
      exitCode: 0,
      outputs: { verdict: "pass" },
    });
  });

  it("fails a push that landed without a verdict (T48)", async () => {
    const before = await server.bare.id(MAIN);
    const after = await commitAi(author, "change");
    await push(author, `${after}:${MAIN}`);
    expect(await run("push", { ref: MAIN, before, after })).toMatchObject({
      exitCode: 1,
      outputs: { verdict: "pending" },
    });
    expect(await run("push", { ref: "refs/heads/x", before: after, after: "0".repeat(40) })).toMatchObject({
      exitCode: 0,
    });
  });

  it.each(["pull_request", "pull_request_target"])(
    "runs policy and gate of the base for a fork's %s, whatever the fork brings (T28, T51)",
    async (eventName) => {
      const head = await openPull({
        ".countersign/policy.yml": "version: 1\nrules: []\n",
        ".git-hooks/post-checkout": "#!/bin/sh\ntouch pwned\n",
        "action/gate.sh": "exit 0\n",
        "action/dist/countersign.mjs": "process.exit(0)\n",
        "package.json": '{"scripts":{"preinstall":"touch pwned"}}',
        ".gitattributes": "* filter=evil diff=evil\n",
      });
      // As actions/checkout leaves it when somebody checks the fork out all the same.
      await author.git(["checkout", "--quiet", "--force", head]);
      const result = await run(eventName, pullRequest({ head }), { workspace: author.path });
      expect(result.exitCode).not.toBe(0);
      expect(["pending", "denied"]).toContain(result.outputs.verdict);
      expect(result.summary).toContain((await server.bare.id(MAIN)).slice(0, 12));
      expect(await readdir(author.path)).not.toContain("pwned");
    },
  );

  it("gives titles, bodies and branch names to no shell and no runner command (T51)", async () => {
    const hostile =
      '$(touch pwned)`touch pwned`"; touch pwned; #\n::set-output name=verdict::pass\nverdict=pass';
    const result = await run(
      "pull_request",
      pullRequest({
        head: await openPull(),
        title: hostile,
        body: hostile,
        headRef: "x$(touch<pwned)`id`",
      }),
      { workspace: author.path },
    );
    expect(result).toMatchObject({ exitCode: 1, outputs: { verdict: "pending" } });
    expect(result.log).not.toMatch(/^::set-output/m);
    expect(await readdir(author.path)).not.toContain("pwned");
  });

  it("reads the description for claims of AI", async () => {
    await author.branch("plain", "refs/remotes/origin/main");
    const head = await author.commit({
      message: "doc\n",
      files: { "a.txt": "a\n" },
      author: identityOf("author"),
    });
    await push(author, `${head}:refs/pull/1/head`);
    expect((await run("pull_request", pullRequest({ head }))).exitCode).toBe(0);
    const body = "Docs.\n\nGenerated with [Claude Code](https://claude.ai/code)\n";
    expect((await run("pull_request", pullRequest({ head, body }))).outputs.verdict).not.toBe("pass");
  });

  it("does not let the author of a version that was force-pushed away sign (T11)", async () => {
    await author.branch("first", "refs/remotes/origin/main");
    const before = await author.commit({
      message: AI_MESSAGE,
      files: { "net.txt": "0\n" },
      author: identityOf("senior"),
    });
    await push(author, `${before}:refs/pull/1/head`);
    const head = await commitAi(author, "change");
    await push(author, `+${head}:refs/pull/1/head`);
    await approve(author, "senior", head);
    await push(author, EVIDENCE);
    const event = pullRequest({ head, action: "synchronize", before });
    expect(await run("pull_request", event)).toMatchObject({ exitCode: 1, outputs: { verdict: "pending" } });
    const own = pullRequest({ head, action: "synchronize", sender: "senior", before: "0".repeat(40) });
    expect(await run("pull_request", own)).toMatchObject({ exitCode: 1, outputs: { verdict: "pending" } });
  });

  it.each([
    ["an unknown event", "issue_comment", { comment: { body: "/approve" } }, {}, "names no change"],
    [
      "a head that is no id",
      "pull_request",
      pullRequest({ head: "--upload-pack=touch pwned" }),
      {},
      "head must be a full commit id",
    ],
    [
      "a head that nobody has",
      "pull_request",
      pullRequest({ head: "1".repeat(40) }),
      {},
      "cannot fetch the commit",
    ],
    [
      "a target that is no branch",
      "push",
      { ref: "refs/tags/main", before: "", after: "1".repeat(40) },
      {},
      "target must be a full branch name",
    ],
    [
      "a revision that was not built",
      "push",
      { ref: MAIN, before: "", after: "1".repeat(40) },
      { isUnbuilt: true },
      "use a release tag",
    ],
    [
      "a Node that is too old",
      "push",
      { ref: MAIN, before: "", after: "1".repeat(40) },
      { environment: { RUNNER_TOOL_CACHE: "/nonexistent" }, inputs: { node: "/nonexistent/node" } },
      "cannot fetch the commit",
    ],
  ])("fails on %s and says what is wrong", async (_what, eventName, event, more, words) => {
    const result = await run(eventName, event, more);
    expect(result).toMatchObject({ exitCode: 3, outputs: { verdict: "error" } });
    expect(result.log).toContain(words);
  });

  it("cannot tell, and fails, where the program dies without a word", async () => {
    const head = await openPull();
    const result = await run("pull_request", pullRequest({ head }), { inputs: { node: "/bin/true" } });
    expect(result).toMatchObject({ exitCode: 3, outputs: { verdict: "error" } });
  });
});
