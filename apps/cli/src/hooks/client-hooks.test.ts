// SPDX-License-Identifier: Apache-2.0
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TestRepository } from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countersign } from "../command.fixture.ts";
import {
  approve,
  commitAi,
  createPushServer,
  EVIDENCE,
  MAIN,
  type PushServer,
  policyText,
} from "./push-server.fixture.ts";

let server: PushServer;
let clone: TestRepository;
beforeEach(async () => {
  server = await createPushServer();
  clone = await server.cloneAs("author");
  await countersign(["hooks", "install"], { cwd: clone.path });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

const FOOTER = "fix: it\n\nGenerated with [Claude Code](https://claude.ai/code)\n";
const message = () => clone.git(["log", "-1", "--format=%B"]);
const mode = (value: string) => clone.git(["config", "countersign.commitMsg", value]);
const commit = (text: string, ...args: string[]) =>
  clone.tryGit(["commit", "--allow-empty", "--quiet", ...args, "-F", "-"], { input: text });

/** An editor that replaces what Git offers by a file, comments of Git included. */
async function commitInEditor(text: string, ...args: string[]) {
  await writeFile(join(clone.path, ".git/wanted"), text);
  const environment = {
    GIT_EDITOR: `sh -c 'cat "$0" >> "$1.new"; { cat .git/wanted; cat "$1"; } > "$1.new"; mv "$1.new" "$1"' .git/wanted`,
  };
  return await clone.tryGit(["commit", "--allow-empty", ...args], { environment });
}

describe("the commit-msg hook", () => {
  it("says nothing about a message that has nothing to do with AI", async () => {
    const result = await commit(
      "maintain: fail again\n\nSaid in an email.\n\nSigned-off-by: Author <author@example.com>\n",
    );
    expect(result).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it("warns about attribution in another form, shows the canonical one, and lets the commit go", async () => {
    const result = await commit(FOOTER);
    expect(result.exitCode).toBe(0);
    expect(result.stderr).toContain(
      'This project writes AI assistance as "AI-Assisted: claude-code/unknown"',
    );
    expect(result.stderr).toContain("    AI-Assisted: claude-code/unknown");
    expect(await message()).toBe(FOOTER);
  });

  it("writes the canonical form when asked to, keeping every word of the person", async () => {
    await mode("fix");
    expect((await commit(FOOTER)).exitCode).toBe(0);
    expect(await message()).toContain("AI-Assisted: claude-code/unknown");
    expect((await message()).startsWith("fix: it\n")).toBe(true);
    expect(await clone.git(["log", "-1", "--format=%(trailers:key=AI-Assisted,valueonly)"])).toContain(
      "claude-code/unknown",
    );
  });

  it("blocks when asked to and keeps the message where it can be taken up again", async () => {
    await mode("block");
    const result = await commit(FOOTER);
    expect(result.exitCode).toBe(1);
    const kept = join(clone.path, ".git/countersign-message");
    expect(result.stderr).toContain(`git commit -e -F ${kept}`);
    expect(await readFile(kept, "utf8")).toBe(FOOTER);
    await mode("off");
    expect(await commit(FOOTER)).toMatchObject({ exitCode: 0, stderr: "" });
  });

  it("writes above Git's comments and never into a diff below the scissors", async () => {
    await mode("fix");
    await clone.write("a.txt", "Co-authored-by: Claude <noreply@anthropic.com>\n");
    await clone.git(["add", "a.txt"]);
    for (const args of [[], ["--verbose"], ["--cleanup=scissors"]]) {
      expect((await commitInEditor(FOOTER, "--allow-empty", ...args)).exitCode).toBe(0);
      const lines = (await message()).trimEnd().split("\n");
      expect(lines.filter((line) => line.startsWith("AI-Assisted:"))).toEqual([
        "AI-Assisted: claude-code/unknown",
      ]);
      expect(lines.some((line) => line.startsWith("#") || line.includes("Co-authored-by"))).toBe(false);
    }
  });

  it("obeys core.commentChar, and takes # for text where no editor was open", async () => {
    await mode("fix");
    await clone.git(["config", "core.commentChar", ";"]);
    expect((await commitInEditor(FOOTER)).exitCode).toBe(0);
    expect(await clone.git(["log", "-1", "--format=%(trailers:key=AI-Assisted,valueonly)"])).toContain(
      "claude-code/unknown",
    );
    await clone.git(["config", "--unset", "core.commentChar"]);
    await commit(`${FOOTER}\n# not a comment\n`, "--cleanup=verbatim");
    expect(await message()).toContain("# not a comment");
    expect(await message()).toContain("AI-Assisted: claude-code/unknown");
  });

  it("keeps bytes that are not UTF-8", async () => {
    await mode("fix");
    const input = Buffer.concat([
      Buffer.from("fix: caf"),
      Buffer.from([0xe9]),
      Buffer.from("\n\nGenerated with Claude Code\n"),
    ]);
    await clone.git(
      ["-c", "i18n.commitEncoding=ISO-8859-1", "commit", "--allow-empty", "--quiet", "-F", "-"],
      { input },
    );
    const raw = await clone.tryGit(["cat-file", "commit", "HEAD"]);
    expect(raw.stdout.includes(Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0a]))).toBe(true);
    expect(raw.stdout.toString("latin1")).toContain("AI-Assisted: claude-code/unknown");
  });

  it("follows the policy's convention", async () => {
    await clone.write(".countersign/policy.yml", await policyText("emission: assisted-by\n"));
    expect((await commit(FOOTER)).stderr).toContain("Assisted-by: ");
  });

  it("never stands in the way when it cannot work", async () => {
    await clone.write(".countersign/policy.yml", "version: [\n");
    const invalid = await commit(FOOTER);
    expect(invalid.exitCode).toBe(0);
    expect(invalid.stderr).toContain("policy.yml is invalid");
    await mode("nonsense");
    const nonsense = await commit(FOOTER);
    expect(nonsense.exitCode).toBe(0);
    expect(nonsense.stderr).toContain("the message was not checked and stays as it is");
    const hook = join(clone.path, ".git/hooks/commit-msg");
    await writeFile(
      hook,
      (await readFile(hook, "utf8")).replace(/^command=.*$/m, `command='${clone.path}/.git/config'`),
    );
    expect((await commit(FOOTER)).exitCode).toBe(0);
  });

  it("prints no escape sequence that a message holds", async () => {
    const result = await commit("x\n\nAI-Assisted : claude\u001b[31m-code\n");
    expect(result.stderr).not.toContain("\u001b");
  });
});

describe("the pre-push hook", () => {
  it("says what the gate will say and who could sign, and pushes all the same", async () => {
    const head = await commitAi(clone, "change");
    const result = await clone.tryGit(["push", "--quiet", "origin", "change"]);
    expect(result.exitCode).toBe(0);
    expect(result.stderr).toContain("refs/heads/change → refs/heads/main: pending");
    expect(result.stderr).toContain("ai-senior-sign-off");
    expect(result.stderr).toContain(
      `next: countersign approve --base ${await clone.id("refs/remotes/origin/main")} --head ${head} --target ${MAIN}`,
    );
    expect(await server.bare.id("refs/heads/change")).toBe(head);
  });

  it("blocks when asked to, and --no-verify passes it", async () => {
    await clone.git(["config", "countersign.prePush", "block"]);
    await commitAi(clone, "change");
    const held = await clone.tryGit(["push", "--quiet", "origin", "change"]);
    expect(held.exitCode).toBe(1);
    expect(held.stderr).toContain("git push --no-verify pushes all the same");
    expect((await clone.tryGit(["push", "--quiet", "--no-verify", "origin", "change"])).exitCode).toBe(0);
  });

  it("takes new evidence along first, so that a signed change lands with one plain push", async () => {
    const head = await commitAi(clone, "change");
    expect((await approve(clone, "senior", head)).exitCode).toBe(0);
    const result = await clone.tryGit(["push", "origin", `change:${MAIN}`]);
    expect(result.stderr).toContain("new evidence was pushed to origin first");
    expect(result.exitCode).toBe(0);
    expect(await server.bare.id(EVIDENCE)).toBe(await clone.id(EVIDENCE));
    await clone.git(["branch", "--quiet", "later"]);
    expect((await clone.tryGit(["push", "origin", "later"])).stderr).not.toContain("evidence");
  });

  it("leaves evidence at home when told to, and survives a remote that refuses it", async () => {
    const head = await commitAi(clone, "change");
    await approve(clone, "senior", head);
    await clone.git(["config", "countersign.pushEvidence", "false"]);
    await clone.tryGit(["push", "--quiet", "origin", "change"]);
    expect((await server.bare.tryGit(["rev-parse", "--verify", "--quiet", EVIDENCE])).exitCode).toBe(1);
    await clone.git(["config", "countersign.pushEvidence", "true"]);
    await server.bare.git(["config", "--add", "receive.hideRefs", EVIDENCE]);
    const result = await clone.tryGit(["push", "--quiet", "origin", "change:refs/heads/again"]);
    expect(result.exitCode).toBe(0);
    expect(result.stderr).toContain("your evidence was not pushed");
  });

  it("keeps silent for deletions, tags and repositories without a policy", async () => {
    await clone.git(["push", "--quiet", "--no-verify", "origin", "HEAD:refs/heads/gone"]);
    for (const refspec of [":refs/heads/gone", "HEAD:refs/tags/v1"]) {
      expect((await clone.tryGit(["push", "--quiet", "origin", refspec])).stderr).toBe("");
    }
    expect((await clone.tryGit(["push", "--quiet", "origin"])).exitCode).toBe(0);
  });

  it("brings evidence with a plain fetch, and the gate counts it", async () => {
    const head = await commitAi(clone, "change");
    await approve(clone, "senior", head);
    await clone.git(["push", "--quiet", "origin", "change"]);
    const other = await server.cloneAs("second");
    await countersign(["hooks", "install"], { cwd: other.path });
    await other.git(["fetch", "--quiet"]);
    const gate = await countersign(
      ["gate", "--base", "refs/remotes/origin/main", "--head", head, "--target", MAIN],
      { cwd: other.path },
    );
    expect(gate).toMatchObject({ exitCode: 0 });
  });
});
