// SPDX-License-Identifier: Apache-2.0
import { isNullObjectId, isObjectId, type ObjectId } from "../../ids/index.ts";
import type {
  AssistanceRecord,
  Coverage,
  CoverageGap,
  RecordedFile,
  RecordedRange,
} from "../assistance-record.ts";
import { FINGERPRINT_LENGTH, isFingerprint } from "../fingerprint.ts";
import { type AgentRef, isSameAgent } from "../origin.ts";
import type { FieldReader, TextRule } from "./field-reader.ts";
import {
  isPrintable,
  MAX_AGENTS,
  MAX_FILES,
  MAX_GAPS,
  MAX_LINE,
  MAX_MESSAGE,
  MAX_NAME,
  MAX_RANGES,
  MAX_SOURCES,
  MAX_TEXT,
} from "./record-limits.ts";
import { comparePaths, type PathMember, readPathMember } from "./record-path.ts";

const GRADES = ["observed", "derived", "inferred"] as const;
const EVIDENCE = ["observed", "derived", "inferred", "declared"] as const;
const NAME = /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/;

const textRule = (least: number, most: number): TextRule => ({
  expected: `${least} to ${most} printable characters`,
  isAllowed: (text) => text.length >= least && text.length <= most && isPrintable(text),
});
const nameRule: TextRule = {
  expected: "a name in lower case such as claude-code",
  isAllowed: (text) => text.length <= MAX_NAME && NAME.test(text),
};
const idRule = (length: number): TextRule => ({
  expected: "a full object id, of one object format throughout",
  isAllowed: (text) => text.length === length && isObjectId(text) && !isNullObjectId(text),
});

/** The record in an untrusted value; complete only if the reader found no problem. */
export function readRecord(reader: FieldReader, value: unknown): AssistanceRecord {
  const members = reader.object(value, "record", [
    "agents",
    "commit",
    "coverage",
    "derivedFrom",
    "files",
    "grade",
    "recorder",
    "tree",
    "version",
  ]);
  const id = idRule(typeof members.commit === "string" && members.commit.length === 64 ? 64 : 40);
  const agents = readAgents(reader, members.agents);
  return {
    version: reader.integer(members.version, "version", 1, 1) as 1,
    commit: reader.text(members.commit, "commit", id),
    tree: reader.text(members.tree, "tree", id),
    grade: reader.oneOf(members.grade, "grade", GRADES),
    recorder: readRecorder(reader, members.recorder),
    coverage: readCoverage(reader, members.coverage),
    agents,
    files: readFiles(reader, members.files, agents.length, id),
    derivedFrom: readSources(reader, members.derivedFrom, id),
  };
}

function readRecorder(reader: FieldReader, value: unknown): AssistanceRecord["recorder"] {
  const { name, version } = reader.object(value, "recorder", ["name", "version"]);
  return {
    name: reader.text(name, "recorder.name", nameRule),
    version: reader.text(version, "recorder.version", textRule(1, MAX_NAME)),
  };
}

function readCoverage(reader: FieldReader, value: unknown): Coverage {
  const { from, gaps, isWhole, to } = reader.object(value, "coverage", ["from", "gaps", "isWhole", "to"]);
  if (typeof isWhole !== "boolean") reader.refuse("coverage.isWhole", "true or false");
  const second = (time: unknown, path: string): number | null =>
    time === null ? null : reader.integer(time, path, 0, Number.MAX_SAFE_INTEGER);
  return {
    isWhole: isWhole === true,
    from: second(from, "coverage.from"),
    to: second(to, "coverage.to"),
    gaps: reader
      .items(gaps, "coverage.gaps", MAX_GAPS)
      .map((gap, i) => readGap(reader, gap, `coverage.gaps.${i}`)),
  };
}

function readGap(reader: FieldReader, value: unknown, at: string): CoverageGap {
  const { code, message } = reader.object(value, at, ["code", "message"]);
  return {
    code: reader.text(code, `${at}.code`, nameRule),
    message: reader.text(message, `${at}.message`, textRule(1, MAX_MESSAGE)),
  };
}

function readAgents(reader: FieldReader, value: unknown): readonly AgentRef[] {
  const agents = reader.items(value, "agents", MAX_AGENTS).map((item, i) => {
    const { model, session, tool } = reader.object(item, `agents.${i}`, ["model", "session", "tool"]);
    return {
      tool: reader.text(tool, `agents.${i}.tool`, nameRule),
      session: reader.text(session, `agents.${i}.session`, textRule(0, MAX_TEXT)),
      model: model === null ? null : reader.text(model, `agents.${i}.model`, textRule(1, MAX_TEXT)),
    };
  });
  if (agents.some((agent, i) => agents.findIndex((other) => isSameAgent(other, agent)) < i))
    reader.refuse("agents", "each agent once");
  return agents;
}

function readFiles(
  reader: FieldReader,
  value: unknown,
  agents: number,
  id: TextRule,
): readonly RecordedFile[] {
  let rangesLeft = MAX_RANGES;
  const files = reader.items(value, "files", MAX_FILES).map((item, i) => {
    const at = `files.${i}`;
    const isPlain = typeof item === "object" && item !== null && Object.hasOwn(item, "path");
    const members = reader.object(item, at, ["blob", isPlain ? "path" : "pathBase64", "ranges"]);
    const ranges = reader.items(members.ranges, `${at}.ranges`, rangesLeft);
    rangesLeft -= ranges.length;
    return {
      path: readPathMember(reader, members as unknown as PathMember, `${at}.path`),
      blob: reader.text(members.blob, `${at}.blob`, id),
      ranges: readRanges(reader, ranges, agents, `${at}.ranges`),
    };
  });
  if (files.some(({ path }, i) => i > 0 && comparePaths(files[i - 1]?.path ?? "", path) >= 0))
    reader.refuse("files", "files ascending by the bytes of their paths, each once");
  return files;
}

function readRanges(
  reader: FieldReader,
  items: readonly unknown[],
  agents: number,
  at: string,
): readonly RecordedRange[] {
  if (items.length === 0) reader.refuse(at, "at least one range");
  let last = 0;
  return items.map((item, i) => {
    const range = readRange(reader, item, agents, `${at}.${i}`);
    if (range.first <= last) reader.refuse(`${at}.${i}`, "ranges ascending, without overlaps");
    last = range.last;
    return range;
  });
}

const RANGE_MEMBERS = ["agent", "evidence", "extent", "fingerprints", "first", "last", "origin"];

function readRange(reader: FieldReader, item: unknown, agents: number, at: string): RecordedRange {
  const members = reader.object(item, at, RANGE_MEMBERS);
  const first = reader.integer(members.first, `${at}.first`, 1, MAX_LINE);
  const last = reader.integer(members.last, `${at}.last`, first, MAX_LINE);
  const origin = reader.oneOf(members.origin, `${at}.origin`, ["ai", "human"] as const);
  const isHuman = origin === "human";
  if (isHuman && (members.agent !== null || members.extent !== null))
    reader.refuse(at, "neither agent nor extent for a human range");
  return {
    first,
    last,
    origin,
    agent: isHuman ? null : reader.integer(members.agent, `${at}.agent`, 0, agents - 1),
    extent: isHuman ? null : reader.oneOf(members.extent, `${at}.extent`, ["generated", "edited"] as const),
    evidence: reader.oneOf(members.evidence, `${at}.evidence`, EVIDENCE),
    fingerprints: readFingerprints(reader, members.fingerprints, last - first + 1, `${at}.fingerprints`),
  };
}

/** Written one after another without a mark between them: each has 8 characters. */
function readFingerprints(reader: FieldReader, value: unknown, lines: number, at: string): readonly string[] {
  const count = typeof value === "string" ? value.length / FINGERPRINT_LENGTH : 0;
  if (typeof value !== "string" || count !== lines) {
    reader.refuse(at, "8 characters for each line of the range");
    return [];
  }
  const fingerprints = Array.from({ length: count }, (_, i) =>
    value.slice(i * FINGERPRINT_LENGTH, (i + 1) * FINGERPRINT_LENGTH),
  );
  if (!fingerprints.every(isFingerprint)) reader.refuse(at, "base64url characters");
  return fingerprints;
}

function readSources(reader: FieldReader, value: unknown, id: TextRule): readonly ObjectId[] {
  const sources = reader
    .items(value, "derivedFrom", MAX_SOURCES)
    .map((item, i) => reader.text(item, `derivedFrom.${i}`, id));
  if (sources.some((source, i) => i > 0 && (sources[i - 1] as string) >= source))
    reader.refuse("derivedFrom", "ids ascending, each once");
  return sources;
}
