// SPDX-License-Identifier: Apache-2.0
import { openRepository } from "@countersign/git";
import { describe, expect, it } from "vitest";
import { BASE, belowLicence, WITH_AI, WITH_BOTH } from "./blocks.fixture.ts";
import { deriveRecords } from "./derive-records.ts";
import { createHistory, type RecordedHistory } from "./recorded-history.fixture.ts";

/** A recorded branch of two commits checked out, and a `main` that moved on meanwhile in another place of the file. */
async function withFeature(history: RecordedHistory): Promise<void> {
  const { repo } = history;
  await history.commit({ "config.js": BASE, "other.js": "h other(1);\n" });
  await repo.branch("feature");
  await history.commit({ "config.js": WITH_AI }, { message: "add readConfig\n" });
  await history.commit(
    { "config.js": WITH_BOTH, "other.js": "h other(1);\nB second(2000);\n" },
    { message: "stop\n" },
  );
  await repo.checkout("main");
  await history.commit({ "config.js": belowLicence(BASE) });
  await repo.checkout("feature");
}

const MOVED = belowLicence(WITH_BOTH);
const editor = (script: string) => ({
  environment: { GIT_SEQUENCE_EDITOR: `sed -i -e '${script}'`, GIT_EDITOR: "true" },
});

describe("rebase", () => {
  it("onto a branch that moved on", async () => {
    await using history = await createHistory();
    await withFeature(history);
    await history.repo.rebase("main");
    await history.expectFile("config.js", MOVED);
    await history.expectFile("other.js", "h other(1);\nB second(2000);\n");
  });

  it("a future file does not leak into an earlier commit", async () => {
    await using history = await createHistory();
    await withFeature(history);
    await history.repo.rebase("main");
    await history.expectFile("config.js", belowLicence(WITH_AI), "HEAD~1");
    await history.expectFile("other.js", "h other(1);\n", "HEAD~1");
  });

  it("with --onto and an explicit branch", async () => {
    await using history = await createHistory();
    await withFeature(history);
    const { repo } = history;
    await repo.checkout("main");
    await repo.git(["rebase", "-q", "--onto", "main", "main~1", "feature"]);
    await history.expectFile("config.js", MOVED);
  });

  it("interactive: a fixup of two AI commits keeps both", async () => {
    await using history = await createHistory();
    await withFeature(history);
    await history.repo.git(["rebase", "-q", "-i", "main"], editor("2s/^pick/fixup/"));
    await history.expectFile("config.js", MOVED);
    await history.expectFile("other.js", "h other(1);\nB second(2000);\n");
  });

  it("interactive: reworded and reordered", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "a.js": "h start(engine);\n" });
    await history.commit({ "b.js": "A alpha(1000);\nA beta(2000);\n" });
    await history.commit({ "c.js": "B gamma(3000);\n" });
    await repo.git(["rebase", "-q", "-i", "HEAD~2"], editor("1{h;d};2{s/^pick/reword/;G}"));
    await history.expectFile("b.js", "A alpha(1000);\nA beta(2000);\n");
    await history.expectFile("c.js", "B gamma(3000);\n");
  });

  it("--autosquash, --root and --rebase-merges", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "a.js": "h start(engine);\n" }, { message: "root\n" });
    await history.commit({ "b.js": "A alpha(1000);\n" }, { message: "alpha\n" });
    await history.commit({ "b.js": "A alpha(1000);\nB beta(2000);\n" }, { message: "fixup! alpha\n" });
    await repo.git(["rebase", "-q", "-i", "--autosquash", "--root"], editor(""));
    await history.expectFile("b.js", "A alpha(1000);\nB beta(2000);\n");
    await repo.branch("side", "HEAD~1");
    await history.commit({ "c.js": "A gamma(3000);\n" });
    await repo.checkout("main");
    await repo.merge("side");
    await repo.git(["rebase", "-q", "--rebase-merges", "--force-rebase", "--root"], editor(""));
    await history.expectFile("c.js", "A gamma(3000);\n");
    await history.expectFile("b.js", "A alpha(1000);\nB beta(2000);\n");
  });

  it("with a conflict that a person resolves, where no recorder was", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "a.js": "h const size = 1;\nh start(engine);\n" });
    await repo.branch("feature");
    await history.commit({
      "a.js": "A const size = measure(engine, 2);\nh start(engine);\nA refuel(engine);\n",
    });
    await repo.checkout("main");
    await history.commit({ "a.js": "h const size = 3;\nh start(engine);\n" });
    await repo.checkout("feature");
    await repo.tryGit(["rebase", "main"]);
    await repo.write("a.js", "const size = measure(engine, 3);\nstart(engine);\nrefuel(engine);\n");
    await repo.git(["add", "."]);
    await repo.git(["-c", "core.editor=true", "rebase", "--continue"]);
    await history.expectFile(
      "a.js",
      "a const size = measure(engine, 3);\nh start(engine);\nA refuel(engine);\n",
    );
  });

  it("with a line that one side deleted, the other only had, and the person who resolves changes", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "a.js": "A alpha(1000, speed);\nA beta(2000, depth);\nh start(engine);\n" });
    await repo.branch("feature");
    await history.commit({
      "a.js": "A alpha(1000, speed);\nB gamma(3000, width);\nA beta(2000, depth);\nh start(engine);\n",
    });
    await repo.checkout("main");
    await history.commit({ "a.js": "A alpha(1000, speed);\nh start(engine);\n" });
    await repo.checkout("feature");
    await repo.tryGit(["rebase", "main"]);
    await repo.write(
      "a.js",
      "alpha(1000, speed);\ngamma(3000, width);\nbeta(2000, height);\nstart(engine);\n",
    );
    await repo.git(["add", "."]);
    await repo.git(["-c", "core.editor=true", "rebase", "--continue"]);
    await history.expectFile(
      "a.js",
      "A alpha(1000, speed);\nB gamma(3000, width);\na beta(2000, height);\nh start(engine);\n",
    );
  });

  it("with both sides of a conflict kept, whose last line a record of the same content knows already", async () => {
    await using history = await createHistory();
    const { repo } = history;
    const both = "A alpha(1000, speed);\nA beta(2000, depth);\n";
    await history.commit({ "a.js": "h start(engine);\n" });
    await repo.branch("feature");
    await history.commit({ "a.js": `h start(engine);\n${both}A gamma(3000, width);\n` });
    await repo.checkout("main");
    await history.commit({ "a.js": `h start(engine);\n${both}` });
    const kept = `h start(engine);\n${both}${both}A gamma(3000, width);\n`;
    await repo.branch("picked");
    await history.commit({ "a.js": kept.replace(both + both, both + both.replaceAll("A ", "? ")) });
    await repo.checkout("main");
    await history.commit({ "a.js": kept }, { isRecorded: false, message: "the same, made elsewhere\n" });
    await history.expectFile("a.js", kept);
  });

  it("of a series that was pushed elsewhere: mailed as patches and applied with git am", async () => {
    await using history = await createHistory();
    await withFeature(history);
    const { repo } = history;
    const patches = await repo.git(["format-patch", "--stdout", "main..feature"]);
    await repo.checkout("main");
    await repo.git(["am", "-q", "--3way"], { input: `${patches}\n` });
    await history.expectFile("config.js", MOVED);
  });
});

describe("cherry-pick", () => {
  it.each([[[]], [["-x"]]])("with %j", async (options) => {
    await using history = await createHistory();
    await withFeature(history);
    const { repo } = history;
    await repo.checkout("main");
    await repo.git(["cherry-pick", ...options, "feature~1"]);
    await history.expectFile("config.js", belowLicence(WITH_AI));
    await repo.git(["cherry-pick", ...options, "feature"]);
    await history.expectFile("config.js", MOVED);
  });

  it("of a commit of which nothing is recorded yet: each lends to the next", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "a.js": "A alpha(1000, speed);\nh start(engine);\n" });
    await repo.branch("feature");
    await history.commit({ "a.js": "a alpha(1000, depth);\nh start(engine);\n" }, { isRecorded: false });
    await repo.checkout("main");
    await history.commit({ "a.js": "a launch(1000, speed);\nh start(engine);\n" }, { isRecorded: false });
    await repo.tryGit(["cherry-pick", "feature"]);
    await repo.write("a.js", "launch(1000, speed);\nalpha(1000, depth);\nstart(engine);\n");
    await repo.git(["add", "."]);
    await repo.git(["-c", "core.editor=true", "cherry-pick", "--continue"]);
    const repository = await openRepository(repo.path);
    const commits = (await repo.git(["rev-list", "HEAD", "feature"])).split("\n");
    const { records } = await deriveRecords(repository, commits);
    const picked = records.get(await repo.id("HEAD"));
    expect(picked?.files[0]?.ranges).toMatchObject([{ first: 2, last: 2, origin: "ai", extent: "edited" }]);
  });

  it("-n of both, committed as one", async () => {
    await using history = await createHistory();
    await withFeature(history);
    const { repo } = history;
    await repo.checkout("main");
    await repo.git(["cherry-pick", "-n", "feature~1", "feature"]);
    await repo.git(["commit", "-qm", "both"]);
    await history.expectFile("config.js", MOVED);
  });
});

describe("revert", () => {
  it("of a deletion brings the AI's lines back as the AI's", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "config.js": BASE });
    await history.commit({ "config.js": WITH_AI });
    await history.commit({ "config.js": BASE });
    await repo.git(["revert", "--no-edit", "HEAD"]);
    await history.expectFile("config.js", WITH_AI);
  });

  it("of a revert, twice", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "config.js": BASE });
    await history.commit({ "config.js": WITH_AI });
    await repo.git(["revert", "--no-edit", "HEAD"]);
    await history.expectFile("config.js", BASE);
    await repo.git(["revert", "--no-edit", "HEAD"]);
    await repo.git(["revert", "--no-edit", "HEAD"]);
    await repo.git(["revert", "--no-edit", "HEAD"]);
    await history.expectFile("config.js", WITH_AI);
  });

  it("of an AI change brings a person's lines back as the person's", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "a.js": "h const size = measure(engine);\nh start(engine);\n" });
    await history.commit({ "a.js": "A let total = countAll(things, 5);\nh start(engine);\n" });
    await repo.git(["revert", "--no-edit", "HEAD"]);
    await history.expectFile("a.js", "h const size = measure(engine);\nh start(engine);\n");
  });

  it("of an AI's change of one word brings the line back as nobody's that is known", async () => {
    await using history = await createHistory();
    const { repo } = history;
    const before = "? alpha(1000, speed, depth);\n? start(engine);\n";
    await history.commit({ "a.js": before }, { isRecorded: false });
    await history.commit({ "a.js": "A omega(1000, speed, depth);\n? start(engine);\n" });
    await repo.git(["revert", "--no-edit", "HEAD"]);
    await history.expectFile("a.js", before);
  });

  it("of a whole file's deletion", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "a.js": "h start(engine);\n", "config.js": WITH_BOTH });
    await history.commit({ "config.js": null });
    await repo.git(["revert", "--no-edit", "HEAD"]);
    await history.expectFile("config.js", WITH_BOTH);
  });
});
