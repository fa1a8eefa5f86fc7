// SPDX-License-Identifier: Apache-2.0
import { CoreError, formatCanonicalJson, type Json, toUtf8 } from "../../ids/index.ts";
import type { AssistanceRecord, RecordedFile, RecordedRange } from "../assistance-record.ts";
import { type AgentRef, isSameAgent } from "../origin.ts";
import { createFieldReader } from "./field-reader.ts";
import { readRecord } from "./read-record.ts";
import { MAX_GAPS, MAX_MESSAGE, MAX_NAME, MAX_TEXT, toPrintable } from "./record-limits.ts";
import { comparePaths, toPathMember } from "./record-path.ts";

/**
 * Canonical bytes of a record. Files and sources are put in order, files without ranges left out, and texts that agents
 * chose are made printable and short enough: a record must not be lost over a model's name. Throws CoreError
 * RECORD_MALFORMED on what {@link parseAssistanceRecord} would refuse all the same, which is a mistake of the caller.
 */
export function formatAssistanceRecord(record: AssistanceRecord): Uint8Array<ArrayBuffer> {
  const json = toJson(record);
  const reader = createFieldReader();
  readRecord(reader, json);
  if (reader.problems.length > 0)
    throw new CoreError("RECORD_MALFORMED", `assistance record: ${reader.problems.join("; ")}`);
  return toUtf8(formatCanonicalJson(json));
}

/** Members named one by one: an object with more than its type says must not change the bytes. */
function toJson(record: AssistanceRecord): Json {
  const { version, commit, tree, grade, recorder, coverage, derivedFrom } = record;
  const { agents, indexOf } = mergeAgents(record.agents);
  return {
    version,
    commit,
    tree,
    grade,
    recorder: { name: recorder.name, version: toPrintable(recorder.version, MAX_NAME) },
    coverage: {
      isWhole: coverage.isWhole,
      from: coverage.from,
      to: coverage.to,
      gaps: coverage.gaps.slice(0, MAX_GAPS).map(({ code, message }) => ({
        code,
        message: toPrintable(message, MAX_MESSAGE),
      })),
    },
    agents: agents.map(({ tool, session, model }) => ({ tool, session, model })),
    files: record.files
      .filter(({ ranges }) => ranges.length > 0)
      .toSorted((a, b) => comparePaths(a.path, b.path))
      .map((file) => toFileJson(file, indexOf)),
    derivedFrom: [...new Set(derivedFrom)].sort(),
  };
}

interface MergedAgents {
  readonly agents: readonly AgentRef[];
  /** New index of an agent by its old one; -1 where there is none. */
  readonly indexOf: (index: number) => number;
}

/** Agents whose names became equal when they were made printable are one. */
function mergeAgents(given: readonly AgentRef[]): MergedAgents {
  const agents: AgentRef[] = [];
  const places = given.map(({ tool, session, model }) => {
    const agent = {
      tool,
      session: toPrintable(session, MAX_TEXT),
      model: model === null || model === "" ? null : toPrintable(model, MAX_TEXT),
    };
    const known = agents.findIndex((other) => isSameAgent(other, agent));
    return known >= 0 ? known : agents.push(agent) - 1;
  });
  return { agents, indexOf: (index) => places[index] ?? -1 };
}

function toFileJson(file: RecordedFile, indexOf: (index: number) => number): Json {
  return {
    ...toPathMember(file.path),
    blob: file.blob,
    ranges: file.ranges.map((range) => toRangeJson(range, indexOf)),
  };
}

function toRangeJson(range: RecordedRange, indexOf: (index: number) => number): Json {
  const { first, last, origin, agent, extent, evidence, fingerprints } = range;
  return {
    first,
    last,
    origin,
    agent: agent === null ? null : indexOf(agent),
    extent,
    evidence,
    fingerprints: fingerprints.join(""),
  };
}
