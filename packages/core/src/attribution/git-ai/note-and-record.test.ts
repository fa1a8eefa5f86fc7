// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toRawText } from "../../ids/index.ts";
import type { AssistanceRecord } from "../assistance-record.ts";
import { AGENT, BLOB, COMMIT, RECORD, range, records } from "../record/records.fixture.ts";
import { formatGitAiNote } from "./format-note.ts";
import { GIT_AI_SCHEMA } from "./note.ts";
import { noteFromRecord } from "./note-from-record.ts";
import { toHumanKey, toSessionKey } from "./note-keys.ts";
import { COMMIT as NOTED, OLD_NOTE, SESSION_NOTE } from "./notes.fixture.ts";
import { parseGitAiNote } from "./parse-note.ts";
import { recordFromNote } from "./record-from-note.ts";

const AUTHOR = "Author <author@example.org>";
const withPaths = (...paths: readonly string[]): AssistanceRecord => ({
  ...RECORD,
  files: paths.map((path) => ({ path, blob: BLOB, ranges: [range(1, 1)] })),
});

describe("noteFromRecord", () => {
  it("writes what git-ai would", () => {
    const { note, omitted } = noteFromRecord(RECORD, { author: AUTHOR });
    const key = toSessionKey("claude", AGENT.session);
    const human = toHumanKey(AUTHOR);
    const [, trace] = /::(t_[0-9a-f]{14}) /.exec(formatGitAiNote(note)) ?? [];
    expect(omitted).toEqual([]);
    expect(formatGitAiNote(note)).toBe(`src/add.ts
  ${human} 4
  ${key}::${trace} 1-2
---
{
  "schema_version": "${GIT_AI_SCHEMA}",
  "git_ai_version": null,
  "base_commit_sha": "${COMMIT}",
  "prompts": {},
  "humans": {
    "${human}": {
      "author": "${AUTHOR}"
    }
  },
  "sessions": {
    "${key}": {
      "agent_id": {
        "tool": "claude",
        "id": "${AGENT.session}",
        "model": "${AGENT.model}"
      },
      "human_author": "${AUTHOR}"
    }
  }
}`);
  });

  it("gives the same note every time, and other traces for another seed", () => {
    const text = (trace?: string) =>
      formatGitAiNote(
        noteFromRecord(RECORD, { author: null, ...(trace === undefined ? {} : { trace }) }).note,
      );
    expect(text()).toBe(text());
    expect(text()).not.toBe(text("another"));
    expect(text()).not.toContain("humans");
    expect(text()).not.toContain("h_");
  });

  it("keeps the first model's key canonical and gives others their own", () => {
    const agents = [AGENT, { ...AGENT, model: null }, { ...AGENT, model: "claude-haiku-4-5" }];
    const files = [
      { path: "a", blob: BLOB, ranges: [range(1, 1), range(2, 2, { agent: 1 }), range(3, 3, { agent: 2 })] },
    ];
    const { note } = noteFromRecord({ ...RECORD, agents, files }, { author: null });
    expect([...note.metadata.sessions].map(([key, { agent }]) => [key, agent.model])).toEqual([
      [toSessionKey("claude", AGENT.session), "claude-opus-4-8"],
      [toSessionKey("claude", `${AGENT.session}:unknown`), "unknown"],
      [toSessionKey("claude", `${AGENT.session}:claude-haiku-4-5`), "claude-haiku-4-5"],
    ]);
    expect(note.files[0]?.entries).toHaveLength(3);
    const keys = note.files[0]?.entries.map(({ key }) => key) ?? [];
    expect(keys).toEqual(keys.toSorted());
  });

  it("joins neighbouring ranges of one agent, whatever their extents", () => {
    const files = [
      { path: "a", blob: BLOB, ranges: [range(1, 2), range(3, 3, { extent: "edited" }), range(5, 5)] },
    ];
    const { note } = noteFromRecord({ ...RECORD, files }, { author: null });
    expect(note.files[0]?.entries[0]?.ranges).toEqual([
      { first: 1, last: 3 },
      { first: 5, last: 5 },
    ]);
  });

  it("leaves out files that the format cannot hold, says why, and keeps the rest readable", () => {
    const strange = ["---", "line\nend", '"quoted"', toRawText(Uint8Array.of(0x61, 0xff)), "nbsp\u00a0"];
    const { note, omitted } = noteFromRecord(withPaths("a.ts", ...strange), { author: null });
    expect(omitted.map(({ path }) => path)).toEqual(strange);
    expect(new Set(omitted.map(({ reason }) => reason)).size).toBe(4);
    expect(parseGitAiNote(formatGitAiNote(note)).files.map(({ path }) => path)).toEqual(["a.ts"]);
  });

  it("writes paths in NFC, as git-ai looks them up", () => {
    const { note, omitted } = noteFromRecord(withPaths("cafe\u0301", "caf\u00e9"), { author: null });
    expect(note.files.map(({ path }) => path)).toEqual(["caf\u00e9"]);
    expect(omitted).toHaveLength(1);
  });

  it("does not make one conversation of all commits of an agent that names none", () => {
    const agents = [{ ...AGENT, session: "" }];
    const { note } = noteFromRecord({ ...RECORD, agents }, { author: null });
    expect([...note.metadata.sessions.values()][0]?.agent.id).toBe(COMMIT);
  });

  it("says of every line what the record knows, through any note", () => {
    fc.assert(
      fc.property(records, (record) => {
        const { note, omitted } = noteFromRecord(record, { author: AUTHOR });
        const read = recordFromNote(parseGitAiNote(formatGitAiNote(note)), { commit: record.commit });
        expect(read.losses).toEqual([]);
        const left = record.files.filter(({ path }) => !omitted.some((file) => file.path === path));
        const lines = (files: typeof left, agents: AssistanceRecord["agents"]) =>
          files
            .flatMap(({ path, ranges }) =>
              ranges.flatMap(({ first, last, origin, agent, evidence }) =>
                // That a person only seems to have written a line is nothing that a note can say.
                Array.from(
                  { length: origin === "human" && evidence === "inferred" ? 0 : last - first + 1 },
                  (_, i) =>
                    JSON.stringify([
                      path.normalize("NFC"),
                      first + i,
                      origin,
                      agent === null ? null : agents[agent]?.tool,
                    ]),
                ),
              ),
            )
            .sort();
        expect(lines(read.files as unknown as typeof left, read.agents)).toEqual(lines(left, record.agents));
      }),
      { numRuns: 500 },
    );
  });
});

describe("recordFromNote", () => {
  const METADATA = {
    schema_version: GIT_AI_SCHEMA,
    base_commit_sha: NOTED,
    prompts: { abc: { agent_id: { tool: "Some Tool!", id: "1", model: "" } } },
    sessions: { s_1: { agent_id: { tool: "gemini", id: "2", model: "gemini-3-pro" } } },
    humans: { h_1: { author: AUTHOR } },
  };
  const read = (attestations: string, subject = {}, metadata: object = METADATA) =>
    recordFromNote(parseGitAiNote(`${attestations}\n---\n${JSON.stringify(metadata)}`), {
      commit: NOTED,
      ...subject,
    });
  const rangesOf = (attestations: string, subject = {}) =>
    read(attestations, subject).files[0]?.ranges.map(({ first, last, origin }) => [first, last, origin]);

  it("names agents as the registry does", () => {
    expect(read("a\n  k 1").agents).toEqual([
      { tool: "gemini-cli", session: "2", model: "gemini-3-pro" },
      { tool: "some-tool", session: "1", model: null },
    ]);
    expect(recordFromNote(parseGitAiNote(SESSION_NOTE), { commit: NOTED }).agents[0]?.tool).toBe(
      "claude-code",
    );
  });

  it("lets the last entry win whose key has a record", () => {
    expect(rangesOf("a\n  abc 1-5\n  h_1 3\n  gone 2-4")).toEqual([
      [1, 2, "ai"],
      [3, 3, "human"],
      [4, 5, "ai"],
    ]);
    expect(rangesOf("a\n  h_1 1-5\n  s_1::t_9 3")).toEqual([
      [1, 2, "human"],
      [3, 3, "ai"],
      [4, 5, "human"],
    ]);
  });

  it.each(["ai_agent", "s_gone::t_1", "h_gone", "gone", "__proto__", "constructor"])(
    "takes the key %s, which has no record, for neither AI nor human, and reports it",
    (key) => {
      const record = read(`a\n  ${key} 1-5`);
      expect(record.files).toEqual([]);
      expect(record.losses.map(({ code }) => code)).toEqual(["unknown-key"]);
    },
  );

  it("cuts hostile ranges at the end of the file, and counts the senseless", () => {
    const countLines = (path: string) => (path === "a" ? 10 : undefined);
    expect(rangesOf("a\n  abc 8-4294967295", { countLines })).toEqual([[8, 10, "ai"]]);
    expect(rangesOf("b\n  abc 1-4294967295", { countLines })).toEqual([[1, 10_000_000, "ai"]]);
    const record = read("a\n  abc 0,5-3,0-2,11\n../b\n  abc 1", { countLines });
    expect(record.files).toEqual([]);
    expect(record.losses[0]?.message).toContain("5 line range(s)");
  });

  it("trusts a note less that was made for another commit", () => {
    const grade = (commit: string) => read("a\n  abc 1", { commit }).files[0]?.ranges[0]?.evidence;
    expect(grade(NOTED)).toBe("derived");
    expect(grade(COMMIT)).toBe("inferred");
    expect(recordFromNote(parseGitAiNote(OLD_NOTE), { commit: NOTED }).files[0]?.ranges).toHaveLength(2);
  });

  it("does not take git-ai's stand-in for a person for an agent", () => {
    const metadata = {
      ...METADATA,
      sessions: { s_1: { agent_id: { tool: "human", id: "human", model: "human" } } },
    };
    const record = read("a\n  s_1::t_1 1", {}, metadata);
    expect(record.agents.map(({ tool }) => tool)).toEqual(["some-tool"]);
    expect(record.files).toEqual([]);
  });

  it("stays quick and bounded over a note made to hurt", () => {
    const entries = Array.from(
      { length: 2000 },
      (_, i) => `  abc ${"1-4294967295,".repeat(100)}${i + 1}`,
    ).join("\n");
    const start = process.cpuUsage().user / 1000;
    const record = read(`a\n${entries}`);
    expect(record.losses.map(({ code }) => code)).toEqual(["too-many-lines"]);
    expect(process.cpuUsage().user / 1000 - start).toBeLessThan(30_000);
  });
});
