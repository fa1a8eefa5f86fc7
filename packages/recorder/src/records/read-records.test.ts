// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { openRepository, readCommitBatches } from "@countersign/git";
import { describe, expect, it } from "vitest";
import { blameFile } from "../blame/blame-file.ts";
import { createHistory, type RecordedHistory } from "../derive/recorded-history.fixture.ts";
import { joinRecords } from "./join-records.ts";
import { readIdentities, readRecordedCommits } from "./read-records.ts";
import { findRecordSources } from "./record-sources.ts";

async function read(history: RecordedHistory, commit: string, areLinesNeeded = true) {
  const repository = await openRepository(history.repo.path);
  const identities = await readIdentities(repository, [commit]);
  return (await readRecordedCommits(repository, identities, { areLinesNeeded })).get(commit);
}

const note = (history: RecordedHistory, ref: string, commit: string, text: string) =>
  history.repo.git(["notes", `--ref=${ref}`, "add", "-f", "-F", "-", commit], { input: text });

const codes = (found: Awaited<ReturnType<typeof read>>) => found?.warnings.map((warning) => warning.code);

describe("our own records", () => {
  it("name who took part, and how it is known", async () => {
    await using history = await createHistory();
    const commit = await history.commit({ "a.js": "A alpha(1);\nb beta(2);\nh mine(3);\n" });
    const found = await read(history, commit);
    expect(found).toMatchObject({ state: "recorded", isOwn: true, warnings: [] });
    expect(
      found?.assistance.map(({ tool, extent, evidence, convention }) => [tool, extent, evidence, convention]),
    ).toEqual([
      ["alpha", "generated", "observed", "recorded"],
      ["beta", "edited", "observed", "recorded"],
    ]);
  });

  it("that saw the whole change and no AI clear it; with a gap they do not", async () => {
    await using history = await createHistory();
    const coverage = { isWhole: true, from: 1, to: 2, gaps: [] };
    const whole = await history.commit({ "a.js": "h a(1);\n" }, { isRecorded: false });
    await history.record(whole, {}, { coverage });
    const lossy = await history.commit({ "a.js": "h a(2);\n" }, { isRecorded: false });
    const gaps = [{ code: "event-lost", message: "an event was lost" }];
    await history.record(lossy, {}, { coverage: { ...coverage, gaps } });
    expect((await read(history, whole))?.state).toBe("cleared");
    expect([(await read(history, lossy))?.state, codes(await read(history, lossy))]).toEqual([
      undefined,
      ["event-lost"],
    ]);
  });

  it("that stand beside one another add up, and none takes an AI away", async () => {
    await using history = await createHistory();
    const commit = await history.commit({ "a.js": "A alpha(1);\nh mine(3);\n" });
    await history.record(
      commit,
      { "a.js": "h alpha(1);\nh mine(3);\n" },
      { coverage: { isWhole: true, from: 1, to: 2, gaps: [] } },
    );
    const found = await read(history, commit);
    expect(found?.state).toBe("recorded");
    expect(found?.assistance.map((claim) => claim.tool)).toEqual(["alpha"]);
  });

  it("copied to another commit are void, and say so", async () => {
    await using history = await createHistory();
    const source = await history.commit({ "a.js": "h mine(3);\n" });
    const target = await history.commit({ "a.js": "? alpha(1);\n" }, { isRecorded: false });
    await history.record(
      target,
      {},
      {
        tree: await history.repo.id(`${source}^{tree}`),
        coverage: { isWhole: true, from: 1, to: 2, gaps: [] },
      },
    );
    const found = await read(history, target);
    expect([found?.state, found?.record, codes(found)]).toEqual([
      undefined,
      undefined,
      ["record-of-another-commit"],
    ]);
  });

  it("that are damaged or no records are reported and prove nothing", async () => {
    await using history = await createHistory();
    const commit = await history.commit({ "a.js": "? alpha(1);\n" }, { isRecorded: false });
    const folder = `${commit.slice(0, 2)}/${commit.slice(2)}`;
    const junk = "{}";
    const name = createHash("sha256").update(junk).digest("hex");
    const files = { [`${folder}/${name}.json`]: junk, [`${folder}/${"0".repeat(64)}.json`]: "damaged" };
    await history.repo.commit({ branch: "refs/countersign/records", message: "x\n", files });
    const found = await read(history, commit);
    expect([found?.state, codes(found)?.sort()]).toEqual([undefined, ["record-corrupt", "record-malformed"]]);
  });
});

describe("other trackers' records", () => {
  const GIT_AI = (commit: string, lines: string) =>
    `a.js\n  s_00000000000001::t_00000000000002 ${lines}\n---\n${JSON.stringify({
      schema_version: "authorship/3.0.0",
      git_ai_version: "1.0.0",
      base_commit_sha: commit,
      prompts: {},
      sessions: {
        s_00000000000001: {
          agent_id: { tool: "claude", id: "x", model: "claude-opus-4-8" },
          human_author: null,
        },
      },
    })}`;

  it("make a commit recorded, with lines that it added and no others", async () => {
    await using history = await createHistory();
    await history.commit({ "a.js": "h start(1);\nh stop(2);\n" }, { isRecorded: false });
    const commit = await history.commit(
      { "a.js": "h start(1);\n? alpha(1);\nh stop(2);\n" },
      { isRecorded: false },
    );
    await note(history, "ai", commit, GIT_AI(commit, "1-9"));
    const found = await read(history, commit);
    expect(found).toMatchObject({ state: "recorded", isOwn: false });
    expect(found?.assistance).toMatchObject([
      { tool: "claude-code", model: "claude-opus-4-8", convention: "git-ai-note", evidence: "derived" },
    ]);
    expect(codes(found)?.sort()).toEqual(["line-not-added", "line-not-in-file"]);
    await history.expectFile(
      "a.js",
      `? start(1);\n${JSON.stringify({ kind: "ai", agent: { tool: "claude-code", session: "x", model: "claude-opus-4-8" }, extent: "generated", evidence: "derived" })} alpha(1);\n? stop(2);\n`,
    );
  });

  it("without AI never clear: an emptied note is no commit without AI", async () => {
    await using history = await createHistory();
    const commit = await history.commit({ "a.js": "? alpha(1);\n" }, { isRecorded: false });
    const empty = {
      schema_version: "authorship/3.0.0",
      git_ai_version: null,
      base_commit_sha: commit,
      prompts: {},
    };
    await note(history, "ai", commit, `---\n${JSON.stringify(empty)}`);
    await note(history, "agentblame", commit, JSON.stringify({ version: 2, attributions: [] }));
    expect(await read(history, commit)).toBeUndefined();
  });

  it("that cannot be read are reported", async () => {
    await using history = await createHistory();
    const commit = await history.commit({ "a.js": "? alpha(1);\n" }, { isRecorded: false });
    await note(history, "ai", commit, "garbage");
    await note(history, "whogitit", commit, "[");
    const found = await read(history, commit);
    expect([found?.state, codes(found)]).toEqual([undefined, ["note-unreadable", "note-unreadable"]]);
  });

  it("beside ours add agents, and what they repeat of ours is not said twice", async () => {
    await using history = await createHistory();
    const commit = await history.commit({ "a.js": "A alpha(1);\n" });
    const own = {
      provider: "alpha",
      model: "alpha-model",
      path: "a.js",
      startLine: 1,
      endLine: 1,
      category: "ai_generated",
    };
    await note(history, "agentblame", commit, JSON.stringify({ version: 2, attributions: [own] }));
    expect((await read(history, commit))?.assistance.map((claim) => claim.convention)).toEqual(["recorded"]);
    const other = { ...own, provider: "cursor", model: null };
    await note(history, "agentblame", commit, JSON.stringify({ version: 2, attributions: [own, other] }));
    expect(
      (await read(history, commit))?.assistance.map(({ tool, convention }) => [tool, convention]),
    ).toContainEqual(["cursor", "agentblame-note"]);
    await history.expectFile("a.js", "A alpha(1);\n");
  });

  it("beside ours add lines of the same agent that ours did not see, and no person's", async () => {
    await using history = await createHistory();
    const commit = await history.commit({ "a.js": "A alpha(1);\nh mine(2);\n? beta(3);\n? gamma(4);\n" });
    const metadata = {
      schema_version: "authorship/3.0.0",
      git_ai_version: null,
      base_commit_sha: commit,
      prompts: {},
      humans: { h_1: { author: "Eve <eve@example.com>" } },
      sessions: {
        s_1: {
          agent_id: { tool: "alpha", id: "alpha-session", model: "alpha-model" },
          human_author: null,
        },
      },
    };
    const text = `a.js\n  s_1::t_1 1-3\n  h_1 4\n---\n${JSON.stringify(metadata)}`;
    await note(history, "ai", commit, text);
    expect((await read(history, commit))?.assistance.map((claim) => claim.convention)).toEqual(["recorded"]);
    await history.expectFile("a.js", "A alpha(1);\nh mine(2);\nA beta(3);\n? gamma(4);\n");
  });

  it("outweigh a clearance of ours", async () => {
    await using history = await createHistory();
    const commit = await history.commit({ "a.js": "? alpha(1);\n" }, { isRecorded: false });
    await history.record(commit, {}, { coverage: { isWhole: true, from: 1, to: 2, gaps: [] } });
    await note(history, "ai", commit, GIT_AI(commit, "1"));
    expect((await read(history, commit))?.state).toBe("recorded");
  });

  it("in JSONL files: agent-trace in the work tree and committed, agentdiff in refs", async () => {
    await using history = await createHistory();
    const { repo } = history;
    const commit = await history.commit(
      { "a.js": "? alpha(1);\n? beta(2);\n? gamma(3);\n" },
      { isRecorded: false },
    );
    const trace = (tool: string, line: number) =>
      JSON.stringify({
        version: "0.1.0",
        vcs: { type: "git", revision: commit },
        tool: { name: tool },
        files: [
          {
            path: "a.js",
            conversations: [{ contributor: { type: "ai" }, ranges: [{ start_line: line, end_line: line }] }],
          },
        ],
      });
    await repo.write(".agent-trace/traces.jsonl", `${trace("cursor", 1)}\n`);
    // Alone too, where no ref says that there are records.
    const repository = await openRepository(repo.path);
    const sources = await findRecordSources(repository);
    const batches = readCommitBatches(repository, { include: [commit] });
    for await (const [joined] of joinRecords(repository, batches, sources))
      expect(joined?.recorded).toMatchObject({ state: "recorded", assistance: [{ tool: "cursor" }] });
    const { lines } = await blameFile({ repository, path: "a.js", ranges: [] });
    expect(lines.map(({ origin }) => origin.kind)).toEqual(["ai", "unknown", "unknown"]);
    await repo.commit({
      branch: "refs/agentdiff/traces/feature%2Fx",
      message: "x\n",
      files: { "traces.jsonl": `${trace("codex", 2)}\n` },
    });
    const found = await read(history, commit);
    expect(
      found?.assistance.map(({ tool, convention, evidence }) => [tool, convention, evidence]).sort(),
    ).toEqual([
      ["codex", "agentdiff-trace", "inferred"],
      ["cursor", "agent-trace", "inferred"],
    ]);
    expect(found?.record?.files[0]?.ranges.map((range) => range.first)).toEqual([1, 2]);
  });

  it("in a file that a commit made a link to what never ends are not read", async () => {
    await using history = await createHistory();
    const { repo } = history;
    const commit = await history.commit({ "a.js": "? alpha(1);\n" }, { isRecorded: false });
    mkdirSync(join(repo.path, ".agent-trace"));
    for (const name of ["traces.jsonl", "ledgers.jsonl"])
      symlinkSync("/dev/zero", join(repo.path, ".agent-trace", name));
    expect(await read(history, commit)).toBeUndefined();
  });

  it("of Entire: a checkpoint that the message names, in its ref or on its branch", async () => {
    await using history = await createHistory();
    const { repo } = history;
    const session = JSON.stringify({ agent: "Claude Code", session_id: "s", cli_version: "0.10.2" });
    const files = (folder: string) => ({
      [`${folder}metadata.json`]: JSON.stringify({ sessions: [{}] }),
      [`${folder}0/metadata.json`]: session,
    });
    const ulid = "01JZ9X8Y7W6V5T4S3R2Q1P0N9M";
    await repo.commit({
      branch: `refs/entire/checkpoints/9M/${ulid}`,
      message: "x\n",
      parents: [],
      files: files(""),
    });
    await repo.commit({
      branch: "entire/checkpoints/v1",
      message: "x\n",
      parents: [],
      files: files("a3/b2c4d5e6f7/"),
    });
    for (const id of [ulid, "a3b2c4d5e6f7"]) {
      const message = `work\n\nEntire-Checkpoint: ${id}\n`;
      const commit = await history.commit({ "a.js": `? ${id}(1);\n` }, { isRecorded: false, message });
      expect(await read(history, commit)).toMatchObject({
        state: "recorded",
        assistance: [{ tool: "claude-code", convention: "entire-checkpoint", evidence: "inferred" }],
      });
    }
    const emptied = { branch: "refs/entire/checkpoints/f7/a3b2c4d5e6f7", message: "x\n", files: { x: "x" } };
    await repo.commit({ ...emptied, parents: [] });
    const kept = await history.commit(
      { "a.js": "? y(1);\n" },
      { isRecorded: false, message: "w\n\nEntire-Checkpoint: a3b2c4d5e6f7\n" },
    );
    expect((await read(history, kept))?.assistance.map(({ tool }) => tool)).toEqual(["claude-code"]);
    const lost = await history.commit(
      { "a.js": "? x(1);\n" },
      { isRecorded: false, message: "w\n\nEntire-Checkpoint: 000000000000\n" },
    );
    expect(await read(history, lost)).toBeUndefined();
  });

  it("are not held against the content where only the commit matters", async () => {
    await using history = await createHistory();
    const commit = await history.commit({ "a.js": "? alpha(1);\n" }, { isRecorded: false });
    await note(history, "ai", commit, GIT_AI(commit, "1-9"));
    const found = await read(history, commit, false);
    expect([found?.state, codes(found)]).toEqual(["recorded", []]);
  });
});
