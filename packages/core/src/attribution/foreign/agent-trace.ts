// SPDX-License-Identifier: Apache-2.0
import { isObjectId, type ObjectId } from "../../ids/index.ts";
import { findVendor, toToolName } from "../../trailers/tool-name.ts";
import type { AgentRef } from "../origin.ts";
import { type ClaimCollector, collectClaims } from "./collect-claims.ts";
import type { ForeignRecord, Tracker } from "./foreign-record.ts";
import { isObject, itemsOf, type Loose, memberOf, parseLooseJson, textOf } from "./loose-json.ts";

/** Files of the reference implementation and of agent-trace-cli, in the work tree or committed. */
export const AGENT_TRACE_FILE = ".agent-trace/traces.jsonl";
/** agentdiff's traces: one ref for each branch, and one for what was consolidated; each holds `traces.jsonl`. */
export const AGENTDIFF_REFS = "refs/agentdiff";
export const AGENTDIFF_FILE = "traces.jsonl";

/** Traces of one file by the commit that they name, and the lines that are none. */
export interface AgentTraces {
  readonly byRevision: ReadonlyMap<ObjectId, readonly Loose[]>;
  readonly unreadable: number;
}

/** Agent Trace v0.1 records, one a line. A trace that names no Git commit says nothing about any. */
export function parseAgentTraces(text: string): AgentTraces {
  const byRevision = new Map<ObjectId, Loose[]>();
  let unreadable = 0;
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const trace = parseLooseJson(line);
    if (!isObject(trace)) {
      unreadable++;
      continue;
    }
    const revision = textOf(memberOf(trace.vcs, "revision"), 64)?.toLowerCase() ?? "";
    if (!isObjectId(revision) || (memberOf(trace.vcs, "type") ?? "git") !== "git") continue;
    const known = byRevision.get(revision) ?? [];
    if (known.length === 0) byRevision.set(revision, known);
    known.push(trace);
  }
  return { byRevision, unreadable };
}

/**
 * What traces say of the commit that they name. Line numbers are those of the moment of the edit (agent-trace) or one
 * winner for each file (agentdiff), and no hash is defined: lines are `inferred` at best. `human` there means that no
 * evidence was found, which is no evidence, and is not taken over; `mixed` is AI text that somebody changed.
 */
export function toTraceRecord(tracker: Tracker, traces: readonly Loose[]): ForeignRecord {
  const claims = collectClaims();
  let version = "unknown";
  for (const trace of traces) {
    version = textOf(memberOf(trace, "version"), 32) ?? version;
    for (const file of itemsOf(memberOf(trace, "files")))
      for (const conversation of itemsOf(memberOf(file, "conversations")))
        addConversation(claims, trace, file, conversation);
  }
  return claims.toRecord(tracker, version);
}

function addConversation(claims: ClaimCollector, trace: Loose, file: Loose, conversation: Loose): void {
  const whole = memberOf(conversation, "contributor");
  const ranges = itemsOf(memberOf(conversation, "ranges"));
  // An AI that names no lines, such as one that only took lines away, took part all the same.
  if (ranges.length === 0 && isAi(whole)) claims.addAgent(toAgent(trace, whole));
  for (const range of ranges) {
    const contributor = memberOf(range, "contributor") ?? whole;
    if (!isAi(contributor)) continue;
    claims.addClaim({
      path: memberOf(file, "path"),
      first: memberOf(range, "start_line"),
      last: memberOf(range, "end_line"),
      agent: toAgent(trace, contributor),
      extent: memberOf(contributor, "type") === "ai" ? "generated" : "edited",
      evidence: "inferred",
    });
  }
}

function isAi(contributor: Loose): boolean {
  const type = memberOf(contributor, "type");
  return type === "ai" || type === "mixed";
}

function toAgent(trace: Loose, contributor: Loose): AgentRef {
  const metadata = memberOf(memberOf(trace, "metadata"), "agentdiff");
  const name = textOf(memberOf(memberOf(trace, "tool"), "name")) ?? "";
  const tool = toToolName(name);
  // Where most of a commit is a person's, agentdiff names that person as the tool.
  const isPerson = name === memberOf(metadata, "author") && findVendor(tool) === null;
  return {
    tool: isPerson ? "unspecified" : tool,
    session: textOf(memberOf(metadata, "session_id"), 256) ?? "",
    model: toModel(memberOf(contributor, "model_id")),
  };
}

/** agentdiff writes `human` and `unknown` for models that it does not know. */
export function toModel(value: Loose): string | null {
  const model = textOf(value, 250);
  return model === undefined || model === "human" || model === "unknown" ? null : model;
}
