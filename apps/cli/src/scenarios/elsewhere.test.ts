// SPDX-License-Identifier: Apache-2.0
// An agent's lines that come from another work tree or another clone, past every commit or picked out of one; or from the index or a stash
// where an agent's command left them, and never from the disk.
import { cp, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createRepository, openTestRepository } from "@countersign/testkit";
import { describe, expect } from "vitest";
import { ai, human, notAi, readText, type Scenario, scenario, toScenario } from "./scenario.fixture.ts";

const BASE = ["k1", "k2", "k3"];
const KEPT = BASE.map((tag) => notAi(tag));

async function begin(s: Scenario): Promise<void> {
  await s.types("a.js", BASE);
  await s.commit("by hand");
}

async function link(s: Scenario): Promise<Scenario> {
  await s.git("worktree", "add", "-q", "../linked", "-b", "linked");
  return toScenario(await openTestRepository(join(s.repo.path, "../linked"), async () => undefined));
}

async function expectState(s: Scenario, state: string): Promise<void> {
  const { stdout, stderr } = await s.countersign("scan", "--json", "HEAD~1..HEAD");
  expect(JSON.parse(stdout), stderr).toMatchObject({ state });
}

describe("another work tree's agent", () => {
  scenario("whose stash comes back here", async (s) => {
    await begin(s);
    const linked = await link(s);
    await linked.agent("a.js", [...BASE, "one", "two"]);
    await linked.git("stash", "-q");
    await s.git("stash", "pop", "-q");
    await s.commit();
    await s.expectLines("a.js", [...KEPT, ai("one"), ai("two")]);
    await expectState(s, "recorded");
  });

  scenario("whose file is copied here, from the main work tree to a linked one too", async (s) => {
    await begin(s);
    const linked = await link(s);
    await s.agent("a.js", [...BASE, "one", "two"]);
    await s.agent("new.js", ["three"]);
    for (const file of ["a.js", "new.js"]) await cp(join(s.repo.path, file), join(linked.repo.path, file));
    await linked.commit();
    await linked.expectLines("a.js", [...KEPT, ai("one"), ai("two")]);
    await linked.expectLines("new.js", [ai("three")]);
    await expectState(linked, "recorded");
  });

  for (const isCommitted of [false, true]) {
    const when = isCommitted ? "committed" : "in no commit";
    scenario(`whose lines, ${when}, come into a file that another agent has in view`, async (s) => {
      await begin(s);
      const linked = await link(s);
      await linked.agent("a.js", [...BASE, "one", "two"]);
      if (isCommitted) await linked.commit();
      await s.agent("a.js", ["top", ...BASE], "codex");
      await writeFile(
        join(s.repo.path, "a.js"),
        (await readText(s, "a.js")) + (await readText(linked, "a.js")).split("\n").slice(3).join("\n"),
      );
      await s.commit();
      await s.expectLines("a.js", [ai("top", "codex"), ...KEPT, ai("one"), ai("two")]);
    });
  }

  scenario("makes no AI's line of what a person types here meanwhile", async (s) => {
    await begin(s);
    const linked = await link(s);
    await linked.agent("a.js", [...BASE, "one", "}"]);
    await s.types("a.js", [...BASE, "mine", "}"]);
    await s.commit();
    await s.expectLines("a.js", [...KEPT, notAi("mine"), notAi("}")]);
    await expectState(s, "cleared");
  });
});

describe("a command of an agent's that leaves its lines", () => {
  scenario("in the index, and something else on disk", async (s) => {
    await begin(s);
    await s.shell(async () => {
      await s.types("a.js", [...BASE, "one", "two"]);
      await s.git("add", "a.js");
      await s.types("a.js", [...BASE, "three"]);
    });
    await s.git("commit", "-q", "-m", "of the index");
    await s.expectLines("a.js", [...KEPT, ai("one"), ai("two")]);
    await expectState(s, "recorded");
  });

  scenario("in the index only", async (s) => {
    await s.shell(async () => {
      await s.types("new.js", ["one", "two"]);
      await s.git("add", "new.js");
      await rm(join(s.repo.path, "new.js"));
    });
    await s.git("commit", "-q", "-m", "of the index");
    await s.git("checkout", "-q", "--", "new.js");
    await s.expectLines("new.js", [ai("one"), ai("two")]);
    await expectState(s, "recorded");
  });

  scenario("in a stash, with new files, and a person's change in it is no command's", async (s) => {
    await begin(s);
    await s.types("a.js", ["mine", ...BASE]);
    await s.shell(async () => {
      await s.types("a.js", ["mine", ...BASE, "one", "two"]);
      await s.types("new.js", ["three"]);
      await s.git("stash", "-q", "-u");
    });
    await s.git("stash", "pop", "-q");
    await s.commit();
    await s.expectLines("a.js", [notAi("mine"), ...KEPT, ai("one"), ai("two")]);
    await s.expectLines("new.js", [ai("three")]);
    await expectState(s, "recorded");
  });
});

scenario("lines of another clone's agent, copied into a file that an agent has in view here", async (s) => {
  await begin(s);
  const server = join(dirname(s.repo.path), "server");
  await using _ = await createRepository({ path: server, bare: true });
  await s.git("remote", "add", "origin", server);
  await s.countersign("init", "--no-agents");
  await s.git("push", "-q", "origin", "main");
  const clone = await s.repo.clone();
  await using mate = toScenario(await openTestRepository(clone.path, clone.remove));
  await mate.git("remote", "set-url", "origin", server);
  await mate.countersign("init", "--no-agents");
  await mate.git("checkout", "-q", "-b", "feature");
  await mate.agent("a.js", [...BASE, "one", "two"]);
  await mate.commit();
  await mate.git("push", "-q", "origin", "feature");
  await s.git("fetch", "-q");
  await s.agent("a.js", ["top", ...BASE], "codex");
  await s.types("a.js", ["top", ...BASE, "one", "two", "hand"]);
  await s.commit();
  await s.expectLines("a.js", [ai("top", "codex"), ...KEPT, ai("one"), ai("two"), human("hand")]);
});
