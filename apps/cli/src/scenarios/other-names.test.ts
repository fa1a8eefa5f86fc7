// SPDX-License-Identifier: Apache-2.0
// A person changes an AI's line of an earlier commit, and the file goes on under another name: what the recorder saw going on there,
// the records of the old name are asked about.
import { cp, rename } from "node:fs/promises";
import { join } from "node:path";
import { describe } from "vitest";
import { ai, edited, human, notAi, type Scenario, scenario } from "./scenario.fixture.ts";

/** A file of an earlier commit's agent that another agent has in view: what its lines are, only the records still know. */
async function begin(s: Scenario, ...tags: readonly string[]): Promise<void> {
  await s.agent("a.js", tags);
  await s.commit("by an agent");
  await s.expectLines(
    "a.js",
    tags.map((tag) => ai(tag)),
  );
  await s.agent("a.js", [...tags, "last"], "codex");
}

async function moves(s: Scenario, from = "a.js", to = "b.js"): Promise<void> {
  await rename(join(s.repo.path, from), join(s.repo.path, to));
}

const AFTER = [edited("one~"), ai("two"), ai("three"), ai("last", "codex")];

describe("a line that a person changed before the file got another name", () => {
  scenario("all of it committed at once", async (s) => {
    await begin(s, "one", "two", "three");
    await s.types("a.js", ["one~", "two", "three", "last"]);
    await moves(s);
    await s.commit();
    await s.expectLines("b.js", AFTER);
  });

  scenario("the old name still in the index", async (s) => {
    await begin(s, "one", "two", "three");
    await s.types("a.js", ["one~", "two", "three", "last"]);
    await moves(s);
    await s.git("add", "b.js");
    await s.git("commit", "-q", "-m", "new name");
    await s.expectLines("b.js", AFTER);
    await s.commit("old name");
    await s.expectLines("b.js", AFTER);
  });

  scenario("a small file, the old name still in the index", async (s) => {
    await begin(s, "one");
    await s.types("a.js", ["one~", "last"]);
    await moves(s);
    await s.git("add", "b.js");
    await s.git("commit", "-q", "-m", "new name");
    await s.expectLines("b.js", [edited("one~"), ai("last", "codex")]);
  });

  scenario("renamed by Git, into the stash and back", async (s) => {
    await begin(s, "one", "two", "three");
    await s.commit("by codex");
    await s.types("a.js", ["one~", "two", "three", "last"]);
    await s.git("mv", "a.js", "b.js");
    await s.agent("base.js", ["base", "more"]);
    await s.git("stash", "push", "-q", "-u");
    await s.git("stash", "pop", "-q");
    await s.git("commit", "-q", "-m", "part");
    await s.expectLines("b.js", AFTER);
  });

  scenario("past the hooks", async (s) => {
    await begin(s, "one", "two", "three");
    await s.types("a.js", ["one~", "two", "three", "last"]);
    await moves(s);
    await s.git("add", "b.js");
    await s.git("-c", "core.hooksPath=/dev/null", "commit", "-q", "-m", "new name");
    await s.expectLines("b.js", AFTER);
  });
});

describe("a line that a person changed under the new name", () => {
  scenario("which an agent had in view, the old name still in the index", async (s) => {
    await begin(s, "one", "two", "three");
    await moves(s);
    await s.agent("b.js", ["one", "two", "three", "last", "more"]);
    await s.types("b.js", ["one~", "two", "three", "last", "more"]);
    await s.git("add", "b.js");
    await s.git("commit", "-q", "-m", "new name");
    await s.expectLines("b.js", [...AFTER, ai("more")]);
  });

  scenario("of which an agent left little else", async (s) => {
    await begin(s, "one", "two", "three", "four", "five");
    await moves(s);
    const rest = ["n1", "n2", "n3", "n4", "n5", "n6"];
    await s.agent("b.js", ["one", ...rest, "last"], "codex");
    await s.types("b.js", ["one~", ...rest, "last"]);
    await s.commit();
    await s.expectLines("b.js", [
      edited("one~"),
      ...rest.map((tag) => ai(tag, "codex")),
      ai("last", "codex"),
    ]);
  });

  scenario("of a copy, the first name kept", async (s) => {
    await begin(s, "one", "two", "three");
    await cp(join(s.repo.path, "a.js"), join(s.repo.path, "b.js"));
    await s.agent("b.js", ["one", "two", "three", "last", "more"]);
    await s.types("b.js", ["one~", "two", "three", "last", "more"]);
    await s.commit();
    await s.expectLines("b.js", [...AFTER, ai("more")]);
  });

  scenario("committed in two parts", async (s) => {
    await begin(s, "one", "two", "three", "four", "five", "six");
    await moves(s);
    const all = ["one", "two", "three", "four", "five", "six", "last", "more"];
    await s.agent("b.js", all);
    await s.types("b.js", all.slice(3));
    await s.git("add", "-A");
    await s.types("b.js", ["one~", ...all.slice(1)]);
    await s.git("commit", "-q", "-m", "part");
    await s.commit("rest");
    await s.expectLines("b.js", [
      edited("one~"),
      ...all.slice(1, 6).map((tag) => ai(tag)),
      ai("last", "codex"),
      ai("more"),
    ]);
  });

  scenario("twice renamed", async (s) => {
    await begin(s, "one", "two", "three");
    await moves(s);
    await s.agent("b.js", ["one", "two", "three", "last", "more"]);
    await moves(s, "b.js", "c.js");
    await s.agent("base.js", ["base", "x"]);
    await s.types("c.js", ["one~", "two", "three", "last", "more"]);
    await s.git("add", "c.js");
    await s.git("commit", "-q", "-m", "new name");
    await s.expectLines("c.js", [...AFTER, ai("more")]);
  });

  scenario("a person's own line stays the person's", async (s) => {
    await s.types("a.js", ["one", "two", "three"]);
    await s.commit("by hand");
    await s.agent("a.js", ["one", "two", "three", "last"], "codex");
    await moves(s);
    await s.agent("b.js", ["one", "two", "three", "last", "more"]);
    await s.types("b.js", ["one~", "two", "three", "last", "more"]);
    await s.git("add", "b.js");
    await s.git("commit", "-q", "-m", "new name");
    await s.expectLines("b.js", [
      human("one~"),
      notAi("two"),
      notAi("three"),
      ai("last", "codex"),
      ai("more"),
    ]);
  });
});

scenario("a copy that a person changes before anybody has seen it", async (s) => {
  await begin(s, "one", "two", "three");
  await s.commit("by codex");
  await cp(join(s.repo.path, "a.js"), join(s.repo.path, "b.js"));
  await s.types("b.js", ["one~", "two", "three", "last", "mine"]);
  await s.commit();
  await s.expectLines("b.js", [...AFTER, notAi("mine")]);
});

for (const isTracked of [true, false]) {
  const how = isTracked ? "by Git" : "by hand";
  scenario(
    `a file renamed ${how} of whose lines little but an agent's is left under the new name`,
    async (s) => {
      await s.agent("a.js", ["one", "two"]);
      await s.commit("by an agent");
      await s.agent("a.js", ["one", "two", "last"], "codex");
      const typed = ["m1", "m2", "m3", "m4", "m5", "m6", "m7"];
      await s.types("a.js", [...typed, "last"]);
      if (isTracked) await s.git("mv", "a.js", "b.js");
      else await moves(s);
      await s.agent("b.js", [...typed, "last", "more"]);
      await s.commit();
      await s.expectLines("b.js", [...typed.map((tag) => notAi(tag)), ai("last", "codex"), ai("more")]);
    },
  );
}

for (const isGone of [false, true])
  scenario(
    `a short file that an agent meets under a new name, ${isGone ? "committed as it" : "committed before it"} goes under the old one`,
    async (s) => {
      await s.shell(() => s.types("f.js", ["a1", "a2"]), "codex");
      await s.commit("by codex");
      await s.expectLines("f.js", [ai("a1", "codex"), ai("a2", "codex")]);
      await s.git("mv", "f.js", "g.js");
      await s.agent("g.js", ["a1", "b2", "b3"]);
      await s.git("add", "g.js");
      if (!isGone) await s.git("reset", "-q", "HEAD", "--", "f.js");
      await s.git("commit", "-q", "-m", "renamed");
      await s.expectLines("g.js", [ai("a1", "codex"), ai("b2"), ai("b3")]);
    },
  );

scenario("a short file of a person's that shares a line with an agent's is the person's", async (s) => {
  await s.shell(() => s.types("f.js", ["licence", "a1"]), "codex");
  await s.commit("by codex");
  await s.expectLines("f.js", [ai("licence", "codex"), ai("a1", "codex")]);
  await s.types("g.js", ["licence", "h1"]);
  await s.agent("g.js", ["licence", "h1", "b1"]);
  await s.commit("beside");
  await s.expectLines("g.js", [notAi("licence"), notAi("h1"), ai("b1")]);
});
