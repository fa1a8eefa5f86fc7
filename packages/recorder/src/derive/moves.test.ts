// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { BASE, unknown, WITH_AI, WITH_BOTH } from "./blocks.fixture.ts";
import { createHistory, textOf, toHistory } from "./recorded-history.fixture.ts";

describe("renames and copies", () => {
  it("git mv in a later commit", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "config.js": WITH_BOTH });
    await repo.git(["mv", "config.js", "settings.js"]);
    await repo.git(["commit", "-qm", "move"]);
    await history.expectFile("settings.js", WITH_BOTH);
  });

  it("git mv and an edit in the same commit", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "config.js": WITH_AI });
    await repo.git(["mv", "config.js", "settings.js"]);
    await repo.write("settings.js", textOf(WITH_AI).replace('"utf8"', '"latin1"').concat("mine(1, 2, 3);\n"));
    await repo.git(["commit", "-qam", "move"]);
    const expected = WITH_AI.replace(
      'A   const text = fs.readFileSync(path, "utf8")',
      'a   const text = fs.readFileSync(path, "latin1")',
    );
    await history.expectFile("settings.js", `${expected.trimEnd()}\n  ? mine(1, 2, 3);\n`);
  });

  it("a rewrite that Git takes for no rename keeps the lines that stayed", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "config.js": WITH_AI });
    const more = Array.from({ length: 30 }, (_, i) => `other.thing(${i}, unrelated);\n`).join("");
    await repo.git(["rm", "-q", "config.js"]);
    await repo.write("settings.js", `${more}${textOf(WITH_AI)}`);
    await repo.git(["add", "."]);
    await repo.git(["commit", "-qm", "rewrite"]);
    const expected = `${more.replace(/^(?=.)/gm, "? ")}${WITH_AI.slice(1).replace(/^ {2}/gm, "")}`;
    await history.expectFile("settings.js", expected);
  });

  it("a file of two lines, rewritten under another name but for one of them", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({
      "a.js": "A const total = alpha.sum(1000);\nA return beta.finish(total, weight);\n",
    });
    const more = Array.from({ length: 7 }, (_, i) => `other.thing(${i}, unrelated);\n`).join("");
    await repo.git(["mv", "a.js", "b.js"]);
    await repo.write("b.js", `${more}return beta.finish(total, weight);\n`);
    await repo.git(["commit", "-qam", "move"]);
    const expected = `${more.replace(/^(?=.)/gm, "? ")}A return beta.finish(total, weight);\n`;
    await history.expectFile("b.js", expected);
  });

  it("a short line that a new file has in common with one that went away says nothing", async () => {
    await using history = await createHistory();
    await history.commit({ "a.js": "A let total = 0;\nA import fs from fs;\n" });
    const own = "? import fs from fs;\n? stop(engine);\n? stop(everything);\n";
    await history.commit({ "a.js": null, "b.js": own }, { isRecorded: false });
    await history.expectFile("b.js", own);
  });

  it("nor where both have two lines, so that it is half of each, while Git sees no rename", async () => {
    await using history = await createHistory();
    await history.commit({
      "a.js": "A import fs from fs;\nA let total = alpha.sum(everything, weight, 1000);\n",
    });
    const own = "? import fs from fs;\n? stop(engine, thoroughly, and, whoever, started, it);\n";
    await history.commit({ "a.js": null, "b.js": own }, { isRecorded: false });
    await history.expectFile("b.js", own);
  });

  it("a squash whose file a later commit renames as it is, by that commit's record too", async () => {
    await using history = await createHistory();
    const { repo } = history;
    const text = "A const total = alpha.sum(1000);\nA return beta.finish(total, weight);\n";
    await history.commit({ "base.js": "? base\n" });
    await repo.branch("side");
    await history.commit({ "a.js": text });
    await repo.checkout("main");
    await history.commit({ "a.js": text }, { isRecorded: false });
    await history.commit({ "a.js": null, "b.js": text });
    await history.expectFile("a.js", text, "HEAD~1");
    await history.expectFile("b.js", text);
  });

  it("a copy of an AI file, and of a block of it", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "config.js": WITH_AI });
    await repo.write("copy.js", textOf(WITH_AI));
    const block = textOf(WITH_AI).split("\n").slice(2, 6).join("\n");
    await repo.write("part.js", `mine(1, 2, 3);\n${block}\nmine(4, 5, 6);\n`);
    await repo.git(["add", "."]);
    await repo.git(["commit", "-qm", "copy"]);
    await history.expectFile("copy.js", WITH_AI);
    await history.expectFile(
      "part.js",
      `
      ? mine(1, 2, 3);
      A export function readConfig(path) {
      A   const text = fs.readFileSync(path, "utf8");
      A   return JSON.parse(text);
      A }
      ? mine(4, 5, 6);
      `,
    );
  });

  it("a block moved within its file and into another one", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "config.js": WITH_AI, "other.js": "h other(1);\n" });
    const lines = textOf(WITH_AI).split("\n");
    const block = lines.slice(2, 6).join("\n");
    const rest = [...lines.slice(0, 2), ...lines.slice(6)].join("\n");
    await repo.write("config.js", `${rest}${block}\n`);
    await repo.git(["commit", "-qam", "down"]);
    await history.expectFile(
      "config.js",
      `
      h import fs from "node:fs";
      h
      A
      h start(engine);
      A export function readConfig(path) {
      A   const text = fs.readFileSync(path, "utf8");
      A   return JSON.parse(text);
      A }
      `,
    );
    await repo.write("config.js", rest);
    await repo.write("other.js", `other(1);\n${block}\n`);
    await repo.git(["commit", "-qam", "away"]);
    await history.expectFile(
      "other.js",
      `
      h other(1);
      A export function readConfig(path) {
      A   const text = fs.readFileSync(path, "utf8");
      A   return JSON.parse(text);
      A }
      `,
    );
  });

  it.each(["---", "a b.js", 'q"uote.js', "täb\t.js", "日本.js", "line\nbreak.js"])(
    "a file named %j",
    async (path) => {
      await using history = await createHistory();
      const { repo } = history;
      await history.commit({ [path]: BASE });
      await history.commit({ [path]: WITH_AI });
      await repo.git(["commit", "-q", "--amend", "-m", "again"]);
      await history.expectFile(path, WITH_AI);
    },
  );
});

describe("what came first", () => {
  it("nobody's line of an old commit becomes an agent's because an agent wrote the same again later", async () => {
    await using history = await createHistory();
    await history.commit({ "config.js": unknown(WITH_AI) }, { isRecorded: false });
    const old = await history.repo.id("HEAD");
    await history.commit({ "config.js": null, "settings.js": WITH_AI.replaceAll("h ", "A ") });
    await history.expectFile("config.js", unknown(WITH_AI), old);
  });

  it("nor a person's, because a person typed it again", async () => {
    await using history = await createHistory();
    await history.commit({ "config.js": unknown(BASE) }, { isRecorded: false });
    const old = await history.repo.id("HEAD");
    await history.commit({ "config.js": null, "settings.js": BASE });
    await history.expectFile("config.js", unknown(BASE), old);
  });
});

describe("other repositories and other histories", () => {
  it("a history filtered into a subfolder has other ids and paths", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "src/config.js": BASE });
    await history.commit({ "src/config.js": WITH_AI });
    await history.commit({ "src/config.js": WITH_BOTH });
    await repo.git(["filter-branch", "-f", "--subdirectory-filter", "src"], {
      environment: { FILTER_BRANCH_SQUELCH_WARNING: "1" },
    });
    await history.expectFile("config.js", WITH_BOTH);
  });

  it("a filtered history whose originals are gone", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "src/config.js": BASE });
    await history.commit({ "src/config.js": WITH_AI });
    await history.commit({ "src/config.js": WITH_BOTH });
    await repo.git(["filter-branch", "-f", "--tree-filter", "mkdir -p lib/deep && mv src lib/deep/src"], {
      environment: { FILTER_BRANCH_SQUELCH_WARNING: "1" },
    });
    await using clone = await repo.clone();
    await clone.git(["fetch", "--quiet", "origin", "refs/countersign/records:refs/countersign/records"]);
    expect(await clone.git(["log", "--all", "--format=%H", "--", "src"])).toBe("");
    await toHistory(clone).expectFile("lib/deep/src/config.js", WITH_BOTH);
  });

  it("a subtree merge, and a subtree squashed", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "config.js": BASE });
    await history.commit({ "config.js": WITH_AI });
    await history.commit({ "config.js": WITH_BOTH });
    await history.commit({ "app.js": "h app(1);\n" }, { branch: "app", parents: [] });
    await repo.checkout("app");
    await repo.git(["merge", "-q", "-s", "ours", "--no-commit", "--allow-unrelated-histories", "main"]);
    await repo.git(["read-tree", "--prefix=vendor/lib/", "-u", "main"]);
    await repo.git(["commit", "-qm", "subtree"]);
    await history.expectFile("vendor/lib/config.js", WITH_BOTH);
    await repo.git(["checkout", "-q", "-b", "squashed", "app~1"]);
    await repo.git(["read-tree", "--prefix=vendor/lib/", "-u", "main"]);
    await repo.git(["commit", "-qm", "squashed subtree"]);
    await history.expectFile("vendor/lib/config.js", WITH_BOTH);
  });

  it("a merge takes nothing for its own that came from a side, and a hand-made line is unknown", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "config.js": BASE });
    await repo.branch("feature");
    await history.commit({ "config.js": WITH_AI });
    await repo.checkout("main");
    await history.commit({ "config.js": `${BASE.trimEnd()}\n  B finish(everything, 7);\n` });
    await repo.git(["merge", "-q", "--no-commit", "--no-ff", "feature"]);
    await repo.write("config.js", `${textOf(WITH_AI)}finish(everything, 7);\nevil(1, 2, 3);\n`);
    await repo.git(["commit", "-qam", "merge"]);
    await history.expectFile(
      "config.js",
      `${WITH_AI.trimEnd()}\n  B finish(everything, 7);\n  ? evil(1, 2, 3);\n`,
    );
  });
});

describe("formatters and line ends", () => {
  const CALL = "A const result = await compute(firstArgument, secondArgument, { retries: 3 });\n";

  it("one call broken over five lines, in a commit of its own", async () => {
    await using history = await createHistory();
    await history.commit({ "a.js": `h start(engine);\n${CALL}` });
    const broken =
      "h start(engine);\nA const result = await compute(\nA   firstArgument,\nA   secondArgument,\nA   { retries: 3 },\nA );\n";
    await history.commit({ "a.js": broken }, { isRecorded: false });
    await history.expectFile("a.js", broken);
  });

  it("the same within a squash, where the text before it is at hand", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "a.js": "h start(engine);\n" });
    await repo.branch("feature");
    await history.commit({ "a.js": `h start(engine);\n${CALL}` });
    const broken =
      "h start(engine);\nA const result = await compute(\nA   firstArgument,\nA   secondArgument,\nA   { retries: 3 },\nA );\n";
    await history.commit({ "a.js": broken }, { isRecorded: false });
    await repo.checkout("main");
    await repo.squash("feature", "feature (#1)");
    await history.expectFile("a.js", broken);
  });

  it("indentation only", async () => {
    await using history = await createHistory();
    await history.commit({ "config.js": WITH_AI });
    const indented = WITH_AI.replace(/^( *\S )(?=.)/gm, "$1\t\t");
    await history.commit({ "config.js": indented }, { isRecorded: false });
    await history.expectFile("config.js", indented);
  });

  it("CRLF and back", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "config.js": WITH_BOTH });
    await repo.write("config.js", textOf(WITH_BOTH).replaceAll("\n", "\r\n"));
    await repo.git(["commit", "-qam", "crlf"]);
    await history.expectFile("config.js", WITH_BOTH.replace(/^( {2}\S) ?(.*)$/gm, "$1 $2\r"));
    await repo.write("config.js", textOf(WITH_BOTH));
    await repo.git(["commit", "-qam", "lf"]);
    await history.expectFile("config.js", WITH_BOTH);
  });
});
