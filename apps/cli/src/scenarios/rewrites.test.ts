// SPDX-License-Identifier: Apache-2.0
import { cp, mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import {
  ai,
  edited,
  freshClone,
  human,
  notAi,
  readText,
  type Scenario,
  scenario,
} from "./scenario.fixture.ts";

/** A branch with an agent's commit and one of an agent and a person, and a target that moved on. */
async function branch(s: Scenario): Promise<void> {
  await s.git("checkout", "-q", "-b", "feature");
  await s.agent("a.js", ["one", "two"]);
  await s.commit("first");
  await s.agent("a.js", ["one", "two", "three"], "codex");
  await s.types("a.js", ["one", "two", "three", "hand"]);
  await s.commit("second");
  await s.git("checkout", "-q", "main");
  await s.types("other.js", ["other"]);
  await s.commit("main moves on");
}
const BRANCH = [ai("one"), ai("two"), ai("three", "codex"), human("hand")];

describe("rebase", () => {
  scenario("onto a target that moved on", async (s) => {
    await branch(s);
    await s.git("rebase", "-q", "main", "feature");
    await s.expectLines("a.js", BRANCH);
  });

  scenario("with --onto, --root, --exec and --force", async (s) => {
    await branch(s);
    await s.git("rebase", "-q", "--onto", "main", "main~1", "feature");
    await s.expectLines("a.js", BRANCH);
    await s.git("rebase", "-q", "--force-rebase", "--exec", "true", "main");
    await s.expectLines("a.js", BRANCH);
    await s.git("rebase", "-q", "--root", "--force-rebase");
    await s.expectLines("a.js", BRANCH);
  });

  for (const [name, script] of [
    ["squash", "2s/^pick/squash/"],
    ["fixup", "2s/^pick/fixup/"],
    ["reword", "s/^pick/reword/"],
    ["edit", "1s/^pick/edit/"],
  ] as const) {
    scenario(`interactive: ${name}`, async (s) => {
      await branch(s);
      await s.git("checkout", "-q", "feature");
      await s.repo.git(["rebase", "-q", "-i", "main"], {
        environment: { GIT_SEQUENCE_EDITOR: `sed -i '${script}'`, GIT_EDITOR: "true" },
      });
      if (name === "edit") await s.git("rebase", "--continue");
      await s.expectLines("a.js", BRANCH);
    });
  }

  scenario("autosquash folds an agent's fixup into an agent's commit", async (s) => {
    await branch(s);
    await s.git("checkout", "-q", "feature");
    await s.agent("b.js", ["fix"], "codex");
    await s.git("add", "-A");
    await s.git("commit", "-q", "--fixup", "HEAD~1");
    await s.git("rebase", "-q", "-i", "--autosquash", "main");
    await s.expectLines("b.js", [ai("fix", "codex")]);
    await s.expectLines("a.js", BRANCH);
  });

  scenario("autostash brings pending work through", async (s) => {
    await branch(s);
    await s.git("checkout", "-q", "feature");
    await s.agent("base.js", ["base", "pending"]);
    await s.git("rebase", "-q", "--autostash", "main");
    await s.commit("after");
    await s.expectLines("base.js", [notAi("base"), ai("pending")]);
    await s.expectLines("a.js", BRANCH);
  });

  scenario("a conflict that a person settles keeps both sides' lines", async (s) => {
    await s.git("checkout", "-q", "-b", "feature");
    await s.agent("base.js", ["base", "mine"]);
    await s.commit("feature");
    await s.git("checkout", "-q", "main");
    await s.agent("base.js", ["base", "theirs"], "codex");
    await s.commit("main");
    await s.tryGit("rebase", "-q", "main", "feature");
    await s.types("base.js", ["base", "theirs", "mine"]);
    await s.git("add", "-A");
    await s.git("rebase", "--continue");
    await s.expectLines("base.js", [notAi("base"), ai("theirs", "codex"), ai("mine")]);
  });
});

describe("cherry-pick and revert", () => {
  scenario("one, several, and without committing", async (s) => {
    await branch(s);
    await s.git("cherry-pick", "feature~1");
    await s.expectLines("a.js", [ai("one"), ai("two")]);
    await s.git("cherry-pick", "-n", "feature");
    await s.commit("picked");
    await s.expectLines("a.js", BRANCH);
  });

  scenario("a revert of a deletion brings the agent's lines back as the agent's", async (s) => {
    await s.agent("a.js", ["one", "two"]);
    await s.commit();
    await s.types("a.js", ["two"]);
    await s.commit("delete");
    await s.git("revert", "--no-edit", "HEAD");
    await s.expectLines("a.js", [ai("one"), ai("two")]);
  });
});

scenario(
  "an agent's line that a person brought back half-way, past the hooks, is still the agent's",
  async (s) => {
    await s.types("policy.txt", ["allow s3:GetObject on releases/inside"]);
    await s.commit("before");
    await s.agent("policy.txt", ["allow s3:* on everything/anywhere"]);
    await s.git("add", "-A");
    await s.git("-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "change");
    await s.types("policy.txt", ["allow s3:* on releases/inside"]);
    await s.git("commit", "-q", "-a", "--amend", "--no-edit", "--no-verify");
    await s.expectLines("policy.txt", [edited("allow s3:* on releases/inside")]);
  },
);

describe("a revert of an agent's change of a line that a person had changed before", () => {
  const change = async (s: Scenario, ...options: readonly string[]) => {
    await s.types("a.js", ["one", "two"]);
    await s.commit("before");
    await s.types("a.js", ["one~", "two", "four"]);
    await s.agent("a.js", ["one~", "two", "four", "five"], "codex");
    await s.agent("a.js", ["one~~", "two", "four", "five"]);
    await s.git("add", "-A");
    await s.git(...options, "commit", "-q", "-m", "change");
  };

  scenario("by Git, at once after it", async (s) => {
    await change(s);
    await s.git("revert", "--no-edit", "HEAD");
    await s.expectLines("a.js", [notAi("one"), notAi("two")]);
    expect(await s.git("log", "-1", "--format=%B")).not.toContain("AI-Assisted");
  });

  scenario("without hooks, and by a forge", async (s) => {
    await change(s, "-c", "core.hooksPath=/dev/null");
    await s.git("-c", "core.hooksPath=/dev/null", "revert", "--no-edit", "HEAD");
    await s.expectLines("a.js", [notAi("one"), notAi("two")]);
    const commit = await s.git("commit-tree", "HEAD^{tree}", "-p", "HEAD~1", "-m", 'Revert "change" (#1)');
    await s.git("reset", "-q", "--hard", commit.trim());
    await s.expectLines("a.js", [notAi("one"), notAi("two")]);
  });
});

describe("reset and stash", () => {
  for (const mode of ["--soft", "--mixed"]) {
    scenario(`reset ${mode} and commit again`, async (s) => {
      await s.agent("a.js", ["one"]);
      await s.commit();
      await s.git("reset", "-q", mode, "HEAD~1");
      await s.types("a.js", ["one", "two"]);
      await s.commit("again");
      await s.expectLines("a.js", [ai("one"), notAi("two")]);
    });
  }

  scenario("reset --hard gives work up, and somebody's later work is not the agent's", async (s) => {
    await s.agent("a.js", ["one"]);
    await s.commit();
    await s.git("reset", "-q", "--hard", "HEAD~1");
    await s.types("a.js", ["mine"]);
    await s.commit("again");
    await s.expectLines("a.js", [notAi("mine")]);
  });

  for (const back of ["pop", "apply"]) {
    scenario(`stash, another commit, ${back}, commit`, async (s) => {
      await s.agent("base.js", ["base", "one"]);
      await s.agent("new.js", ["two"]);
      await s.git("stash", "push", "-q", "-u");
      await s.types("other.js", ["other"]);
      await s.commit("other");
      await s.git("stash", back, "-q");
      await s.commit("back");
      await s.expectLines("base.js", [notAi("base"), ai("one")]);
      await s.expectLines("new.js", [ai("two")]);
    });
  }

  scenario("a stash that comes back onto a changed file", async (s) => {
    await s.types("a.js", ["k1", "k2", "k3", "k4", "k5"]);
    await s.commit("file");
    await s.agent("a.js", ["k1", "k2", "k3", "k4", "k5", "one", "two", "three"]);
    await s.git("stash", "-q");
    await s.types("a.js", ["top", "k1", "k2", "k3", "k4", "k5"]);
    await s.commit("top");
    await s.git("stash", "pop", "-q");
    await s.commit("back");
    const kept = ["top", "k1", "k2", "k3", "k4", "k5"].map((tag) => notAi(tag));
    await s.expectLines("a.js", [...kept, ai("one"), ai("two"), ai("three")]);
  });
});

describe("squash", () => {
  scenario("merge --squash", async (s) => {
    await branch(s);
    await s.git("merge", "-q", "--squash", "feature");
    await s.git("commit", "-q", "-m", "squashed");
    await s.expectLines("a.js", BRANCH);
  });

  scenario("a forge's squash of 100 lines, the branch deleted, seen in a fresh clone", async (s) => {
    const tags = Array.from({ length: 100 }, (_, index) => `line${index}`);
    await s.git("checkout", "-q", "-b", "feature");
    await s.agent("a.js", tags);
    await s.commit("hundred");
    await s.git("checkout", "-q", "main");
    await s.types("other.js", ["other"]);
    await s.commit("main moves on");
    const tree = await s.git("merge-tree", "--write-tree", "main", "feature");
    const squashed = await s.git("commit-tree", tree, "-p", "main", "-m", "feature (#1)");
    await s.git("reset", "-q", "--hard", squashed);
    await s.git("branch", "-q", "-D", "feature");
    await s.expectLines(
      "a.js",
      tags.map((tag) => ai(tag)),
    );
    await using clone = await freshClone(s);
    await clone.expectLines(
      "a.js",
      tags.map((tag) => ai(tag)),
    );
  });

  scenario("reconcile writes the record that a forge's squash lacks", async (s) => {
    await branch(s);
    const tree = await s.git("merge-tree", "--write-tree", "main", "feature");
    const squashed = await s.git("commit-tree", tree, "-p", "main", "-m", "feature (#1)");
    await s.git("reset", "-q", "--hard", squashed);
    const { exitCode, stderr } = await s.countersign("reconcile", "--write", "HEAD~1..HEAD");
    expect(exitCode, stderr).toBe(0);
    await using clone = await freshClone(s);
    await clone.expectLines("a.js", BRANCH);
  });
});

describe("renames, copies, moves, formatters", () => {
  scenario("git mv in a later commit, and with an edit", async (s) => {
    const rest = ["four", "five", "six"];
    await s.agent("a.js", ["one", "two", "three", ...rest]);
    await s.commit();
    await s.git("mv", "a.js", "b.js");
    await s.commit("mv");
    await s.expectLines("b.js", [ai("one"), ai("two"), ai("three"), ...rest.map((tag) => ai(tag))]);
    await s.git("mv", "b.js", "c.js");
    await s.types("c.js", ["one", "two", "three~", ...rest, "hand"]);
    await s.commit("mv and edit");
    await s.expectLines("c.js", [
      ai("one"),
      ai("two"),
      edited("three~"),
      ...rest.map((tag) => ai(tag)),
      notAi("hand"),
    ]);
  });

  scenario("a rename before the first commit", async (s) => {
    await s.agent("a.js", ["one", "two"]);
    await rename(join(s.repo.path, "a.js"), join(s.repo.path, "b.js"));
    await s.commit();
    await s.expectLines("b.js", [ai("one"), ai("two")]);
  });

  scenario("a copy of an agent's file", async (s) => {
    await s.agent("a.js", ["one", "two", "three", "four"]);
    await s.commit();
    await cp(join(s.repo.path, "a.js"), join(s.repo.path, "copy.js"));
    await s.commit("copy");
    await s.expectLines("copy.js", [ai("one"), ai("two"), ai("three"), ai("four")]);
  });

  scenario("a formatter that breaks one call over four lines", async (s) => {
    await s.agent("a.js", ["one"]);
    await s.commit();
    const [, name = "", first = "", second = ""] =
      /^(.*\()(\w+), (\w+)\);/.exec(await readText(s, "a.js")) ?? [];
    await writeFile(join(s.repo.path, "a.js"), `${name}\n  ${first},\n  ${second},\n);\n`);
    await s.commit("format");
    const { stdout } = await s.countersign("blame", "--json", "a.js");
    const origins = stdout
      .split("\n")
      .filter((row) => row !== "")
      .map((row) => (JSON.parse(row) as { origin: string }).origin);
    expect(origins).toEqual(["ai", "ai", "ai", "ai"]);
  });

  scenario("mail, filter-branch and a subtree's move", async (s) => {
    await s.agent("a.js", ["one", "two"]);
    await s.types("a.js", ["one", "two", "hand"]);
    await s.commit("work");
    const mail = await s.git("format-patch", "-1", "--stdout");
    await s.git("reset", "-q", "--hard", "HEAD~1");
    await s.repo.git(["am", "-q"], { input: `${mail}\n` });
    await s.expectLines("a.js", [ai("one"), ai("two"), human("hand")]);
    await s.repo.git(["filter-branch", "-f", "--msg-filter", "sed s/work/filtered/", "HEAD~1..HEAD"], {
      environment: { FILTER_BRANCH_SQUELCH_WARNING: "1" },
    });
    await s.expectLines("a.js", [ai("one"), ai("two"), human("hand")]);
    await mkdir(join(s.repo.path, "sub"));
    await s.git("mv", "a.js", "sub/a.js");
    await s.commit("into a folder");
    await s.expectLines("sub/a.js", [ai("one"), ai("two"), human("hand")]);
  });

  scenario("a note overwritten with an empty one does not make the agent's lines disappear", async (s) => {
    await s.agent("a.js", ["one"]);
    await s.commit();
    await s.repo.git(["notes", "--ref=ai", "add", "-f", "-F", "-", "HEAD"], {
      input:
        '---\n{"schema_version":"authorship/3.0.0","git_ai_version":null,"base_commit_sha":"","prompts":{}}',
    });
    await s.expectLines("a.js", [ai("one")]);
    const { stdout } = await s.countersign("scan", "--json", "HEAD~1..HEAD");
    expect(JSON.parse(stdout)).toMatchObject({ state: "recorded" });
  });

  scenario("plumbing: commit-tree and update-ref", async (s) => {
    await s.agent("a.js", ["one", "two"]);
    await s.git("add", "-A");
    const tree = await s.git("write-tree");
    const made = await s.git("commit-tree", tree, "-p", "HEAD", "-m", "plumbing");
    await s.git("update-ref", "refs/heads/main", made);
    await s.agent("b.js", ["three"]);
    await s.commit("next");
    await s.expectLines("a.js", [ai("one"), ai("two")]);
  });
});
