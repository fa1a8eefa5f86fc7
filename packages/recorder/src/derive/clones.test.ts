// SPDX-License-Identifier: Apache-2.0
import { openRepository } from "@countersign/git";
import { createRepository, type TestRepository } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { BASE, unknown, WITH_AI } from "./blocks.fixture.ts";
import { deriveRecords } from "./derive-records.ts";
import { createHistory, toHistory } from "./recorded-history.fixture.ts";

const RECORDS = "refs/countersign/records:refs/countersign/records";

async function derive(repo: TestRepository, revision = "HEAD") {
  const commit = await repo.id(revision);
  const { records, gaps } = await deriveRecords(await openRepository(repo.path), [commit]);
  return { record: records.get(commit), gaps: (gaps.get(commit) ?? []).map((gap) => gap.code) };
}

describe("a clone that lacks something", () => {
  it("the contents: says which, and claims nothing", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "config.js": BASE });
    await history.commit({ "config.js": WITH_AI });
    await repo.git(["commit", "-q", "--amend", "-m", "again"]);
    await repo.git(["config", "uploadpack.allowFilter", "true"]);
    await using clone = await repo.clone(["--filter=blob:none", "--no-checkout"]);
    await clone.git(["fetch", "--quiet", "--no-filter", "origin", RECORDS]);
    expect(await derive(clone)).toEqual({ record: undefined, gaps: ["content-missing"] });
  });

  it("the history: a shallow boundary looks as if everything were new", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "config.js": BASE });
    await history.commit({ "config.js": WITH_AI });
    await repo.git(["commit", "-q", "--amend", "-m", "again"]);
    await using clone = await repo.clone(["--depth=1"]);
    await clone.git(["fetch", "--quiet", "origin", RECORDS]);
    expect(await derive(clone)).toEqual({ record: undefined, gaps: ["history-missing"] });
    await toHistory(clone).expectFile("config.js", unknown(WITH_AI));
  });

  it("all records: derives nothing, at no cost", async () => {
    await using repo = await createRepository();
    await repo.commit({ message: "x\n", files: { "a.js": "alpha(1);\n" } });
    expect(await derive(repo)).toEqual({ record: undefined, gaps: [] });
  });
});

describe("what is derived", () => {
  it("says where it comes from, how sure it is, and how much it found", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "a.js": "h start(engine);\n" });
    const source = await history.commit({ "a.js": "h start(engine);\nA alpha(1000);\nh mine(2000);\n" });
    await repo.write("a.js", "start(engine);\nalpha(1000);\nmine(2000);\nother(3000);\n");
    await repo.git(["commit", "-qa", "--amend", "-m", "again"]);
    const { record } = await derive(repo);
    expect(record).toMatchObject({ grade: "derived", derivedFrom: [source], coverage: { isWhole: false } });
    expect(record?.coverage.gaps).toMatchObject([
      { code: "partly-derived", message: expect.stringContaining("2 of 3") },
    ]);
    const ranges = record?.files[0]?.ranges.map(({ first, last, origin, evidence }) => [
      first,
      last,
      origin,
      evidence,
    ]);
    expect(ranges).toEqual([
      [2, 2, "ai", "derived"],
      [3, 3, "human", "derived"],
    ]);
  });

  it("skips what is no text: binaries, links, other repositories' commits", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "a.js": "A alpha(1000);\n" });
    await repo.commit({
      message: "odd\n",
      files: {
        "b.bin": Uint8Array.from([1, 0, 2]),
        link: { symlink: "a.js" },
        module: { gitlink: "d".repeat(40) },
        "a.js": { executable: "alpha(1000);\nbeta(1);\n" },
      },
    });
    expect(await derive(repo)).toEqual({ record: undefined, gaps: [] });
  });

  it("is the same whoever derives it", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "config.js": BASE });
    await history.commit({ "config.js": WITH_AI });
    await repo.git(["commit", "-q", "--amend", "-m", "again"]);
    const first = await derive(repo);
    await using clone = await repo.clone();
    await clone.git(["fetch", "--quiet", "origin", RECORDS]);
    expect(await derive(clone)).toEqual(first);
  });

  it("comes from another tracker's notes too, where their commits are here", async () => {
    await using history = await createHistory();
    const { repo } = history;
    await history.commit({ "a.js": "? start(engine);\n" }, { isRecorded: false });
    await repo.branch("feature");
    const commit = await history.commit(
      { "a.js": "? start(engine);\n? alpha(1000);\n" },
      { isRecorded: false },
    );
    const attribution = {
      path: "a.js",
      startLine: 2,
      endLine: 2,
      category: "ai_generated",
      provider: "cursor",
      model: null,
    };
    const note = JSON.stringify({ version: 2, attributions: [attribution] });
    await repo.git(["notes", "--ref=agentblame", "add", "-F", "-", commit], { input: note });
    await repo.checkout("main");
    await repo.squash("feature", "feature (#1)");
    const { record } = await derive(repo);
    expect(record).toMatchObject({ grade: "inferred", agents: [{ tool: "cursor" }], derivedFrom: [commit] });
  });
});
