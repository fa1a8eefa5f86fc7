// SPDX-License-Identifier: Apache-2.0
// An agent's shell lets Git move what people wrote: that makes none of it the agent's, and what the agent writes meanwhile stays its own.
import { describe, expect } from "vitest";
import { ai, notAi, type Scenario, scenario } from "./scenario.fixture.ts";

const HAND = [notAi("k1"), notAi("k2")];
const AROUND = [notAi("k1"), ai("one"), notAi("k2")];

/** A person's new file on a branch, with HEAD on main again. */
async function branch(s: Scenario): Promise<void> {
  await s.git("switch", "-q", "-c", "feature");
  await s.types("a.js", ["k1", "k2"]);
  await s.commit("by hand");
  await s.git("switch", "-q", "main");
}

async function expectTrailer(s: Scenario, isThere: boolean): Promise<void> {
  expect((await s.git("log", "-1", "--format=%B")).includes("AI-Assisted: claude-code/")).toBe(isThere);
}

describe("a person's new file that an agent's shell brings", () => {
  scenario("by a pick", async (s) => {
    await branch(s);
    await s.shell(() => s.git("cherry-pick", "feature"));
    await s.expectLines("a.js", HAND);
    await expectTrailer(s, false);
  });

  scenario("by a merge in which it writes a line of its own", async (s) => {
    await branch(s);
    await s.shell(async () => {
      await s.git("merge", "-q", "--no-ff", "--no-commit", "feature");
      await s.types("a.js", ["k1", "one", "k2"]);
      await s.git("commit", "-q", "-a", "--no-edit");
    });
    await s.expectLines("a.js", AROUND);
    await expectTrailer(s, true);
  });

  scenario("by a rebase that puts commits together", async (s) => {
    await s.agent("b.js", ["two"], "codex");
    await s.commit("by codex");
    await s.types("a.js", ["k1", "k2"]);
    await s.commit("by hand");
    await s.types("c.js", ["k3"]);
    await s.commit("by hand too");
    await s.shell(() =>
      s.repo.git(["rebase", "-q", "-i", "HEAD~2"], {
        environment: { GIT_SEQUENCE_EDITOR: "sed -i '2s/^pick/fixup/'", GIT_EDITOR: "true" },
      }),
    );
    await s.expectLines("a.js", HAND);
    await s.expectLines("c.js", [notAi("k3")]);
    await s.expectLines("b.js", [ai("two", "codex")]);
    await expectTrailer(s, false);
  });

  for (const stash of ["stash@{0}", "stash@{1}"])
    scenario(`from ${stash}`, async (s) => {
      await s.types("a.js", ["k1", "k2"]);
      await s.git("stash", "push", "-q", "-u");
      if (stash === "stash@{1}") {
        await s.types("c.js", ["k3"]);
        await s.git("stash", "push", "-q", "-u");
      }
      await s.shell(() => s.git("stash", "pop", "-q", stash));
      await s.commit();
      await s.expectLines("a.js", HAND);
      await expectTrailer(s, false);
    });
});

scenario(
  "a person's commits that an agent's shell resets and makes anew with a file of its own",
  async (s) => {
    await s.types("a.js", ["k1", "k2"]);
    await s.commit("by hand");
    await s.types("c.js", ["k3"]);
    await s.commit("by hand too");
    await s.shell(async () => {
      await s.git("reset", "-q", "--soft", "HEAD~2");
      await s.types("b.js", ["one"]);
      await s.git("add", "-A");
      await s.git("commit", "-q", "-m", "all");
    });
    await s.expectLines("a.js", HAND);
    await s.expectLines("c.js", [notAi("k3")]);
    await s.expectLines("b.js", [ai("one")]);
    await expectTrailer(s, true);
  },
);

scenario("a person's lines that an agent's shell brings back by a revert", async (s) => {
  await s.types("a.js", ["k1", "k2", "k3"]);
  await s.commit("by hand");
  await s.types("a.js", ["k1", "k3"]);
  await s.commit("less");
  await s.shell(() => s.git("revert", "--no-edit", "HEAD"));
  await s.expectLines("a.js", [...HAND, notAi("k3")]);
  await expectTrailer(s, false);
});

describe("an agent's own lines, written and moved by Git in one command", () => {
  scenario("committed, and picked onto another branch", async (s) => {
    await branch(s);
    await s.shell(async () => {
      await s.git("switch", "-q", "feature");
      await s.types("a.js", ["k1", "one", "k2"]);
      await s.git("commit", "-q", "-a", "-m", "by the agent");
      await s.types("b.js", ["two"]);
      await s.git("add", "-A");
      await s.git("commit", "-q", "-m", "by the agent too");
      await s.git("switch", "-q", "main");
      await s.git("cherry-pick", "feature");
    });
    await s.expectLines("b.js", [ai("two")]);
    await s.expectLines("a.js", AROUND, "feature");
    await expectTrailer(s, true);
  });

  scenario("put into a stash, and brought back by another command", async (s) => {
    await s.shell(async () => {
      await s.types("a.js", ["one", "two"]);
      await s.git("stash", "push", "-q", "-u");
    });
    await s.shell(() => s.git("stash", "apply", "-q"));
    await s.commit();
    await s.expectLines("a.js", [ai("one"), ai("two")]);
    await expectTrailer(s, true);
  });

  for (const start of ["main", "feature"])
    scenario(`committed on a new branch from ${start} with Git's hooks switched off`, async (s) => {
      await branch(s);
      await s.types("mine.js", ["mine"]);
      await s.shell(async () => {
        await s.git("switch", "-q", "-c", "new", start);
        await s.types("b.js", ["two"]);
        if (start === "feature") await s.types("a.js", ["k1", "one", "k2"]);
        await s.git("add", ...(start === "feature" ? ["a.js"] : []), "b.js");
        await s.git("-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "by the agent");
      });
      await s.expectLines("b.js", [ai("two")]);
      if (start === "feature") await s.expectLines("a.js", AROUND);
      await s.commit("by hand");
      await s.expectLines("mine.js", [notAi("mine")]);
      await expectTrailer(s, false);
    });

  scenario("committed, reset and committed again", async (s) => {
    await s.types("a.js", ["k1", "k2"]);
    await s.commit("by hand");
    await s.shell(async () => {
      await s.types("a.js", ["k1", "one", "k2"]);
      await s.git("commit", "-q", "-a", "-m", "by the agent");
      await s.git("reset", "-q", "--soft", "HEAD~1");
      await s.git("commit", "-q", "-m", "again");
    });
    await s.expectLines("a.js", AROUND);
  });

  scenario("into a commit at which a rebase stopped", async (s) => {
    await s.types("a.js", ["k1", "k2"]);
    await s.commit("by hand");
    await s.types("c.js", ["k3"]);
    await s.commit("by hand too");
    await s.shell(async () => {
      await s.repo.git(["rebase", "-q", "-i", "HEAD~2"], {
        environment: { GIT_SEQUENCE_EDITOR: "sed -i '1s/^pick/edit/'", GIT_EDITOR: "true" },
      });
      await s.types("a.js", ["k1", "one", "k2"]);
      await s.git("commit", "-q", "-a", "--amend", "--no-edit");
      await s.git("rebase", "--continue");
    });
    await s.expectLines("a.js", AROUND);
    await s.expectLines("c.js", [notAi("k3")]);
  });
});
