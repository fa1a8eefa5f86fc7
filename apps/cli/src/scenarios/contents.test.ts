// SPDX-License-Identifier: Apache-2.0
// Files of which no line tells who wrote them: binary ones, links, and what Git keeps in another form than lies on disk.
import { chmod, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import { ai, human, type Scenario, scenario, toLine, unknown } from "./scenario.fixture.ts";

/** State of the last commit, and the tools that a recorder saw in it. */
async function expectSeen(s: Scenario, state: string, tools: readonly string[] = []): Promise<void> {
  const { stdout, stderr } = await s.countersign("scan", "--json", "HEAD~1..HEAD");
  const record = JSON.parse(stdout) as { state: string; assistance: { tool: string; evidence: string }[] };
  const seen = record.assistance.filter(({ evidence }) => evidence === "observed").map(({ tool }) => tool);
  expect([record.state, seen], stderr).toEqual([state, tools]);
}

const write = (s: Scenario, file: string, content: string | Buffer) =>
  writeFile(join(s.repo.path, file), content);
const utf16 = (...tags: readonly string[]) =>
  Buffer.from(`\ufeff${tags.map((tag) => `${toLine(tag)}\n`).join("")}`, "utf16le");

describe("a file without lines", () => {
  for (const [name, first, second] of [
    ["a NUL", "one\0two\n", "one\0\0two\n"],
    ["UTF-16", utf16("one"), utf16("one", "two")],
  ] as const) {
    scenario(`with ${name}, made and changed by an agent: its commits are the agent's`, async (s) => {
      await s.shell(() => write(s, "data.bin", first));
      await s.commit();
      await expectSeen(s, "recorded", ["claude-code"]);
      await s.shell(() => write(s, "data.bin", second));
      await s.commit();
      await expectSeen(s, "recorded", ["claude-code"]);
    });
  }

  scenario("that a person changes after the agent's commit is not the agent's again", async (s) => {
    await s.shell(() => write(s, "data.bin", "one\0two\n"));
    await s.commit();
    await expectSeen(s, "recorded", ["claude-code"]);
    await write(s, "data.bin", "mine\0\n");
    await s.commit();
    await expectSeen(s, "cleared");
  });

  scenario("a link that an agent makes a file of, and the other way round", async (s) => {
    await symlink("base.js", join(s.repo.path, "link"));
    await s.commit();
    await s.shell(async () => {
      await rm(join(s.repo.path, "link"));
      await s.types("link", ["one", "two"]);
    });
    await s.commit();
    await s.expectLines("link", [ai("one"), ai("two")]);
    await s.shell(async () => {
      await rm(join(s.repo.path, "link"));
      await symlink("base.js", join(s.repo.path, "link"));
    });
    await s.commit();
    await expectSeen(s, "recorded", ["claude-code"]);
  });
});

describe("a file that Git keeps in another form", () => {
  async function pointTo(s: Scenario): Promise<void> {
    const program = join(s.repo.path, "..", "clean");
    await writeFile(program, '#!/bin/sh\nprintf "pointer to "; sha256sum\n');
    await chmod(program, 0o755);
    await s.git("config", "filter.store.clean", program);
    await s.git("config", "filter.store.smudge", "cat");
    await write(s, ".gitattributes", "*.store filter=store\n*.txt text working-tree-encoding=UTF-16LE-BOM\n");
    await s.commit("attributes");
  }

  scenario("as a pointer: nobody typed it, and the agent is named", async (s) => {
    await pointTo(s);
    await s.agent("a.store", ["one", "two"]);
    await s.commit();
    const [pointer = ""] = (await s.git("show", "HEAD:a.store")).split("\n");
    await s.expectLines("a.store", [unknown(pointer.trim())]);
    await expectSeen(s, "recorded", ["claude-code"]);
    await s.types("a.store", ["one", "mine"]);
    await s.commit();
    await expectSeen(s, "cleared");
  });

  scenario("in another encoding: nobody typed it, and the agent is named", async (s) => {
    await pointTo(s);
    await s.shell(() => write(s, "a.txt", utf16("one", "two")));
    await s.commit();
    await s.expectLines("a.txt", [unknown("one"), unknown("two")]);
    await expectSeen(s, "recorded", ["claude-code"]);
  });

  scenario(
    "with most lines as they are: those that are the agent's are, and so are a person's",
    async (s) => {
      await s.git("config", "filter.secret.clean", "sed s/SECRET/PUBLIC/");
      await s.git("config", "filter.secret.smudge", "sed s/PUBLIC/SECRET/");
      await write(s, ".gitattributes", "*.js filter=secret\n");
      await s.commit("attributes");
      await s.agent("a.js", ["one", "two"]);
      await s.types("a.js", ["one", "two", "mine"]);
      await s.commit();
      await s.expectLines("a.js", [ai("one"), ai("two"), human("mine")]);
    },
  );
});
