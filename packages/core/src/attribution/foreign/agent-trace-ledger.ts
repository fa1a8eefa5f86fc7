// SPDX-License-Identifier: Apache-2.0
import { isObjectId, type ObjectId } from "../../ids/index.ts";
import { toModel } from "./agent-trace.ts";
import { collectClaims } from "./collect-claims.ts";
import type { ForeignRecord } from "./foreign-record.ts";
import { isObject, itemsOf, type Loose, memberOf, parseLooseJson, textOf } from "./loose-json.ts";

/** Per-commit ledgers of agent-trace-cli beside its traces. */
export const AGENT_TRACE_LEDGER = ".agent-trace/ledgers.jsonl";

export interface AgentTraceLedgers {
  /** The last one of a commit stands, as there. */
  readonly byCommit: ReadonlyMap<ObjectId, Loose>;
  readonly unreadable: number;
}

export function parseAgentTraceLedgers(text: string): AgentTraceLedgers {
  const byCommit = new Map<ObjectId, Loose>();
  let unreadable = 0;
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const ledger = parseLooseJson(line);
    const commit = textOf(memberOf(ledger, "commit_sha"), 64) ?? "";
    if (isObject(ledger) && isObjectId(commit)) byCommit.set(commit, ledger);
    else unreadable++;
  }
  return { byCommit, unreadable };
}

/** Lines were matched by hash when the commit was made: `inferred`. A ledger names no tool, only a model. */
export function toLedgerRecord(ledger: Loose): ForeignRecord {
  const claims = collectClaims();
  const files = memberOf(ledger, "files");
  for (const [path, file] of isObject(files) ? Object.entries(files) : []) {
    for (const segment of itemsOf(memberOf(file, "line_attributions"))) {
      const type = memberOf(segment, "type");
      if (type !== "ai" && type !== "mixed") continue;
      claims.addClaim({
        path,
        first: memberOf(segment, "start_line"),
        last: memberOf(segment, "end_line"),
        agent: { tool: "unspecified", session: "", model: toModel(memberOf(segment, "model_id")) },
        extent: type === "ai" ? "generated" : "edited",
        evidence: "inferred",
      });
    }
  }
  return claims.toRecord("agent-trace", textOf(memberOf(ledger, "version"), 32) ?? "unknown");
}
