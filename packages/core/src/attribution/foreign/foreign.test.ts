// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAgentTraces, toTraceRecord } from "./agent-trace.ts";
import { parseAgentTraceLedgers, toLedgerRecord } from "./agent-trace-ledger.ts";
import { parseAgentblameNote } from "./agentblame.ts";
import {
  countEntireSessions,
  entireFolder,
  entireRef,
  findEntireCheckpoints,
  toEntireRecord,
} from "./entire.ts";
import {
  AGENT_TRACE,
  AGENTBLAME,
  AGENTDIFF,
  ENTIRE_SESSION,
  LEDGER,
  REVISION,
  WHOGITIT,
} from "./foreign.fixture.ts";
import type { ForeignRecord } from "./foreign-record.ts";
import { parseWhogititNote } from "./whogitit.ts";

/** `3-5 generated claude-code/model inferred` for each range. */
function rangesOf(record: ForeignRecord | undefined, path: string): readonly string[] {
  const file = record?.files.find((each) => each.path === path);
  return (file?.ranges ?? []).map(({ first, last, extent, agent, evidence }) => {
    const { tool, model } = record?.agents[agent ?? -1] ?? { tool: "?", model: "?" };
    return `${first}-${last} ${extent} ${tool}/${model} ${evidence}`;
  });
}

const codesOf = (record: ForeignRecord | undefined) => record?.losses.map((loss) => loss.code);

describe("agentblame notes", () => {
  it("claim the ranges that they matched by hash", () => {
    const record = parseAgentblameNote(JSON.stringify(AGENTBLAME));
    expect(rangesOf(record, "src/parse.ts")).toEqual([
      "3-5 generated claude-code/claude-opus-4-8 inferred",
      "9-9 generated cursor/null inferred",
    ]);
    expect(record?.files[0]?.ranges[0]?.proofs).toEqual([{ sha256: "1".repeat(64) }]);
    expect(record).toMatchObject({ tracker: "agentblame", version: "2", losses: [] });
  });

  it("of another version are read as far as they go, and say so", () => {
    const record = parseAgentblameNote(JSON.stringify({ ...AGENTBLAME, version: 9 }));
    expect([record?.files.length, codesOf(record)]).toEqual([1, ["unknown-version"]]);
  });

  it("that are empty name nobody", () => {
    const record = parseAgentblameNote(JSON.stringify({ ...AGENTBLAME, attributions: [] }));
    expect(record).toMatchObject({ agents: [], files: [] });
  });
});

describe("whogitit notes", () => {
  it("claim AI lines with their content; the rest is unknown, not human", () => {
    const record = parseWhogititNote(JSON.stringify(WHOGITIT));
    expect(rangesOf(record, "src/a.rs")).toEqual([
      "2-3 generated claude-code/claude-opus-4-5-20251101 derived",
      "5-5 edited claude-code/claude-opus-4-5-20251101 derived",
    ]);
    expect(record?.files[0]?.ranges[0]?.proofs).toEqual([
      { text: "fn read() {" },
      { text: '    fs::read("x");' },
    ]);
  });

  it("hold prompts, which are not taken over", () => {
    expect(JSON.stringify(parseWhogititNote(JSON.stringify(WHOGITIT)))).not.toContain("secret");
  });

  it("name the agent also where no line is left", () => {
    const files = [{ path: "a", lines: [{ line_number: -4, source: { type: "AI" } }] }];
    const record = parseWhogititNote(JSON.stringify({ ...WHOGITIT, files }));
    expect([record?.agents.length, record?.files.length, codesOf(record)]).toEqual([
      1,
      0,
      ["malformed-lines"],
    ]);
  });
});

describe("agent traces", () => {
  const jsonl = (...records: readonly object[]) =>
    records.map((each) => `${JSON.stringify(each)}\n`).join("");

  it("of agentdiff claim the files that AI won; its `human` is no evidence", () => {
    const { byRevision } = parseAgentTraces(jsonl(AGENTDIFF));
    const record = toTraceRecord("agentdiff", byRevision.get(REVISION) ?? []);
    expect(rangesOf(record, "api/server.py")).toEqual([
      "1-20 generated claude-code/claude-sonnet-4-6 inferred",
      "30-31 generated claude-code/claude-sonnet-4-6 inferred",
    ]);
    expect(record.files.map((file) => file.path)).toEqual(["api/server.py"]);
    expect(JSON.stringify(record)).not.toContain("secret");
  });

  it("of agentdiff name a person as the tool where most of the commit is theirs; that is no tool", () => {
    const trace = { ...AGENTDIFF, tool: { name: "author" } };
    expect(toTraceRecord("agentdiff", [trace]).agents[0]?.tool).toBe("unspecified");
  });

  it("of the reference implementation, with handovers within a conversation", () => {
    const { byRevision, unreadable } = parseAgentTraces(`${jsonl(AGENT_TRACE)}\n{ torn`);
    expect(unreadable).toBe(1);
    expect(rangesOf(toTraceRecord("agent-trace", byRevision.get(REVISION) ?? []), "src/x.ts")).toEqual([
      "4-6 generated cursor/anthropic/claude-opus-4-5 inferred",
      "8-8 edited cursor/openai/gpt-5 inferred",
    ]);
  });

  it("that name an AI and no lines name it all the same", () => {
    const toTrace = (type: string) => ({
      ...AGENT_TRACE,
      files: [{ path: "src/x.ts", conversations: [{ contributor: { type }, ranges: [] }] }],
    });
    const agentsOf = (type: string) => toTraceRecord("agent-trace", [toTrace(type)]).agents;
    expect(agentsOf("mixed").map(({ tool }) => tool)).toEqual(["cursor"]);
    expect([...agentsOf("human"), ...agentsOf("unknown")]).toEqual([]);
  });

  it("that name no Git commit say nothing about any", () => {
    const traces = [
      { ...AGENT_TRACE, vcs: undefined },
      { ...AGENT_TRACE, vcs: { type: "hg", revision: REVISION } },
    ];
    expect(parseAgentTraces(jsonl(...traces)).byRevision.size).toBe(0);
  });

  it("have ledgers, of which a commit's last one stands", () => {
    const { byCommit } = parseAgentTraceLedgers(jsonl({ ...LEDGER, files: {} }, LEDGER, { commit_sha: "x" }));
    expect(rangesOf(toLedgerRecord(byCommit.get(REVISION)), "src/x.py")).toEqual([
      "1-3 generated unspecified/anthropic/claude-opus-4-5 inferred",
      "4-4 edited unspecified/anthropic/claude-opus-4-5 inferred",
    ]);
  });
});

describe("Entire's checkpoints", () => {
  it("are named by trailers, in both forms, wherever a squash put them", () => {
    const ulid = "01JZ9X8Y7W6V5T4S3R2Q1P0N9M";
    const message = `title\n\n* one\n\nEntire-Checkpoint: a3b2c4d5e6f7\n\n* two\n\nEntire-Checkpoint: ${ulid}\nEntire-Checkpoint: a3b2c4d5e6f7\nEntire-Checkpoint: ../../etc\n`;
    expect(findEntireCheckpoints(message)).toEqual(["a3b2c4d5e6f7", ulid]);
    expect(entireRef(ulid)).toBe(`refs/entire/checkpoints/9M/${ulid}`);
    expect(entireFolder("a3b2c4d5e6f7")).toBe("a3/b2c4d5e6f7");
  });

  it("name agents and no lines; the share that Entire counts is kept as words", () => {
    const record = toEntireRecord([JSON.stringify(ENTIRE_SESSION)]);
    expect(record.agents).toEqual([
      { tool: "claude-code", session: "8f76b0e8-b8f1-4a87-9186-848bdd83d62e", model: null },
    ]);
    expect(record.losses).toEqual([
      {
        code: "lines-not-named",
        message: "Entire counts 146 of 200 added lines as the agent's and does not say which",
      },
    ]);
  });

  it("whose agent has no name are an agent's all the same", () => {
    const record = toEntireRecord([JSON.stringify({ ...ENTIRE_SESSION, agent: "Agent" }), "{"]);
    expect([record.agents[0]?.tool, codesOf(record)]).toEqual([
      "unspecified",
      ["lines-not-named", "malformed-record"],
    ]);
  });

  it("list as many sessions as a person could have", () => {
    expect(countEntireSessions(JSON.stringify({ sessions: [{}, {}] }))).toBe(2);
    expect(countEntireSessions(JSON.stringify({ sessions: Array(1_000_000).fill(0) }))).toBe(100);
    expect(countEntireSessions("null")).toBe(0);
  });
});

describe("any record", () => {
  const claim = (fields: object) => ({ ...AGENTBLAME.attributions[0], ...fields });

  it.each([
    ["a line below one", { startLine: 0 }],
    ["an end before its start", { endLine: 2 }],
    ["a line that no file has", { endLine: 4_294_967_295 }],
    ["a fraction", { startLine: 1.5 }],
    ["text for a number", { startLine: "3" }],
    ["a path out of the repository", { path: "../../etc/passwd" }],
    ["an absolute path", { path: "/etc/passwd" }],
    ["a path with a NUL", { path: "a\0b" }],
    ["no path", { path: "" }],
  ])("with %s loses that claim and not the agent", (_name, fields) => {
    const record = parseAgentblameNote(JSON.stringify({ ...AGENTBLAME, attributions: [claim(fields)] }));
    expect([record?.files, record?.agents.length, codesOf(record)]).toEqual([[], 1, ["malformed-lines"]]);
  });

  it.each(["---", "a b", 'a"b', "a\nb", "__proto__", "constructor", "🤖.ts"])(
    "may name the path %j",
    (path) => {
      const record = parseAgentblameNote(JSON.stringify({ ...AGENTBLAME, attributions: [claim({ path })] }));
      expect(record?.files.map((file) => file.path)).toEqual([path]);
    },
  );

  it("with overlapping claims gives each line to the later one", () => {
    const attributions = [
      claim({ startLine: 1, endLine: 9, provider: "cursor" }),
      claim({ startLine: 3, endLine: 4 }),
      claim({ startLine: 9, endLine: 12, provider: "opencode" }),
    ];
    const record = parseAgentblameNote(JSON.stringify({ ...AGENTBLAME, attributions }));
    expect(record?.files[0]?.ranges.map((range) => `${range.first}-${range.last} ${range.agent}`)).toEqual([
      "1-2 0",
      "3-4 1",
      "5-8 0",
      "9-12 2",
    ]);
  });

  it("is read in a moment, however many claims overlap and agents are named", () => {
    const attributions = Array.from({ length: 60_000 }, (_, i) =>
      claim({ startLine: 1 + i, endLine: 5_000_000 - i, model: `m${i}` }),
    );
    const started = process.cpuUsage().user / 1000;
    const record = parseAgentblameNote(JSON.stringify({ ...AGENTBLAME, attributions }));
    expect([record?.agents.length, record?.files[0]?.ranges.length]).toEqual([1000, 119_999]);
    expect(process.cpuUsage().user / 1000 - started).toBeLessThan(10_000);
  });

  it("past any honest size is none", () => {
    expect(
      parseAgentblameNote(`${JSON.stringify(AGENTBLAME)}${" ".repeat(17 * 1024 * 1024)}`),
    ).toBeUndefined();
  });

  it("of any JSON never throws, and its ranges ascend without overlaps", () => {
    const near = fc.record({
      version: fc.constantFrom(2, 3, "0.1.0", null),
      session: fc.anything(),
      attributions: fc.array(
        fc.record({
          path: fc.string(),
          startLine: fc.nat(20),
          endLine: fc.nat(20),
          category: fc.constant("ai_generated"),
        }),
      ),
      files: fc.anything(),
      sessions: fc.anything(),
    });
    fc.assert(
      fc.property(fc.oneof(near, fc.jsonValue(), fc.string()), (value) => {
        const text = typeof value === "string" ? value : JSON.stringify(value);
        const records = [
          parseAgentblameNote(text),
          parseWhogititNote(text),
          toEntireRecord([text]),
          ...[...parseAgentTraces(text).byRevision.values()].map((each) =>
            toTraceRecord("agent-trace", each),
          ),
          ...[...parseAgentTraceLedgers(text).byCommit.values()].map(toLedgerRecord),
        ];
        for (const file of records.flatMap((record) => record?.files ?? [])) {
          let end = 0;
          for (const { first, last } of file.ranges) {
            expect(first).toBeGreaterThan(end);
            expect(last).toBeGreaterThanOrEqual(first);
            end = last;
          }
        }
      }),
      { numRuns: 2000 },
    );
  });
});
