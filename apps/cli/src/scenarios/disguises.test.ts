// SPDX-License-Identifier: Apache-2.0
// Small forms of what the attribution fuzzer found: an AI's line that comes back looking otherwise than it was seen last.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe } from "vitest";
import {
  ai,
  edited,
  human,
  notAi,
  readText,
  type Scenario,
  scenario,
  toLine,
  unknown,
} from "./scenario.fixture.ts";

/** The call of a line's statement over several lines, as tags that stand for themselves. */
function breakLine(tag: string): readonly string[] {
  const [, call = "", first = "", last = ""] = /^(.*\()(\w+), (\w+)\);$/.exec(toLine(tag)) ?? [];
  return [call, `  ${first},`, `  ${last},`, ");"];
}

async function types(s: Scenario, file: string, lines: readonly string[]): Promise<void> {
  await writeFile(join(s.repo.path, file), lines.map((line) => `${line}\n`).join(""));
}

async function replace(s: Scenario, file: string, tag: string, lines: readonly string[]): Promise<void> {
  const text = await readText(s, file);
  await writeFile(join(s.repo.path, file), text.replace(toLine(tag), lines.join("\n")));
}

scenario(
  "a line of an earlier commit's agent that a person changes while another agent is at the file",
  async (s) => {
    await s.agent("a.js", ["one", "two"]);
    await s.commit();
    await s.agent("a.js", ["one", "two", "three"], "codex");
    await s.types("a.js", ["one~", "two", "three"]);
    await s.commit();
    await s.expectLines("a.js", [edited("one~"), ai("two"), ai("three", "codex")]);
  },
);

scenario("a person's own line that the person changes there stays the person's", async (s) => {
  await s.agent("base.js", ["base", "one"]);
  await s.types("base.js", ["base~", "one"]);
  await s.commit();
  await s.expectLines("base.js", [human("base~"), ai("one")]);
});

scenario("an agent's line that a formatter breaks and a person types into, seen as one change", async (s) => {
  await s.agent("a.js", ["one", "two"]);
  const [call = "", first = "", last = "", end = ""] = breakLine("two");
  await types(s, "a.js", [toLine("one"), call, first, toLine("mine"), last, end]);
  await s.commit();
  await s.expectLines("a.js", [
    ai("one"),
    edited(call),
    edited(first.trim()),
    human("mine"),
    edited(last.trim()),
    human(end),
  ]);
});

scenario(
  "lines that a formatter breaks before they go into the stash and come back on another commit",
  async (s) => {
    await s.agent("a.js", ["one", "two"]);
    await replace(s, "a.js", "two", breakLine("two"));
    await s.git("stash", "push", "-q", "-u");
    await s.types("b.js", ["other"]);
    await s.commit("meanwhile");
    await s.git("stash", "pop", "-q");
    await s.commit();
    await s.expectLines("a.js", [ai("one"), ...breakLine("two").map((line) => ai(line.trim()))]);
  },
);

scenario("a line that a person changes once it is back from the stash", async (s) => {
  await s.agent("base.js", ["base", "one", "two"]);
  await s.git("stash", "push", "-q");
  await s.types("b.js", ["other"]);
  await s.commit("meanwhile");
  await s.git("stash", "pop", "-q");
  await s.types("base.js", ["base", "one~", "two", "mine"]);
  await s.commit();
  await s.expectLines("base.js", [unknown("base"), edited("one~"), ai("two"), notAi("mine")]);
});

scenario(
  "a person's line in a file that was in view and gets another name before anybody looks",
  async (s) => {
    await s.agent("a.js", ["one", "two", "three"]);
    await s.types("a.js", ["one", "mine", "two", "three"]);
    await s.repo.git(["add", "-A"]);
    await s.git("mv", "a.js", "b.js");
    await s.agent("base.js", ["base", "more"]);
    await s.commit();
    await s.expectLines("b.js", [ai("one"), human("mine"), ai("two"), ai("three")]);
  },
);

scenario("a small file that is renamed and grows to more than twice its size", async (s) => {
  await s.agent("a.js", ["one", "two", "three"]);
  await s.commit();
  await s.git("mv", "a.js", "b.js");
  const added = ["b1", "b2", "b3", "b4"];
  await s.agent("b.js", ["one", ...added, "two", "three"], "codex");
  await s.commit();
  await s.expectLines("b.js", [ai("one"), ...added.map((tag) => ai(tag, "codex")), ai("two"), ai("three")]);
});

scenario(
  "a person's line that an agent changes after the commit, where nobody looked in between",
  async (s) => {
    await s.types("a.js", ["one", "two"]);
    await s.commit("by hand");
    await s.agent("a.js", ["one", "two", "three"]);
    await s.commit();
    await s.agent("a.js", ["one~", "two", "three"]);
    await s.expectLines("a.js", [notAi("one"), notAi("two"), ai("three")]);
  },
);

scenario(
  "an agent's change of a person's line that goes into the stash: the line below it was never the agent's",
  async (s) => {
    await s.types("a.js", ["one", "two"]);
    await s.commit("by hand");
    await s.agent("a.js", ["one~", "two", "three"]);
    await s.git("stash", "push", "-q");
    await s.types("b.js", ["other"]);
    await s.commit("meanwhile");
    await s.expectLines("a.js", [notAi("one"), notAi("two")]);
    await s.git("stash", "pop", "-q");
    await s.commit();
    await s.expectLines("a.js", [ai("one~"), notAi("two"), ai("three")]);
  },
);

scenario("a renamed file that an agent edits before anybody sees that its old name is gone", async (s) => {
  await s.agent("a.js", ["one", "two", "three"]);
  await s.git("add", "-A");
  await s.git("mv", "a.js", "b.js");
  await s.types("b.js", ["one", "two", "mine", "three"]);
  await s.agent("b.js", ["one", "two", "mine", "three", "four"], "codex");
  await s.commit();
  await s.expectLines("b.js", [ai("one"), ai("two"), notAi("mine"), ai("three"), ai("four", "codex")]);
});

scenario(
  "the line below an agent's change that a person changes while the agent's is in the stash",
  async (s) => {
    await s.types("a.js", ["one", "two"]);
    await s.commit("by hand");
    await s.agent("a.js", ["one~", "two"]);
    await s.git("stash", "push", "-q");
    await replace(s, "a.js", "one", [toLine("one").replace("one =", "first =")]);
    await s.commit("meanwhile");
    await s.expectLines("a.js", [notAi(toLine("one").replace("one =", "first =")), notAi("two")]);
  },
);

scenario(
  "a file that is back from the stash when the records of the commit in between are made",
  async (s) => {
    await s.agent("a.js", ["one", "two"]);
    await s.git("stash", "push", "-q", "-u");
    await s.types("b.js", ["other"]);
    await s.commit("meanwhile");
    await s.git("stash", "pop", "-q");
    await s.expectLines("b.js", [notAi("other")]);
    await s.types("a.js", ["one~", "two"]);
    await s.commit();
    await s.expectLines("a.js", [edited("one~"), ai("two")]);
  },
);

scenario("the only line of a file, back from the stash as a person had left it of an agent's", async (s) => {
  const whole = (...words: string[]) => [`call = prepare.everything(${words.join(", ")});`];
  await s.types("a.js", whole("first", "second"));
  await s.commit("by hand");
  await s.agent("a.js", whole("other", "second"), "codex");
  await s.types("a.js", whole("other", "third"));
  await s.git("stash", "push", "-q");
  await s.types("b.js", ["beside"]);
  await s.commit("meanwhile");
  await s.git("stash", "pop", "-q");
  await s.agent("c.js", ["more"]);
  await s.commit("amended", "--amend");
  await s.expectLines("a.js", [edited(whole("other", "third")[0] ?? "", "codex")]);
});

describe("an agent changed a word of a line, and a person changes the same word", () => {
  const line = (word: string) => `call = prepare.everything(${word}, second);`;
  for (const isBack of [false, true])
    for (const look of ["the commit", "an agent's edit"])
      scenario(
        `${isBack ? "once it is back from" : "while the agent's lies in"} the stash, seen by ${look}`,
        async (s) => {
          await s.types("a.js", [line("first")]);
          await s.commit("by hand");
          await s.agent("a.js", [line("other")], "codex");
          await s.git("stash", "push", "-q");
          if (isBack) await s.git("stash", "pop", "-q");
          await s.types("a.js", [line("third")]);
          if (look !== "the commit") await s.agent("b.js", ["beside"]);
          await s.commit("changed");
          await s.expectLines("a.js", [isBack ? edited(line("third"), "codex") : notAi(line("third"))]);
          if (isBack) return;
          await s.tryGit("stash", "pop", "-q");
          await s.git("checkout", "-q", "HEAD", "--", ".");
          await s.expectLines("a.js", [notAi(line("third"))]);
        },
      );
});
