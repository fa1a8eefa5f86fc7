// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { BASE, belowLicence, unknown, WITH_AI, WITH_BOTH } from "./blocks.fixture.ts";
import { createHistory, type RecordedHistory, textOf, toHistory } from "./recorded-history.fixture.ts";

/** A recorded branch of two commits, and `main` checked out. */
async function withFeature(history: RecordedHistory): Promise<void> {
  await history.commit({ "config.js": BASE });
  await history.repo.branch("feature");
  await history.commit({ "config.js": WITH_AI });
  await history.commit({ "config.js": WITH_BOTH });
  await history.repo.checkout("main");
}

describe("recorded commits", () => {
  it("are blamed line by line", async () => {
    await using history = await createHistory();
    await history.commit({ "config.js": BASE });
    await history.commit({ "config.js": WITH_AI });
    await history.commit({ "config.js": WITH_BOTH });
    await history.expectFile("config.js", WITH_BOTH);
  });

  it("in a SHA-256 repository too", async () => {
    await using history = await createHistory({ objectFormat: "sha256" });
    await withFeature(history);
    await history.repo.squash("feature", "feature (#1)");
    await history.expectFile("config.js", WITH_BOTH);
  });
});

describe("squash", () => {
  it("of several commits keeps each line's origin", async () => {
    await using history = await createHistory();
    await withFeature(history);
    await history.repo.squash("feature", "feature (#1)");
    await history.expectFile("config.js", WITH_BOTH);
  });

  it("onto a target that moved on, with other lines above", async () => {
    await using history = await createHistory();
    await withFeature(history);
    await history.commit({ "config.js": belowLicence(BASE) });
    await history.repo.squash("feature", "feature (#1)");
    await history.expectFile("config.js", belowLicence(WITH_BOTH));
  });

  it("with edits by hand at the merge, where no recorder was", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await withFeature(history);
    await repo.git(["merge", "--squash", "feature"]);
    const edited = textOf(WITH_BOTH)
      .replace('"utf8"', '"latin1"')
      .replace("stop(engine);", "stop(engine, NOW);");
    await repo.write("config.js", `${edited}const later = await elsewhere();\n`);
    await repo.git(["commit", "-qam", "feature (#1)"]);
    const expected = WITH_BOTH.replace(
      'A   const text = fs.readFileSync(path, "utf8")',
      'a   const text = fs.readFileSync(path, "latin1")',
    ).replace("h stop(engine);", "? stop(engine, NOW);\n  ? const later = await elsewhere();");
    await history.expectFile("config.js", expected);
  });

  it("whose branch is gone, in a clone that has the records only", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await withFeature(history);
    const originals = await repo.git(["rev-list", "main..feature"]);
    await repo.squash("feature", "feature (#1)");
    await repo.git(["branch", "-D", "feature"]);
    await using clone = await repo.clone();
    for (const id of originals.split("\n"))
      expect((await clone.tryGit(["cat-file", "-e", id])).exitCode).not.toBe(0);
    await toHistory(clone).expectFile("config.js", unknown(WITH_BOTH));
    await clone.git(["fetch", "--quiet", "origin", "refs/countersign/records:refs/countersign/records"]);
    await toHistory(clone).expectFile("config.js", WITH_BOTH);
  });

  it("on a forge of a 100-line AI file keeps 100 lines", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "README.md": "h A project.\n" });
    await repo.branch("feature");
    const lines = Array.from({ length: 100 }, (_, i) => `A export const setting${i} = compute(${i * 7});\n`);
    await history.commit({ "all.js": lines.slice(0, 60).join("") });
    await history.commit({ "all.js": lines.join("") });
    await repo.checkout("main");
    await repo.squash("feature", "feature (#1)");
    await history.expectFile("all.js", lines.join(""));
  });

  it("does not call a person's `}` and `return null;` AI because one wrote them elsewhere", async () => {
    await using history = await createHistory();
    await history.commit({
      "ai.js": "A function find(id) {\nA   if (!id) {\nA     return null;\nA   }\nA }\n",
    });
    const human = "? function load(name) {\n?   if (name === OTHER) {\n?     return null;\n?   }\n? }\n";
    await history.commit({ "human.js": human }, { isRecorded: false });
    await history.expectFile("human.js", human);
  });

  it("does not call a line AI that a person changed on this branch and an AI on another", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "a.js": "h alpha(1000, speed, depth);\nh start(engine);\n" });
    await repo.branch("feature");
    await history.commit({ "a.js": "A omega(1000, speed, depth);\nh start(engine);\n" });
    await repo.checkout("main");
    const own = "? alpha(1000, speed, height);\nh start(engine);\n";
    await history.commit({ "a.js": own }, { isRecorded: false });
    await history.expectFile("a.js", own);
  });

  it("does not call a line AI that an AI changed later, on a branch that begins there", async () => {
    await using history = await createHistory();
    const first = "? alpha(1000, speed, depth);\n? start(engine);\n";
    await history.commit({ "a.js": first }, { isRecorded: false });
    await history.repo.branch("feature");
    await history.commit({ "a.js": first.replace("depth", "width") }, { isRecorded: false });
    await history.commit({ "a.js": "A omega(1000, speed, width);\n? start(engine);\n" });
    await history.repo.checkout("main");
    await history.expectFile("a.js", first);
  });

  it("does not call a line AI that a person types again beside the AI's own", async () => {
    await using history = await createHistory();
    await history.commit({ "a.js": "A logger.info(summary);\nh start(engine);\n" });
    const again = "A logger.info(summary);\nh start(engine);\n? logger.info(summary);\n";
    await history.commit({ "a.js": again }, { isRecorded: false });
    await history.expectFile("a.js", again);
  });
});

describe("amend and reset", () => {
  it("a commit amended where no recorder was", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "config.js": BASE });
    await history.commit({ "config.js": WITH_AI });
    await repo.write("config.js", `${textOf(WITH_AI)}stop(engine);\n`);
    await repo.git(["commit", "-qa", "--amend", "-m", "again"]);
    await history.expectFile("config.js", `${WITH_AI.trimEnd()}\n  ? stop(engine);\n`);
  });

  it("a commit of which a later record corrects an earlier one", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "a.js": "h start(engine);\n" });
    await history.commit({ "a.js": "h start(engine);\nh refuel(engine, diesel);\n" });
    await history.record(await repo.id("HEAD"), { "a.js": "h start(engine);\na refuel(engine, diesel);\n" });
    await repo.git(["commit", "-q", "--amend", "-m", "again"]);
    await history.expectFile("a.js", "h start(engine);\na refuel(engine, diesel);\n");
  });

  it("a message amended, and amended again", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "config.js": BASE });
    await history.commit({ "config.js": WITH_AI });
    for (const message of ["one", "two", "three"]) await repo.git(["commit", "-q", "--amend", "-m", message]);
    await history.expectFile("config.js", WITH_AI);
  });

  it("AI lines deleted by an amend are gone, and no other line takes their place", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "config.js": BASE });
    await history.commit({ "config.js": WITH_AI });
    await repo.write("config.js", `${textOf(BASE)}mine(1, 2, 3);\n`);
    await repo.git(["commit", "-qa", "--amend", "-m", "again"]);
    await history.expectFile("config.js", `${BASE.trimEnd()}\n  ? mine(1, 2, 3);\n`);
  });

  it("commits undone by a soft reset and committed as one", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "config.js": BASE });
    await history.commit({ "config.js": WITH_AI });
    await history.commit({ "config.js": WITH_BOTH });
    await repo.git(["reset", "-q", "--soft", "HEAD~2"]);
    await repo.git(["commit", "-qm", "as one"]);
    await history.expectFile("config.js", WITH_BOTH);
  });

  it("one commit split into two", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "a.js": "h start(engine);\n" });
    await history.commit({ "a.js": "h start(engine);\nA alpha(1000, 2000);\nA beta(3000);\n" });
    await repo.git(["reset", "-q", "--hard", "HEAD~1"]);
    await history.commit({ "a.js": "h start(engine);\nA alpha(1000, 2000);\n" }, { isRecorded: false });
    await history.commit(
      { "a.js": "h start(engine);\nA alpha(1000, 2000);\nA beta(3000);\n" },
      { isRecorded: false },
    );
    await history.expectFile("a.js", "h start(engine);\nA alpha(1000, 2000);\nA beta(3000);\n");
  });

  it("a stash that is popped onto another commit and committed", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "config.js": BASE });
    await history.commit({ "config.js": WITH_AI });
    await repo.git(["reset", "-q", "--soft", "HEAD~1"]);
    await repo.git(["stash", "push", "-q"]);
    await history.commit({ "other.js": "h other(1);\n" });
    await repo.git(["stash", "pop", "-q"]);
    await repo.git(["commit", "-qam", "popped"]);
    await history.expectFile("config.js", WITH_AI);
  });
});
