// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseUtf8, sha256Hex, toUtf8 } from "../../ids/index.ts";
import type { AssistanceRecord } from "../assistance-record.ts";
import { fingerprintLine } from "../fingerprint.ts";
import { formatAssistanceRecord } from "./format-record.ts";
import { mergeRecords } from "./merge-records.ts";
import { parseAssistanceRecord } from "./parse-record.ts";
import { recordedState } from "./to-assistance.ts";

const SPECS = new URL("../../../../../specs/", import.meta.url);
const FOLDER = new URL("vectors/assistance-record/", SPECS);
const load = <T>(name: string): readonly T[] =>
  JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as T[];

/** A record without the fingerprints' and paths' own forms, as other languages see it. */
interface ValidVector {
  readonly name: string;
  readonly json: string;
  readonly sha256: string;
  readonly state: string | null;
}
interface InvalidVector {
  readonly name: string;
  readonly json: string;
  readonly code: string;
}
interface MergingVector {
  readonly name: string;
  readonly records: readonly string[];
  readonly merged: string;
}
interface FingerprintVector {
  readonly name: string;
  readonly lineHex: string;
  readonly fingerprint: string;
}

const valid = load<ValidVector>("valid.json");

describe("vectors of the assistance record", () => {
  it("are all here", () => {
    expect(readdirSync(FOLDER).sort()).toEqual([
      "fingerprints.json",
      "invalid.json",
      "merging.json",
      "valid.json",
    ]);
  });

  it.each(valid)("reads and writes: $name", ({ json, sha256, state }) => {
    const record = parseAssistanceRecord(toUtf8(json));
    expect(parseUtf8(formatAssistanceRecord(record))).toBe(json);
    expect(sha256Hex(toUtf8(json))).toBe(sha256);
    expect(recordedState(record) ?? null).toBe(state);
  });

  it.each(load<InvalidVector>("invalid.json"))("refuses: $name", ({ json, code }) => {
    expect(() => parseAssistanceRecord(toUtf8(json))).toThrow(expect.objectContaining({ code }));
  });

  it.each(load<MergingVector>("merging.json"))("merges: $name", ({ records, merged }) => {
    const parsed: readonly AssistanceRecord[] = records.map((json) => parseAssistanceRecord(toUtf8(json)));
    expect(parseUtf8(formatAssistanceRecord(mergeRecords(parsed)))).toBe(merged);
  });

  it.each(load<FingerprintVector>("fingerprints.json"))("fingerprints: $name", ({ lineHex, fingerprint }) => {
    const bytes = Buffer.from(lineHex, "hex");
    expect(fingerprintLine(bytes.toString("latin1"))).toBe(fingerprint);
  });

  it("has the specification's own example", () => {
    const text = readFileSync(new URL("assistance-record.md", SPECS), "utf8");
    const [, example] = /<!-- example: record -->\s+```json\n(.+)\n```/.exec(text) ?? [];
    expect(valid.map(({ json }) => json)).toContain(example);
  });
});
