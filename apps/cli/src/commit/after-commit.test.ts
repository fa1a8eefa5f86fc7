// SPDX-License-Identifier: Apache-2.0
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { createRepository } from "@countersign/testkit";
import { describe, expect, test } from "vitest";
import { ai, createScenario, type Scenario, toScenario, waitForNote } from "../scenarios/scenario.fixture.ts";

const recorder = (s: Scenario, ...parts: string[]) =>
  join(s.repo.path, ".git/countersign/recorder", ...parts);
const hasRecord = async (s: Scenario, id: string) =>
  (await s.tryGit(
    "rev-parse",
    "-q",
    "--verify",
    `refs/countersign/records:${id.slice(0, 2)}/${id.slice(2)}`,
  )) === 0;

function scenario(title: string, play: (s: Scenario) => Promise<void>): void {
  test(title, async () => {
    await using s = await createScenario();
    // For a shell that runs Git by itself.
    await s.git("config", "user.name", "author");
    await s.git("config", "user.email", "author@example.com");
    await play(s);
  });
}

/** Two commits by an agent, one at the heels of the other, by one shell. */
async function commitTwice(s: Scenario): Promise<readonly string[]> {
  await s.agent("a.js", ["one"]);
  await s.git("add", "a.js");
  await s.agent("b.js", ["two"]);
  const script = "git commit -q -m first; git add b.js; git commit -q -m second";
  const shell = spawn("sh", ["-c", script], { cwd: s.repo.path, env: { ...s.repo.environment } });
  await once(shell, "close");
  return [await s.repo.id("HEAD~1"), await s.repo.id("HEAD")];
}

describe("what a commit leaves behind", () => {
  scenario("is finished soon without anybody asking, also of commits at one another's heels", async (s) => {
    const [first = "", second = ""] = await commitTwice(s);
    expect(await waitForNote(s, first)).toContain("a.js\n");
    expect(await waitForNote(s, second)).toContain("b.js\n");
    for (const id of [first, second]) expect(await hasRecord(s, id)).toBe(true);
    await s.expectLines("b.js", [ai("two")]);
  });

  scenario("is there for whoever reads, and for a push, at once", async (s) => {
    await using server = await createRepository({ bare: true });
    await s.git("remote", "add", "origin", server.path);
    await s.agent("a.js", ["one"]);
    const id = await s.commit();
    await s.git("push", "-q", "origin", "HEAD:main");
    const path = `${id.slice(0, 2)}/${id.slice(2)}`;
    expect(await server.git(["ls-tree", "-r", "--name-only", "refs/countersign/records"])).toContain(path);
    expect(await server.git(["ls-tree", "-r", "--name-only", "refs/notes/ai"])).toContain(path);
    await s.agent("a.js", ["one", "two"]);
    await s.commit();
    const { stdout } = await s.countersign("scan", "--json", "--limit", "1");
    expect(JSON.parse(stdout)).toMatchObject({ state: "recorded" });
  });

  scenario("is finished by the next reader where the process behind the commit was killed", async (s) => {
    await s.agent("a.js", ["one"]);
    await waitForNote(s, await s.commit());
    // Whoever kills it leaves its lock behind, with the id of a process that is no more.
    const gone = spawn("true");
    await once(gone, "close");
    const hook = join(s.repo.path, ".git/hooks/post-commit");
    const text = await readFile(hook, "utf8");
    await writeFile(hook, text.replace(/^node=.*$/m, "node=/bin/false"));
    await s.agent("a.js", ["one", "two"]);
    await writeFile(recorder(s, "flush.lock"), `${gone.pid}\n`);
    const id = await s.commit();
    expect(await readdir(recorder(s, "records"))).toHaveLength(1);
    expect(await hasRecord(s, id)).toBe(false);
    await s.expectLines("a.js", [ai("one"), ai("two")]);
    expect(await hasRecord(s, id)).toBe(true);
    expect(await s.git("notes", "--ref=ai", "show", id)).toContain("a.js\n");
  });

  scenario("is not lost where a branch moves forward to the commit before it is finished", async (s) => {
    const hook = join(s.repo.path, ".git/hooks/post-commit");
    const text = await readFile(hook, "utf8");
    await writeFile(hook, text.replace(/^node=.*$/m, "node=/bin/false"));
    await s.git("checkout", "-q", "-b", "side");
    await s.agent("a.js", ["one"]);
    const id = await s.commit();
    await s.git("checkout", "-q", "main");
    await s.git("merge", "-q", "--ff-only", "side");
    await s.expectLines("a.js", [ai("one")]);
    expect(await s.git("notes", "--ref=ai", "show", id)).toContain("a.js\n");
    const { stdout } = await s.countersign("scan", "--json", "--limit", "1");
    expect(JSON.parse(stdout)).toMatchObject({ commit: id, coverage: "whole", warnings: [] });
  });

  scenario("is waited for while another process is at it", async (s) => {
    const other = spawn("sleep", ["600"]);
    await writeFile(recorder(s, "flush.lock"), `${other.pid}\n`);
    await s.agent("a.js", ["one"]);
    const id = await s.commit();
    const reading = s.countersign("blame", "--json", "a.js");
    await setTimeout(1500);
    expect(await hasRecord(s, id)).toBe(false);
    other.kill("SIGKILL");
    await once(other, "close");
    expect((await reading).stdout).toContain('"origin":"ai"');
    expect(await hasRecord(s, id)).toBe(true);
  });

  scenario("holds nothing of the caller's open: whoever reads the commit's output sees it end", async (s) => {
    await s.agent("a.js", ["one"]);
    await s.git("add", "-A");
    const slow = join(s.repo.path, ".git/slow");
    await writeFile(slow, `#!/bin/sh\necho $$ > '${slow}.pid'\nexec sleep 600\n`, { mode: 0o755 });
    const hook = join(s.repo.path, ".git/hooks/post-commit");
    const text = await readFile(hook, "utf8");
    await writeFile(hook, text.replace(/^node=.*$/m, `node='${slow}'`));
    const environment = { ...s.repo.environment };
    const shell = spawn("sh", ["-c", "git commit -q -m piped 2>&1 | cat"], {
      cwd: s.repo.path,
      env: environment,
    });
    await once(shell, "close");
    process.kill(await readPid(`${slow}.pid`));
    expect(await s.git("log", "-1", "--format=%s")).toBe("piped");
  });
});

async function readPid(path: string): Promise<number> {
  for (;;) {
    const text = await readFile(path, "latin1").catch(() => "");
    if (text.endsWith("\n")) return Number(text);
    await setTimeout(20);
  }
}

/** Each takes Node as long to load as all that a hook does. */
const LARGE = /^NativeModule (?:crypto|child_process|stream|net|fs\/promises|zlib|tls|worker_threads)$/;

test("the programs that a commit and an agent wait for load none of Node's large modules", async () => {
  await using s = await createScenario();
  await s.types("packed.js", ["base"]);
  await s.commit("by hand");
  await s.git("gc", "-q");
  const lists = join(s.repo.path, ".git/loaded");
  const asker = join(s.repo.path, ".git/asker.cjs");
  const ask = `require("node:fs").appendFileSync(${JSON.stringify(lists)}, JSON.stringify([process.argv.slice(1, 3).join(" "), process.moduleLoadList]) + "\\n")`;
  await writeFile(asker, `process.on("exit", () => ${ask});\n`);
  const environment = { NODE_OPTIONS: `--require=${asker}` };
  const asked = toScenario({ ...s.repo, environment: { ...s.repo.environment, ...environment } });
  await asked.agent("packed.js", ["base", "one"]);
  await s.git("add", "-A");
  await s.repo.git(["commit", "-q", "-m", "by an agent"], { environment });
  const loaded = (await readFile(lists, "utf8"))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as [string, string[]]);
  const waited = loaded.filter(([words]) => !words.endsWith(" flush"));
  expect(waited.map(([words]) => words.split("/").at(-1)?.split(" ").at(-1))).toEqual([
    "claude-code",
    "claude-code",
    "prepare-commit-msg",
  ]);
  expect(waited.flatMap(([, names]) => names.filter((name) => LARGE.test(name)))).toEqual([]);
});

describe("objects that Git has packed", () => {
  scenario("are read ahead for the hook, whatever the files are called", async (s) => {
    const names = ["plain.js", "with blank.js", "ümlaut.js", "back\\slash.js", "0:colon.js", "-dash.js"];
    for (const name of names) await s.types(name, ["base"]);
    await s.commit("by hand");
    for (const name of names) await s.agent(name, ["base", "one"]);
    await s.git("add", "-A");
    await s.git("gc", "-q");
    const id = await s.commit("by an agent");
    const note = await waitForNote(s, id);
    for (const name of names) expect(note).toContain(name);
    for (const name of names) await s.expectLines(name, [["unknown", "base"], ai("one")]);
  });
});
