// SPDX-License-Identifier: Apache-2.0
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  ai,
  createScenario,
  edited,
  human,
  notAi,
  readText,
  scenario,
  toLine,
  unknown,
  waitForNote,
} from "./scenario.fixture.ts";

describe("simple additions", () => {
  scenario("a new file by an agent, with the trailer and the note", async (s) => {
    await s.agent("a.js", ["one", "two"]);
    await s.commit();
    await s.expectLines("a.js", [ai("one"), ai("two")]);
    expect(await s.git("log", "-1", "--format=%B")).toContain("AI-Assisted: claude-code/");
    expect(await waitForNote(s)).toMatch(/^a\.js\n {2}s_[0-9a-f]{14}::t_[0-9a-f]{14} 1-2\n---\n/);
  });

  scenario("a person and two agents interleaved", async (s) => {
    await s.agent("a.js", ["one"]);
    await s.types("a.js", ["zero", "one"]);
    await s.agent("a.js", ["zero", "one", "two"], "codex");
    await s.types("a.js", ["zero", "one", "two", "three"]);
    await s.commit();
    await s.expectLines("a.js", [human("zero"), ai("one"), ai("two", "codex"), human("three")]);
  });

  scenario("lines that nobody recorded are unknown and get no trailer", async (s) => {
    await s.types("a.js", ["one"]);
    await s.commit();
    await s.expectLines("a.js", [unknown("one")]);
    expect(await s.git("log", "-1", "--format=%B")).not.toContain("AI-Assisted");
  });

  scenario("an agent's file that a person rewrites in full is the person's", async (s) => {
    await s.agent("a.js", ["one", "two"]);
    await s.types("a.js", ["mine", "own"]);
    await s.commit();
    await s.expectLines("a.js", [human("mine"), human("own")]);
  });

  scenario("an agent's line that a person changes later stays the agent's", async (s) => {
    await s.agent("a.js", ["one", "two"]);
    await s.commit();
    await s.types("a.js", ["one~", "two"]);
    await s.commit("by hand");
    await s.expectLines("a.js", [edited("one~"), ai("two")]);
  });

  scenario("a person who repeats brackets that an agent wrote elsewhere keeps them", async (s) => {
    await s.agent("a.js", ["one", "}", "return null;", "}"]);
    await s.commit();
    await s.types("b.js", ["mine", "}", "return null;", "}"]);
    await s.commit("by hand");
    await s.expectLines("b.js", [notAi("mine"), notAi("}"), notAi("return null;"), notAi("}")]);
  });

  scenario(
    "a file by the agent's shell, and one that a failing person's command did not touch",
    async (s) => {
      await s.shell(() => s.types("made.js", ["one"]));
      await s.types("hand.js", ["two"]);
      await s.commit();
      await s.expectLines("made.js", [ai("one")]);
      await s.expectLines("hand.js", [notAi("two")]);
    },
  );

  test("the first commit of an empty repository", async () => {
    await using s = await createScenario({ isBare: true });
    await s.agent("a.js", ["one"]);
    await s.commit();
    await s.expectLines("a.js", [ai("one")]);
  });

  for (const setting of [
    "diff.noprefix=true",
    "diff.mnemonicPrefix=true",
    "diff.renames=copies",
    "diff.algorithm=histogram",
    "color.ui=always",
    "diff.relative=true",
    "core.quotePath=true",
    "core.autocrlf=input",
  ]) {
    scenario(`with ${setting}`, async (s) => {
      await s.git("config", ...(setting.split("=") as [string, string]));
      await s.agent("a.js", ["one"]);
      await s.types("a.js", ["one", "two"]);
      await s.commit();
      await s.expectLines("a.js", [ai("one"), human("two")]);
    });
  }

  for (const name of ["with space.js", "名前.js", "e\u0301.js", "👩‍💻.js", 'quo"te.js', "---"]) {
    scenario(`a file called ${name}`, async (s) => {
      await s.agent(name, ["one"]);
      await s.commit();
      await s.expectLines(name, [ai("one")]);
    });
  }
});

describe("staging and committing", () => {
  scenario("only some hunks are staged", async (s) => {
    await s.agent("a.js", ["one", "gap1", "gap2", "gap3", "gap4", "two"]);
    await s.commit();
    await s.agent("a.js", ["new1", "one", "gap1", "gap2", "gap3", "gap4", "two"], "codex");
    await s.types("a.js", ["new1", "one", "gap1", "gap2", "gap3", "gap4", "two", "new2"]);
    const patch = await s.git("diff", "-U0");
    const [header = "", first = ""] = patch.split(/^(?=@@ )/m);
    await s.repo.git(["apply", "--cached", "--unidiff-zero", "-"], { input: header + first });
    await s.git("commit", "-q", "-m", "half");
    await s.expectLines("a.js", [
      ai("new1", "codex"),
      ai("one"),
      ai("gap1"),
      ai("gap2"),
      ai("gap3"),
      ai("gap4"),
      ai("two"),
    ]);
    await s.commit("rest");
    const last = [ai("gap3"), ai("gap4"), ai("two"), human("new2")];
    await s.expectLines("a.js", [ai("new1", "codex"), ai("one"), ai("gap1"), ai("gap2"), ...last]);
  });

  scenario(
    "an agent's file that is not staged stays pending, and the commit without it names no AI",
    async (s) => {
      await s.agent("a.js", ["one"]);
      await s.types("b.js", ["two"]);
      await s.git("add", "b.js");
      await s.git("commit", "-q", "-m", "by hand");
      expect(await s.git("log", "-1", "--format=%B")).not.toContain("AI-Assisted");
      await s.commit("later");
      await s.expectLines("a.js", [ai("one")]);
      expect(await s.git("log", "-1", "--format=%B")).toContain("AI-Assisted");
    },
  );

  scenario("commit -a, commit of named paths, --no-verify", async (s) => {
    await s.agent("base.js", ["base", "one"]);
    await s.git("commit", "-q", "-a", "-m", "a");
    await s.expectLines("base.js", [notAi("base"), ai("one")]);
    await s.agent("base.js", ["base", "one", "two"], "codex");
    await s.agent("c.js", ["three"]);
    await s.git("commit", "-q", "-m", "path", "base.js");
    await s.expectLines("base.js", [notAi("base"), ai("one"), ai("two", "codex")]);
    await s.git("add", "-A");
    await s.git("commit", "-q", "--no-verify", "-m", "no verify");
    await s.expectLines("c.js", [ai("three")]);
  });

  scenario("an agent that commits inside its own shell", async (s) => {
    await s.shell(async () => {
      await s.types("a.js", ["one"]);
      await s.git("add", "-A");
      await s.git("commit", "-q", "-m", "by the agent");
    });
    await s.expectLines("a.js", [ai("one")]);
  });

  scenario("an agent that edits known files, commits and amends inside its own shell", async (s) => {
    await s.agent("a.js", ["one"]);
    await s.types("a.js", ["one", "mine"]);
    await s.shell(async () => {
      await s.types("a.js", ["one", "mine", "two"]);
      await s.git("add", "-A");
      await s.git("commit", "-q", "-m", "by the agent");
      await s.types("a.js", ["one", "mine", "two", "three"]);
      await s.git("commit", "-q", "-a", "--amend", "-m", "by the agent, again");
    });
    await s.expectLines("a.js", [ai("one"), human("mine"), ai("two"), ai("three")]);
  });

  scenario(
    "lines from before init are nobody's, whatever an agent's shell does to them with Git",
    async (s) => {
      await s.countersign("init", "--uninstall");
      await s.types("old.js", ["early", "before", "long before"]);
      await s.git("add", "-A");
      await s.git("-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "before the recorder");
      await s.countersign("init", "--no-agents");
      await s.shell(async () => {
        await s.types("old.js", ["early", "before", "by the agent"]);
        await s.git("commit", "-q", "-a", "-m", "by the agent");
        await s.git("mv", "old.js", "new.js");
        await s.git("commit", "-q", "-a", "--amend", "--no-edit");
        await s.git("rebase", "-q", "--force-rebase", "HEAD~1");
      });
      await s.expectLines("new.js", [unknown("early"), unknown("before"), ai("by the agent")]);
    },
  );

  scenario("a commit that was made without hooks is caught up with", async (s) => {
    await s.agent("a.js", ["one"]);
    await s.git("add", "-A");
    await s.git("-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "unseen");
    await s.agent("b.js", ["two"]);
    await s.commit("seen");
    await s.expectLines("a.js", [ai("one")]);
    await s.expectLines("b.js", [ai("two")]);
  });

  scenario(
    "a deletion by an agent is recorded beside what a person adds to the file, and is no person's",
    async (s) => {
      await s.types("a.js", ["one", "two", "three", "four", "five"]);
      await s.commit("by hand");
      await s.agent("a.js", ["one", "two", "three", "five"]);
      await s.types("a.js", ["one", "mine", "two", "three", "five"]);
      await s.commit("both");
      expect(await s.git("log", "-1", "--format=%B")).toContain("AI-Assisted: claude-code/");
      await s.expectLines("a.js", [
        unknown("one"),
        human("mine"),
        unknown("two"),
        unknown("three"),
        unknown("five"),
      ]);
      await s.types("a.js", ["one", "mine", "two", "three"]);
      await s.commit("a person's own");
      expect(await s.git("log", "-1", "--format=%B")).not.toContain("AI-Assisted");
    },
  );

  scenario(
    "a deletion by an agent is recorded where a person writes another line in its stead",
    async (s) => {
      await s.types("a.js", ["one", "two", "three"]);
      await s.commit("by hand");
      await s.agent("a.js", ["one", "three"]);
      await s.types("a.js", ["one", "mine", "three"]);
      await s.commit("both");
      expect(await s.git("log", "-1", "--format=%B")).toContain("AI-Assisted: claude-code/");
      await s.expectLines("a.js", [unknown("one"), human("mine"), unknown("three")]);
    },
  );

  scenario(
    "a person's own change of a line in a file with an agent's work, staged alone, is the person's",
    async (s) => {
      await s.types("a.js", ["one", "two", "three"]);
      await s.commit("by hand");
      await s.agent("a.js", ["one", "two", "three", "last"]);
      await s.types("a.js", ["one~", "two", "three"]);
      await s.git("add", "a.js");
      await s.types("a.js", ["one~", "two", "three", "last"]);
      await s.git("commit", "-q", "-m", "part");
      expect(await s.git("log", "-1", "--format=%B")).not.toContain("AI-Assisted");
    },
  );

  scenario("a deletion by an agent waits for its commit, whatever is committed before", async (s) => {
    await s.types("a.js", ["one", "two", "three"]);
    await s.commit("by hand");
    await s.agent("a.js", ["one", "three"]);
    await s.types("b.js", ["other"]);
    await s.git("add", "b.js");
    await s.git("commit", "-q", "-m", "other");
    await s.expectLines("b.js", [notAi("other")]);
    expect(await s.git("log", "-1", "--format=%B")).not.toContain("AI-Assisted");
    await s.commit("deleted");
    expect(await s.git("log", "-1", "--format=%B")).toContain("AI-Assisted: claude-code/");
  });

  scenario("a deletion by an agent is recorded though no line of it is left", async (s) => {
    await s.shell(() => rm(join(s.repo.path, "base.js")));
    await s.commit("delete");
    const { stdout } = await s.countersign("scan", "--json", "HEAD~1..HEAD");
    expect(JSON.parse(stdout)).toMatchObject({ state: "recorded" });
  });

  scenario("a merge whose conflict a person settles with a line of their own", async (s) => {
    await s.git("checkout", "-q", "-b", "side");
    await s.agent("base.js", ["base~"]);
    await s.commit("side");
    await s.git("checkout", "-q", "main");
    await s.agent("base.js", ["base~~"], "codex");
    await s.commit("main");
    expect(await s.tryGit("merge", "-q", "side")).toBe(1);
    await s.types("base.js", ["base~", "settled"]);
    await s.git("add", "-A");
    await s.git("commit", "-q", "--no-edit");
    await s.expectLines("base.js", [ai("base~"), notAi("settled")]);
  });
});

describe("commit states", () => {
  scenario("recorded, cleared by observation, and unknown where the recorder was not there", async (s) => {
    await s.types("b.js", ["mine"]);
    await s.commit("by hand, seen from its parent on");
    await s.agent("a.js", ["one"]);
    await s.commit("by an agent");
    const { stdout } = await s.countersign("scan", "--json");
    const states = stdout
      .split("\n")
      .filter((row) => row !== "")
      .map((row) => (JSON.parse(row) as { state: string }).state);
    expect(states).toEqual(["recorded", "cleared", "cleared"]);
    await s.git("checkout", "-q", "--orphan", "elsewhere");
    const made = await s.git("commit-tree", await s.git("write-tree"), "-m", "nobody saw this");
    const other = await s.countersign("scan", "--json", made);
    expect(JSON.parse(other.stdout)).toMatchObject({ state: "unknown" });
  });
});

describe("amend", () => {
  scenario("adds above and below, and a deleted line is gone", async (s) => {
    await s.agent("a.js", ["one", "two"]);
    await s.commit();
    await s.types("a.js", ["top", "one"]);
    await s.agent("a.js", ["top", "one", "end"], "codex");
    await s.git("commit", "-q", "-a", "--amend", "--no-edit");
    await s.expectLines("a.js", [notAi("top"), ai("one"), ai("end", "codex")]);
  });

  scenario("of an agent's line that somebody has changed, while the agent was elsewhere", async (s) => {
    await s.types("a.js", ["one", "two"]);
    await s.commit("by hand");
    await s.agent("a.js", ["one", "two~"]);
    await s.commit("by an agent");
    await s.types("a.js", ["one", "two~~"]);
    await s.agent("b.js", ["three"]);
    await s.git("add", "-A");
    await s.git("commit", "-q", "--amend", "--no-edit");
    await s.expectLines("a.js", [notAi("one"), edited("two~~")]);
  });

  scenario("of an agent's line that somebody has changed, when nothing was expected any more", async (s) => {
    await s.types("a.js", ["one", "two"]);
    await s.commit("by hand");
    await s.agent("a.js", ["one", "two~"]);
    await s.commit("by an agent");
    await s.expectLines("a.js", [notAi("one"), ai("two~")]);
    await s.types("a.js", ["one", "two~~"]);
    await s.git("commit", "-q", "-a", "--amend", "--no-edit");
    await s.expectLines("a.js", [notAi("one"), edited("two~~")]);
  });

  scenario("changes the message only, many times", async (s) => {
    await s.agent("a.js", ["one"]);
    await s.commit();
    for (const round of ["first", "second", "third"]) await s.git("commit", "-q", "--amend", "-m", round);
    await s.expectLines("a.js", [ai("one")]);
  });
});

describe("recorded elsewhere", () => {
  scenario("two work trees of one repository", async (s) => {
    await s.git("worktree", "add", "-q", "../linked", "-b", "linked");
    const linked = join(s.repo.path, "..", "linked");
    await mkdir(join(linked, "sub"), { recursive: true });
    const { openTestRepository } = await import("@countersign/testkit");
    const { toScenario } = await import("./scenario.fixture.ts");
    const other = toScenario(await openTestRepository(linked, async () => undefined));
    await other.agent("sub/a.js", ["one"]);
    await other.types("sub/a.js", ["one", "two"]);
    await other.commit("in the linked tree");
    await other.expectLines("sub/a.js", [ai("one"), human("two")]);
  });

  scenario("a nested repository keeps its own record", async (s) => {
    const { createRepository } = await import("@countersign/testkit");
    const inner = await createRepository({ path: join(s.repo.path, "inner") });
    const { toScenario } = await import("./scenario.fixture.ts");
    const nested = toScenario(inner);
    await nested.countersign("init", "--no-agents");
    await s.agent("inner/a.js", ["one"]);
    await nested.commit("inner");
    await nested.expectLines("a.js", [ai("one")]);
  });

  scenario("another line end or encoding is the same text", async (s) => {
    await s.agent("a.js", ["one", "two"]);
    await s.commit();
    await writeFile(join(s.repo.path, "a.js"), (await readText(s, "a.js")).replaceAll("\n", "\r\n"));
    await s.commit("CRLF");
    const { stdout } = await s.countersign("blame", "--json", "a.js");
    expect(stdout.split("\n").filter((row) => row.includes('"origin":"ai"'))).toHaveLength(2);
    expect(toLine("one")).toContain("one");
  });
});
