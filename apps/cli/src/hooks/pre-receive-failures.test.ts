// SPDX-License-Identifier: Apache-2.0
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createTemporaryFolder, testEnvironment, tryRun } from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  commitAi,
  createPushServer,
  identityOf,
  MAIN,
  type PushServer,
  policyText,
  push,
} from "./push-server.fixture.ts";

let server: PushServer;
beforeEach(async () => {
  server = await createPushServer();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

/** Puts another program where the installed hook looks for one. */
async function replaceProgram(which: "node" | "command", path: string): Promise<void> {
  const hook = join(server.bare.path, "hooks/pre-receive");
  const text = await readFile(hook, "utf8");
  await writeFile(hook, text.replace(new RegExp(`^${which}=.*$`, "m"), `${which}='${path}'`));
}

async function pushHarmless() {
  const author = await server.cloneAs("author");
  await author.commit({
    message: "doc: hello\n",
    files: { "hello.txt": "hello\n" },
    author: identityOf("author"),
  });
  const before = await server.bare.id(MAIN);
  const result = await push(author, `HEAD:${MAIN}`);
  return { ...result, hasMoved: before !== (await server.bare.id(MAIN)) };
}

describe("a pre-receive hook that cannot do its work", () => {
  it("refuses when the program is gone, and tells whom to tell", async () => {
    await replaceProgram("command", "/nonexistent/countersign.mjs");
    const { isAccepted, hasMoved, words } = await pushHarmless();
    expect([isAccepted, hasMoved]).toEqual([false, false]);
    expect(words).toContain("the gate cannot run, so this push is refused");
    expect(words).toContain("administrator: install it again with: countersign hooks install");
  });

  it("refuses when Node is gone", async () => {
    await replaceProgram("node", "/nonexistent/node");
    expect(await pushHarmless()).toMatchObject({ isAccepted: false, hasMoved: false });
  });

  it.each([
    ["crashes", "process.kill(process.pid, 'SIGKILL');\n"],
    ["throws", "throw new Error('boom');\n"],
    ["never ends its promise", "await new Promise(() => {});\n"],
    ["is damaged", "}{\n"],
  ])("refuses when the program %s", async (_how, text) => {
    await using folder = await createTemporaryFolder();
    const program = join(folder.path, "countersign.mjs");
    await writeFile(program, text);
    await replaceProgram("command", program);
    expect(await pushHarmless()).toMatchObject({ isAccepted: false, hasMoved: false });
  });

  it("refuses when Git is too broken to be asked", async () => {
    await using folder = await createTemporaryFolder();
    const program = join(folder.path, "node");
    await writeFile(program, `#!/bin/sh\nPATH=/nonexistent exec '${process.execPath}' "$@"\n`, {
      mode: 0o755,
    });
    await replaceProgram("node", program);
    const { isAccepted, words } = await pushHarmless();
    expect(isAccepted).toBe(false);
    expect(words).toContain("the gate could not tell, so this push is refused");
  });

  it("refuses after its time is over", async () => {
    await server.bare.git(["config", "countersign.timeout", "2"]);
    await using folder = await createTemporaryFolder();
    const git = (await server.bare.git(["--exec-path"])).concat("/git");
    const slow = `#!/bin/sh\ncase "$*" in *for-each-ref*) exec sleep 100 ;; esac\nexec '${git}' "$@"\n`;
    await writeFile(join(folder.path, "git"), slow, { mode: 0o755 });
    const node = `#!/bin/sh\nPATH='${folder.path}':$PATH exec '${process.execPath}' "$@"\n`;
    await writeFile(join(folder.path, "node"), node, { mode: 0o755 });
    await replaceProgram("node", join(folder.path, "node"));
    const { isAccepted, words } = await pushHarmless();
    expect(isAccepted).toBe(false);
    expect(words).toContain("no verdict after 2 s, so this push is refused");
  });

  it("finds a countersign on PATH when its own file is gone", async () => {
    await replaceProgram("command", "/nonexistent/countersign.mjs");
    await using folder = await createTemporaryFolder();
    await writeFile(join(folder.path, "countersign"), "#!/bin/sh\ncat >&2\nexit 1\n", { mode: 0o755 });
    const environment = testEnvironment({ PATH: `${folder.path}:/usr/bin:/bin` });
    const input = `${"1".repeat(40)} ${"2".repeat(40)} ${MAIN}\n`;
    const hook = await tryRun(join(server.bare.path, "hooks/pre-receive"), [], {
      cwd: server.bare.path,
      environment,
      input,
    });
    expect(hook).toMatchObject({ exitCode: 1, stderr: input });
  });

  it.each(["", "hello\n", `${"0".repeat(40)} ${"0".repeat(40)} refs/heads/x\n`, "1 2 refs/heads/x\n"])(
    "refuses input that Git does not write: %j",
    async (input) => {
      const { bare } = server;
      const hook = await tryRun(join(bare.path, "hooks/pre-receive"), [], {
        cwd: bare.path,
        environment: testEnvironment(),
        input,
      });
      expect(hook.exitCode).not.toBe(0);
      expect(hook.stderr).toContain("as Git writes them to this hook");
    },
  );

  it("refuses although nobody hears it any more: a closed standard error is no success", async () => {
    const author = await server.cloneAs("author");
    const head = await commitAi(author, "change");
    await server.bare.git(["fetch", "--quiet", author.path, head]);
    const input = `${await server.bare.id(MAIN)} ${head} ${MAIN}\n`;
    const script = `printf '${input.trim()}\\n' | ./hooks/pre-receive 2>&1 | true; exec 3>&1; { printf '${input.trim()}\\n' | ./hooks/pre-receive 2>&4; echo $? >&3; } 4>&1 >/dev/null | :`;
    const result = await tryRun("sh", ["-c", script], {
      cwd: server.bare.path,
      environment: testEnvironment({ GIT_DIR: "." }),
    });
    expect(result.stdout.toString("utf8").trim()).toBe("1");
  });

  it("refuses a setting that it does not know, and says which there are", async () => {
    await server.bare.git(["config", "countersign.preReceive", "of"]);
    const { isAccepted, words } = await pushHarmless();
    expect(isAccepted).toBe(false);
    expect(words).toContain("expected one of enforce, off");
  });

  it("is switched off only by the server's own configuration", async () => {
    await server.bare.git(["config", "countersign.preReceive", "off"]);
    const author = await server.cloneAs("author");
    await commitAi(author, "change");
    expect((await push(author, `HEAD:${MAIN}`)).isAccepted).toBe(true);
  });

  it("speaks to GitLab's pages with its prefix on every line", async () => {
    const author = await server.cloneAs("author");
    const head = await commitAi(author, "change");
    await server.bare.git(["fetch", "--quiet", author.path, head]);
    const environment = testEnvironment({
      GIT_DIR: ".",
      GL_ID: "user-1",
      GL_PROTOCOL: "web",
      GL_USERNAME: "author",
    });
    const input = `${await server.bare.id(MAIN)} ${head} ${MAIN}\n`;
    const hook = await tryRun(join(server.bare.path, "hooks/pre-receive"), [], {
      cwd: server.bare.path,
      environment,
      input,
    });
    expect(hook.exitCode).toBe(1);
    const lines = hook.stderr.trimEnd().split("\n");
    expect(lines.filter((line) => !line.startsWith("GL-HOOK-ERR:"))).toEqual([]);
    expect(hook.stderr).toContain("ai-senior-sign-off");
  });
});

describe("the first push", () => {
  it("must bring the default branch with a valid policy", async () => {
    await using empty = await createPushServer({ isEmpty: true });
    const { installServer } = await import("./push-server.fixture.ts");
    await installServer(empty.bare);
    const author = await empty.cloneAs("author");
    const bare = await author.commit({
      message: "start\n",
      files: { "a.txt": "a\n" },
      author: identityOf("author"),
    });
    const withoutPolicy = await push(author, `${bare}:${MAIN}`);
    expect(withoutPolicy.isAccepted).toBe(false);
    expect(withoutPolicy.words).toContain("no policy is not permission");
    const elsewhere = await push(author, `${bare}:refs/heads/other`);
    expect(elsewhere.isAccepted).toBe(false);
    expect(elsewhere.words).toContain("which does not exist, so there is no policy to judge by");
    await author.commit({
      message: "bad\n",
      files: { ".countersign/policy.yml": "version: 1\nrulez: []\n" },
      author: identityOf("author"),
    });
    expect((await push(author, `HEAD:${MAIN}`)).words).toContain("invalid, so nothing passes");
    await author.commit({
      message: "policy\n",
      files: { ".countersign/policy.yml": await policyText() },
      author: identityOf("author"),
    });
    expect(await push(author, `HEAD:${MAIN}`, "HEAD:refs/heads/other")).toMatchObject({ isAccepted: true });
  });

  it("does not open a server whose HEAD names a branch that nobody has", async () => {
    await server.bare.git(["symbolic-ref", "HEAD", "refs/heads/master"]);
    const author = await server.cloneAs("author");
    await author.git(["checkout", "--quiet", "-B", "main", "refs/remotes/origin/main"]);
    await author.commit({
      message: "x\n",
      files: { ".countersign/policy.yml": "version: 1\nrules: []\n" },
      author: identityOf("author"),
    });
    for (const ref of [MAIN, "refs/heads/master", "refs/heads/x"]) {
      const { isAccepted, words } = await push(author, `HEAD:${ref}`);
      expect(isAccepted).toBe(false);
      expect(words).toContain("git symbolic-ref HEAD refs/heads/main");
    }
  });
});
