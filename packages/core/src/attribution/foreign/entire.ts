// SPDX-License-Identifier: Apache-2.0
import { toToolName } from "../../trailers/tool-name.ts";
import { toModel } from "./agent-trace.ts";
import { collectClaims } from "./collect-claims.ts";
import type { ForeignRecord } from "./foreign-record.ts";
import { isObject, itemsOf, type Loose, memberOf, numberOf, parseLooseJson, textOf } from "./loose-json.ts";

/** Where Entire keeps checkpoints: one ref each (since 0.10), or all on one branch. */
export const ENTIRE_REFS = "refs/entire/checkpoints";
export const ENTIRE_BRANCH = "entire/checkpoints/v1";

/** 12 hex digits (branch), or a ULID (refs). */
const CHECKPOINT = /^Entire-Checkpoint:[ \t]*([0-9a-f]{12}|[0-9A-HJKMNP-TV-Z]{26})[ \t]*$/gim;
/** A squash joins the trailers of its commits; no honest one comes near. */
const MOST_CHECKPOINTS = 100;
const MOST_SESSIONS = 100;

/** Checkpoints that a commit message names, in its order. */
export function findEntireCheckpoints(message: string): readonly string[] {
  if (!/entire-checkpoint/i.test(message)) return [];
  const ids = [...message.matchAll(CHECKPOINT)].map((match) => match[1] ?? "");
  return [...new Set(ids)].slice(0, MOST_CHECKPOINTS);
}

/** The ref of a checkpoint: its folder is the id's last two characters. */
export function entireRef(id: string): string {
  return `${ENTIRE_REFS}/${id.slice(-2)}/${id}`;
}

/** The folder of a checkpoint in the branch's tree: the id's first two characters, then the rest. */
export function entireFolder(id: string): string {
  return `${id.slice(0, 2)}/${id.slice(2)}`;
}

/** How many sessions a checkpoint's own metadata lists; theirs stand in folders `0`, `1`, … beside it. */
export function countEntireSessions(metadata: string): number {
  return Math.min(itemsOf(memberOf(parseLooseJson(metadata), "sessions")).length, MOST_SESSIONS);
}

/**
 * What the sessions of a commit's checkpoints say: which agents took part, never which lines; the lines it counts come from a pool
 * for each file and are kept as a note. A checkpoint without an agent's name is an agent's all the same.
 */
export function toEntireRecord(sessions: readonly string[]): ForeignRecord {
  const claims = collectClaims();
  let version = "unknown";
  for (const text of sessions) {
    const session = parseLooseJson(text);
    if (!isObject(session)) {
      claims.addLoss("malformed-record", "the metadata of a checkpoint cannot be read");
      continue;
    }
    version = textOf(session.cli_version, 32) ?? version;
    claims.addAgent(toAgent(session));
    const share = toShare(session.initial_attribution);
    if (share !== undefined) claims.addLoss("lines-not-named", share);
  }
  return claims.toRecord("entire", version);
}

function toAgent(session: Readonly<Record<string, Loose>>) {
  const name = textOf(session.agent, 64) ?? "";
  return {
    // `Agent` is what Entire writes where it does not know.
    tool: name === "Agent" ? "unspecified" : toToolName(name),
    session: textOf(session.session_id, 256) ?? "",
    model: toModel(session.model),
  };
}

function toShare(attribution: Loose): string | undefined {
  const lines = numberOf(memberOf(attribution, "agent_lines"), 0, Number.MAX_SAFE_INTEGER);
  const of = numberOf(memberOf(attribution, "total_committed"), 0, Number.MAX_SAFE_INTEGER);
  if (lines === undefined || of === undefined) return undefined;
  return `Entire counts ${lines} of ${of} added lines as the agent's and does not say which`;
}
