// SPDX-License-Identifier: Apache-2.0
import { openRepository } from "@countersign/git";
import { flushPresence } from "@countersign/recorder";
import { describe } from "vitest";
import { ai, edited, notAi, type Scenario, scenario } from "./scenario.fixture.ts";

/** Everything is recorded, and nothing is known of the work tree that a commit's record does not say. */
async function settle(s: Scenario): Promise<void> {
  await flushPresence(await openRepository(s.repo.path));
}

type Play = () => Promise<void>;

/** Ways to commit once more what was committed. */
const WAYS: Readonly<Record<string, (s: Scenario, play: Play) => Promise<void>>> = {
  amends: async (s, play) => {
    await play();
    await s.commit("amended", "--amend");
  },
  "is reset softly and committed again": async (s, play) => {
    await s.git("reset", "-q", "--soft", "HEAD~1");
    await play();
    await s.commit("again");
  },
  "is reset twice and committed again": async (s, play) => {
    await s.agent("beside.js", ["beside"]);
    await s.commit("beside");
    await s.git("reset", "-q", "HEAD~1");
    await s.git("reset", "-q", "HEAD~1");
    await play();
    await s.commit("again");
  },
  "gets a fixup": async (s, play) => {
    await play();
    await s.commit("fixup", "--fixup", "HEAD");
    await settle(s);
    await s.git("rebase", "-q", "-i", "--autosquash", "HEAD~2");
  },
};

describe("a file that a command of an agent made, renamed and changed by hand as its commit", () => {
  for (const [way, commitAgain] of Object.entries(WAYS))
    for (const isPending of [false, true])
      scenario(`${way}${isPending ? ", with another agent's work pending" : ""}`, async (s) => {
        await s.shell(() => s.types("f.js", ["a1", "a2", "a3", "a4"]), "codex");
        await s.commit("by codex");
        await settle(s);
        await commitAgain(s, async () => {
          if (isPending) await s.agent("more.js", ["more"]);
          await s.repo.git(["add", "-A"]);
          await s.git("mv", "f.js", "g.js");
          await s.types("g.js", ["a1~", "h1", "a3", "a4"]);
        });
        const rest = ["a3", "a4"].map((tag) => ai(tag, "codex"));
        await s.expectLines("g.js", [edited("a1~", "codex"), notAi("h1"), ...rest]);
        if (isPending) await s.expectLines("more.js", [ai("more")]);
      });
});

for (const [way, commitAgain] of Object.entries(WAYS))
  for (const name of ["f.js", "g.js"])
    scenario(
      `what another agent leaves of it, seen first as ${name}, is the first one's, where its commit ${way}`,
      async (s) => {
        await s.shell(() => s.types("f.js", ["a1", "a2", "a3"]), "codex");
        await s.commit("by codex");
        await settle(s);
        await commitAgain(s, async () => {
          await s.git("add", "-A");
          if (name !== "f.js") await s.git("mv", "f.js", name);
          await s.agent(name, ["b1", "a2~", "a3"]);
        });
        await s.expectLines(name, [ai("b1"), ai("a2~"), ai("a3", "codex")]);
      },
    );

scenario("a line that went into another file as its commit was amended is still the agent's", async (s) => {
  await s.shell(() => s.types("f.js", ["a1", "a2", "a3"]), "codex");
  await s.commit("by codex");
  await settle(s);
  await s.types("f.js", ["a2", "a3"]);
  await s.types("g.js", ["h1", "a1", "h2"]);
  await s.commit("amended", "--amend");
  await s.expectLines("f.js", [ai("a2", "codex"), ai("a3", "codex")]);
  await s.expectLines("g.js", [notAi("h1"), ai("a1", "codex"), notAi("h2")]);
});

scenario(
  "what a person changes in an old file after an agent's commit was thrown away is the person's",
  async (s) => {
    await s.types("f.js", ["o1", "o2", "o3"]);
    await s.commit("old");
    await s.shell(() => s.types("f.js", ["o1~", "o2", "o3", "a1"]), "codex");
    await s.commit("by codex");
    await settle(s);
    await s.git("reset", "-q", "--hard", "HEAD~1");
    await s.types("f.js", ["o1", "o2", "o3", "h1"]);
    await s.commit("by hand");
    await s.expectLines("f.js", [notAi("o1"), notAi("o2"), notAi("o3"), notAi("h1")]);
  },
);

const CODEX = "one = alpha.beta(gamma, delta);";
const CLAUDE = "one = alpha.beta(omega, delta);";

/** A line that two agents wrote in turn, each in a commit. */
async function changeTwice(s: Scenario): Promise<void> {
  await s.agent("f.js", ["top", CODEX], "codex");
  await s.commit("by codex");
  await s.agent("f.js", ["top", CLAUDE]);
  await s.commit("by claude");
  await settle(s);
}

describe("a line of an old file that a person changed, its commit reset", () => {
  for (const isPending of [false, true]) {
    const more = isPending ? ", with another agent's work pending" : "";

    scenario(`and its content kept: it is the line of the commit that was left${more}`, async (s) => {
      await changeTwice(s);
      const changed = "one = kappa.beta(omega, delta);";
      await s.types("f.js", ["top", changed]);
      await s.git("reset", "-q", "--mixed", "HEAD~1");
      if (isPending) await s.agent("more.js", ["more"], "codex");
      await s.commit("again");
      await s.expectLines("f.js", [ai("top", "codex"), edited(changed)]);
    });

    scenario(`and its content thrown away: it is the line of the commit before${more}`, async (s) => {
      await changeTwice(s);
      await s.git("reset", "-q", "--hard", "HEAD~1");
      const changed = "one = kappa.beta(gamma, delta);";
      await s.types("f.js", ["top", changed]);
      if (isPending) await s.agent("more.js", ["more"], "codex");
      await s.commit("again");
      await s.expectLines("f.js", [ai("top", "codex"), edited(changed, "codex")]);
    });
  }

  scenario("and its content kept, where a person's line stood before it", async (s) => {
    await s.types("f.js", ["top", CODEX]);
    await s.commit("by hand");
    await s.agent("f.js", ["top", CLAUDE]);
    await s.commit("by claude");
    await settle(s);
    const changed = "one = kappa.beta(omega, delta);";
    await s.types("f.js", ["top", changed]);
    await s.git("reset", "-q", "HEAD~1");
    await s.commit("again");
    await s.expectLines("f.js", [notAi("top"), edited(changed)]);
  });
});

scenario("a squash of the forge, renamed twice and added to by a command as it is amended", async (s) => {
  await s.git("checkout", "-q", "-b", "topic");
  await s.agent("f.js", ["a1", "a2", "a3"]);
  await s.commit("by claude");
  await settle(s);
  const squash = (await s.git("commit-tree", "-p", "HEAD~1", "-m", "squashed (#1)", "HEAD^{tree}")).trim();
  await s.git("checkout", "-q", "main");
  await s.git("reset", "-q", "--hard", squash);
  await s.git("mv", "f.js", "g.js");
  await s.shell(() => s.types("g.js", ["b1", "b2", "a1", "b3", "b4", "b5", "a2", "a3"]), "codex");
  await s.git("mv", "g.js", "h.js");
  await s.commit("amended", "--amend");
  const codex = (tag: string) => ai(tag, "codex");
  await s.expectLines("h.js", [
    ...["b1", "b2"].map(codex),
    ai("a1"),
    ...["b3", "b4", "b5"].map(codex),
    ai("a2"),
    ai("a3"),
  ]);
});

describe("what came back by reverting a revert, changed by a person as that is amended, is the agent's", () => {
  for (const isOld of [false, true])
    for (const message of ["--no-edit", "--message=amended"])
      scenario(`in ${isOld ? "an old" : "a new"} file, with ${message}`, async (s) => {
        if (isOld) await s.types("f.js", ["o1", "o2"]);
        if (isOld) await s.commit("old");
        await s.agent("f.js", ["a1", "a2", "a3", "a4"]);
        await s.commit("by claude");
        await s.git("revert", "--no-edit", "HEAD");
        await s.git("revert", "--no-edit", "HEAD");
        await s.types("f.js", ["a1", "a2", "a3", "a4~"]);
        await s.git("commit", "-q", "-a", "--amend", message);
        // Another agent's look at it comes before anybody reads records.
        await s.agent("f.js", ["b1", "b2", "a1", "a2", "a3", "a4~"], "codex");
        await s.commit("by codex");
        const codex = ["b1", "b2"].map((tag) => ai(tag, "codex"));
        await s.expectLines("f.js", [...codex, ai("a1"), ai("a2"), ai("a3"), edited("a4~")]);
      });
});
