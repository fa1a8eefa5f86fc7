// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { sha256Bytes, sha256Hex, toUtf8 } from "../../ids/index.ts";
import { fingerprintLine } from "../fingerprint.ts";
import { type CommittedFile, checkForeignRecord } from "./check-foreign-record.ts";
import type { ForeignRange, ForeignRecord } from "./foreign-record.ts";

const range = (first: number, last: number, fields: Partial<ForeignRange> = {}): ForeignRange => ({
  first,
  last,
  origin: "ai",
  agent: 0,
  extent: "generated",
  evidence: "derived",
  proofs: [],
  ...fields,
});
const record = (ranges: readonly ForeignRange[], path = "a"): ForeignRecord => ({
  tracker: "whogitit",
  version: "3",
  agents: [{ tool: "claude-code", session: "", model: null }],
  files: [{ path, ranges }],
  losses: [{ code: "earlier", message: "a loss of the parser" }],
});

const LINES = ["one\n", "two\r\n", "three\n"];

function check(foreign: ForeignRecord, file: Partial<CommittedFile> = {}) {
  const files = new Map([["a", { blob: "c".repeat(40), lines: LINES, ...file }]]);
  const commit = { id: "a".repeat(40), tree: "b".repeat(40) };
  const checked = checkForeignRecord(foreign, { commit, files, hash: sha256Bytes });
  return {
    lines: checked.files.flatMap((each) => each.ranges.map(({ first, last }) => `${first}-${last}`)).join(),
    codes: checked.coverage.gaps.map((gap) => gap.code).filter((code) => code !== "earlier"),
    checked,
  };
}

describe("a foreign record held against its commit", () => {
  it("keeps what agrees, with fingerprints, and is never whole", () => {
    const { checked, lines } = check(record([range(1, 3)]));
    expect(lines).toBe("1-3");
    expect(checked.files[0]?.ranges[0]?.fingerprints).toEqual(LINES.map((line) => fingerprintLine(line)));
    expect(checked).toMatchObject({
      grade: "derived",
      recorder: { name: "whogitit" },
      coverage: { isWhole: false },
    });
    expect(checked.coverage.gaps).toEqual([{ code: "earlier", message: "a loss of the parser" }]);
  });

  it.each([
    ["a path that the commit does not have", record([range(1, 2)], "b"), "", ["path-not-in-commit"]],
    ["lines past the end of the file", record([range(3, 9)]), "3-3", ["line-not-in-file"]],
    ["lines only past the end", record([range(7, 9)]), "", ["line-not-in-file"]],
    [
      "a line that holds something else",
      record([range(1, 3, { proofs: [{ text: "one" }, { text: "2" }, { text: "three" }] })]),
      "1-1,3-3",
      ["line-content-differs"],
    ],
    [
      "a range whose first line holds something else",
      record([range(1, 3, { proofs: [{ sha256: "0".repeat(64) }] })]),
      "",
      ["line-content-differs"],
    ],
  ] as const)("loses %s, and not the agent", (_name, foreign, kept, codes) => {
    const found = check(foreign);
    expect([found.lines, found.codes]).toEqual([kept, codes]);
    expect(found.checked.agents).toHaveLength(1);
  });

  it("takes a proof with and without the CR", () => {
    const proofs = ["two", "two\r"].map((text) => [{ text }]);
    expect(proofs.map((each) => check(record([range(2, 2, { proofs: each })])).lines)).toEqual([
      "2-2",
      "2-2",
    ]);
    const sha256 = sha256Hex(toUtf8("two"));
    expect(check(record([range(2, 3, { proofs: [{ sha256 }] })])).lines).toBe("2-3");
  });

  it("loses lines that the commit did not add", () => {
    const found = check(record([range(1, 3)]), { isAdded: (index) => index !== 1 });
    expect([found.lines, found.codes]).toEqual(["1-1,3-3", ["line-not-added"]]);
  });

  it("keeps lines whose content is not here, as inferred", () => {
    const found = check(record([range(1, 9)]), { lines: undefined });
    expect([found.lines, found.codes, found.checked.grade]).toEqual(["1-9", ["content-missing"], "inferred"]);
  });
});
