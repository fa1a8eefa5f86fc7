// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CoreError, parseUtf8, toRawText, toUtf8 } from "../../ids/index.ts";
import type { AssistanceRecord, RecordedRange } from "../assistance-record.ts";
import { formatAssistanceRecord } from "./format-record.ts";
import { parseAssistanceRecord } from "./parse-record.ts";
import { AGENT, BLOB, HUMAN, prints, RECORD, range, records } from "./records.fixture.ts";

const MALFORMED = expect.objectContaining({ name: "CoreError", code: "RECORD_MALFORMED" });
const withRanges = (...ranges: readonly RecordedRange[]): AssistanceRecord => ({
  ...RECORD,
  files: [{ path: "a", blob: BLOB, ranges }],
});
const withPath = (path: string): AssistanceRecord => ({
  ...RECORD,
  files: [{ path, blob: BLOB, ranges: [range(1, 1)] }],
});
const json = (record: AssistanceRecord) => parseUtf8(formatAssistanceRecord(record));

describe("assistance record", () => {
  it("round-trips", () => {
    fc.assert(
      fc.property(records, (record) => {
        expect(parseAssistanceRecord(formatAssistanceRecord(record))).toEqual({
          ...record,
          derivedFrom: record.derivedFrom.toSorted(),
        });
      }),
      { numRuns: 500 },
    );
  });

  it("refuses garbage with a code, whatever it is", () => {
    const sound = formatAssistanceRecord(RECORD);
    const changed = fc
      .tuple(fc.nat(sound.length - 1), fc.nat(255))
      .map(([at, byte]) => sound.map((old, i) => (i === at ? byte : old)));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), changed, fc.json().map(toUtf8)), (bytes) => {
        try {
          const record = parseAssistanceRecord(bytes);
          expect(formatAssistanceRecord(record)).toEqual(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(CoreError);
          expect((error as CoreError).code).toMatch(/^RECORD_(?:MALFORMED|VERSION_UNKNOWN)$/);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("refuses a value with any member replaced by something else", () => {
    const values = [null, -1, 1.5, 2 ** 53, "", "x", [], {}, true, [[]], "\u202ex"];
    const seen = new Set<string>();
    const visit = (value: unknown, put: (other: unknown) => unknown, path: string): void => {
      for (const other of values) {
        const text = JSON.stringify(put(other));
        if (text === json(RECORD)) continue;
        seen.add(path);
        try {
          parseAssistanceRecord(toUtf8(text));
        } catch (error) {
          expect(error).toBeInstanceOf(CoreError);
          continue;
        }
        // What is optional by the specification, and nothing else.
        expect(`${path} ${JSON.stringify(other)}`).toMatch(
          /^\.(?:coverage\.(?:from|to) null|coverage\.gaps \[\]|derivedFrom \[\]|agents\.0\.(?:model|session) |recorder\.(?:name|version) "x"|files\.0\.path "|files \[\]|agents\.0\.tool "x")/,
        );
      }
      if (typeof value !== "object" || value === null) return;
      for (const [key, member] of Object.entries(value)) {
        const replace = (other: unknown) =>
          put(
            Array.isArray(value)
              ? value.map((old, i) => (`${i}` === key ? other : old))
              : { ...value, [key]: other },
          );
        visit(member, replace, `${path}.${key}`);
      }
    };
    visit(JSON.parse(json(RECORD)), (other) => other, "");
    expect(seen.size).toBeGreaterThan(30);
  });

  it.each<[string, AssistanceRecord]>([
    ["ranges that overlap", withRanges(range(1, 3), range(3, 4))],
    ["ranges that descend", withRanges(range(5, 6), range(1, 2))],
    ["line 0", withRanges(range(0, 1))],
    ["a range that ends before it begins", withRanges(range(3, 2, { fingerprints: [] }))],
    ["an agent that is not there", withRanges(range(1, 1, { agent: 1 }))],
    ["a negative agent", withRanges(range(1, 1, { agent: -1 }))],
    ["an AI range without agent", withRanges(range(1, 1, { agent: null }))],
    ["an AI range without extent", withRanges(range(1, 1, { extent: null }))],
    ["a human range with an agent", withRanges(range(1, 1, { ...HUMAN, agent: 0 }))],
    ["a human range with an extent", withRanges(range(1, 1, { ...HUMAN, extent: "edited" }))],
    ["too few fingerprints", withRanges(range(1, 2, { fingerprints: prints(1, 1) }))],
    ["too many fingerprints", withRanges(range(1, 1, { fingerprints: prints(1, 2) }))],
    ["fingerprints of other characters", withRanges(range(1, 1, { fingerprints: ["abcdef+/"] }))],
    ["a range without evidence", withRanges(range(1, 1, { evidence: "none" }))],
    ["a path that leaves the repository", withPath("../etc/passwd")],
    ["an absolute path", withPath("/etc/passwd")],
    ["a path with an empty part", withPath("a//b")],
    ["a path with NUL", withPath("a\0b")],
    ["an empty path", withPath("")],
    ["a path longer than Git's", withPath("a/".repeat(2100).concat("a"))],
    ["two files of one path", { ...RECORD, files: [...withPath("a").files, ...withPath("a").files] }],
    ["ids of two formats", { ...RECORD, tree: "4".repeat(64) }],
    ["an abbreviated commit", { ...RECORD, commit: "3333333" }],
    ["the null id", { ...RECORD, commit: "0".repeat(40) }],
    ["a tool with capitals", { ...RECORD, agents: [{ ...AGENT, tool: "Claude Code" }] }],
    ["a time that is no whole number", { ...RECORD, coverage: { ...RECORD.coverage, from: 1.5 } }],
    ["a grade that there is not", { ...RECORD, grade: "proved" as "observed" }],
    ["more gaps in the code than a name", withGap("Gap!")],
  ])("refuses to write %s", (_, record) => {
    expect(() => formatAssistanceRecord(record)).toThrow(MALFORMED);
  });

  it.each([
    ["white space", (text: string) => text.replace(":", ": ")],
    [
      "members in another order",
      (text: string) => text.replace(/^\{("agents":.*),("commit":"3+"),/, "{$2,$1,"),
    ],
    ["something after it", (text: string) => `${text}\n`],
    ["a member twice", (text: string) => text.replace('"commit"', '"commit":"x","commit"')],
    ["a member more", (text: string) => text.replace('"commit"', '"author":"x","commit"')],
    ["escapes that need not be", (text: string) => text.replace("src/add.ts", "src\\/add.ts")],
    ["a byte order mark", (text: string) => `\uFEFF${text}`],
    [
      "base64 for a path that is UTF-8",
      (text: string) => text.replace('"path":"src/add.ts"', '"pathBase64":"YQ=="'),
    ],
  ])("refuses to read %s", (_, change) => {
    const changed = change(json(RECORD));
    expect(changed).not.toBe(json(RECORD));
    expect(() => parseAssistanceRecord(toUtf8(changed))).toThrow(MALFORMED);
  });

  it("tells a later version from garbage", () => {
    expect(() => parseAssistanceRecord(toUtf8('{"version":2,"new":[]}'))).toThrow(
      expect.objectContaining({ code: "RECORD_VERSION_UNKNOWN" }),
    );
  });

  it("names every bad field at once, up to a bound, and no escape sequence", () => {
    const bad = { ...RECORD, commit: "x", tree: "y", grade: "z" as "observed" };
    expect(() => formatAssistanceRecord(bad)).toThrow(/commit: .*tree: .*grade: /);
    const hostile = { ...RECORD, "\u001b[31m": 1 };
    expect(() => parseAssistanceRecord(toUtf8(JSON.stringify(hostile)))).toThrow(/^[ -~]*$/);
  });

  it("keeps the record where a text is unfit, and the text as far as it is fit", () => {
    const agents = [
      { tool: "codex", session: "a\u001b[31m\u202eb", model: `gpt-${"9".repeat(400)}` },
      { tool: "codex", session: "x", model: "" },
    ];
    const read = parseAssistanceRecord(formatAssistanceRecord({ ...RECORD, agents }));
    expect(read.agents).toEqual([
      { tool: "codex", session: "a?[31m?b", model: `gpt-${"9".repeat(196)}` },
      { tool: "codex", session: "x", model: null },
    ]);
  });

  it("points ranges to the right agent where two become one", () => {
    const agents = [
      { ...AGENT, session: "\u0001" },
      { ...AGENT, session: "\u0002" },
      { ...AGENT, tool: "codex" },
    ];
    const files = [{ path: "a", blob: BLOB, ranges: [range(1, 1, { agent: 1 }), range(2, 2, { agent: 2 })] }];
    const read = parseAssistanceRecord(formatAssistanceRecord({ ...RECORD, agents, files }));
    expect(read.agents).toHaveLength(2);
    expect(read.files[0]?.ranges.map(({ agent }) => agent)).toEqual([0, 1]);
  });

  it("puts files in the order of their bytes, any bytes", () => {
    const paths = [
      "b",
      "\u{10000}",
      "\uFFEE",
      toRawText(Uint8Array.of(0xff)),
      toRawText(Uint8Array.of(0x80)),
      "a b",
    ];
    const files = paths.map((path) => ({ path, blob: BLOB, ranges: [range(1, 1)] }));
    const read = parseAssistanceRecord(formatAssistanceRecord({ ...RECORD, files }));
    expect(read.files.map(({ path }) => path)).toEqual([
      "a b",
      "b",
      toRawText(Uint8Array.of(0x80)),
      "\uFFEE",
      "\u{10000}",
      toRawText(Uint8Array.of(0xff)),
    ]);
  });

  it("reads and writes a long record quickly", () => {
    const ranges = Array.from({ length: 2000 }, (_, i) => range(i * 20 + 1, i * 20 + 10));
    const record = withRanges(...ranges);
    const start = process.cpuUsage().user / 1000;
    expect(parseAssistanceRecord(formatAssistanceRecord(record))).toEqual(record);
    expect(process.cpuUsage().user / 1000 - start).toBeLessThan(2000);
  });
});

function withGap(code: string): AssistanceRecord {
  return { ...RECORD, coverage: { ...RECORD.coverage, gaps: [{ code, message: "lost" }] } };
}
