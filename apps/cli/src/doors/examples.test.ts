// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTemporaryFolder, type TestRepository, testEnvironment, tryRun } from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { BUNDLE } from "../command.fixture.ts";
import {
  approve,
  commitAi,
  createPushServer,
  EVIDENCE,
  MAIN,
  type PushServer,
  push,
} from "../hooks/push-server.fixture.ts";

const DOCS = join(import.meta.dirname, "../../../../docs");

/** The YAML example that begins with this comment. */
async function readExample(comment: string) {
  const text = await readFile(join(DOCS, "doors.md"), "utf8");
  const block = text.split("```yaml\n").find((part) => part.startsWith(`# ${comment}\n`));
  if (block === undefined) throw new Error(`docs/doors.md has no example ${comment}`);
  return parse(block.slice(0, block.indexOf("```")));
}

let server: PushServer;
let author: TestRepository;
beforeEach(async () => {
  server = await createPushServer();
  author = await server.cloneAs("author");
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

describe("the example for GitHub", () => {
  it("takes its file from the base, may only read, and checks nothing out", async () => {
    const workflow = await readExample(".github/workflows/countersign.yml");
    expect(Object.keys(workflow.on).sort()).toEqual(["merge_group", "pull_request_target", "push"]);
    expect(workflow.permissions).toEqual({ contents: "read" });
    const uses: readonly string[] = workflow.jobs.gate.steps.map((step: { uses?: string }) => step.uses);
    expect(uses.map((name) => name.split("@")[0])).toEqual([
      "actions/setup-node",
      "countersign/countersign/action",
    ]);
  });
});

describe("the example for GitLab", () => {
  /** Runs the job's script lines as a runner's shell does, in a clone of the merge request's head. */
  async function runJob(variables: Readonly<Record<string, string>>) {
    const { countersign: job } = await readExample(".gitlab-ci.yml");
    await using folder = await createTemporaryFolder();
    await writeFile(
      join(folder.path, "countersign"),
      `#!/bin/sh\nexec '${process.execPath}' '${BUNDLE}' "$@"\n`,
      { mode: 0o755 },
    );
    const clone = await server.cloneAs("second");
    await clone.git(["checkout", "--quiet", "--detach", "refs/remotes/origin/change"]);
    const environment = testEnvironment({
      PATH: `${folder.path}:/usr/bin:/bin`,
      GITLAB_CI: "true",
      CI_PIPELINE_SOURCE: "merge_request_event",
      ...variables,
    });
    const result = await tryRun("bash", ["-eo", "pipefail", "-c", job.script.join("\n")], {
      cwd: clone.path,
      environment,
    });
    const file: string = job.artifacts.reports.codequality;
    return {
      ...result,
      quality: JSON.parse(await readFile(join(clone.path, file), "utf8")),
      report: JSON.parse(await readFile(join(clone.path, "countersign.json"), "utf8")),
    };
  }

  it("fails a merge request that waits for a sign-off, passes it afterwards, and trusts no name", async () => {
    const head = await commitAi(author, "change");
    await push(author, "change");
    const variables = {
      CI_COMMIT_SHA: head,
      CI_MERGE_REQUEST_TARGET_BRANCH_NAME: "main",
      CI_MERGE_REQUEST_SOURCE_BRANCH_NAME: "x$(touch pwned)`touch pwned`",
      GITLAB_USER_LOGIN: "author",
    };
    const pending = await runJob(variables);
    expect(pending.exitCode).toBe(1);
    expect(pending.report.verdict).toBe("pending");
    expect(pending.quality.length).toBeGreaterThan(0);
    await approve(author, "senior", head);
    await push(author, EVIDENCE);
    expect(await runJob({ ...variables, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: head })).toMatchObject({
      exitCode: 0,
    });
  });
});

describe("GitLab's layout of custom hooks", () => {
  it("runs the same hook file under another name, and tells its pages", async () => {
    const head = await commitAi(author, "change");
    await server.bare.git(["fetch", "--quiet", author.path, head]);
    const hook = join(server.bare.path, "custom_hooks/pre-receive.d/countersign");
    await mkdir(join(hook, ".."), { recursive: true });
    await copyFile(join(server.bare.path, "hooks/pre-receive"), hook);
    const environment = testEnvironment({
      GIT_DIR: server.bare.path,
      GL_ID: "user-7",
      GL_USERNAME: "author",
      GL_PROTOCOL: "web",
      GL_REPOSITORY: "project-1",
    });
    const input = `${await server.bare.id(MAIN)} ${head} ${MAIN}\n`;
    const result = await tryRun(hook, [], { cwd: server.bare.path, environment, input });
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toMatch(/^GL-HOOK-ERR: countersign: refs\/heads\/main is refused$/m);
  });
});

describe("countersign gate", () => {
  it("keeps its verdict when its reader has gone", async () => {
    const head = await commitAi(author, "change");
    const args = [
      BUNDLE,
      "gate",
      "--base",
      "refs/remotes/origin/main",
      "--head",
      head,
      "--target",
      MAIN,
      "--json",
    ];
    const child = spawn(process.execPath, args, {
      cwd: author.path,
      env: testEnvironment(),
      stdio: ["ignore", "pipe", "ignore"],
    });
    child.stdout.destroy();
    expect((await once(child, "close"))[0]).toBe(1);
  });
});
