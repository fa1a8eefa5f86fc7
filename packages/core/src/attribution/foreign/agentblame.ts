// SPDX-License-Identifier: Apache-2.0
import { toToolName } from "../../trailers/tool-name.ts";
import type { AgentRef } from "../origin.ts";
import { collectClaims } from "./collect-claims.ts";
import type { ForeignRecord, LineProof } from "./foreign-record.ts";
import { isObject, type Loose, memberOf, parseLooseJson, textOf } from "./loose-json.ts";

/** Notes of agentblame (mesa-dot-dev), JSON version 2 in this ref. */
export const AGENTBLAME_NOTES = "refs/notes/agentblame";

/**
 * Reads one note; undefined where it is none. Lines were matched by hash when the commit was made, so they are `inferred`;
 * the one hash that a range keeps is of its first line. Only AI is ever claimed: everything else is unknown.
 */
export function parseAgentblameNote(text: string): ForeignRecord | undefined {
  const note = parseLooseJson(text);
  if (!isObject(note) || !Array.isArray(note.attributions)) return undefined;
  const claims = collectClaims();
  if (note.version !== 2) claims.addLoss("unknown-version", "the note is of another version than 2");
  for (const attribution of note.attributions) {
    if (memberOf(attribution, "category") !== "ai_generated") continue;
    claims.addClaim({
      path: memberOf(attribution, "path"),
      first: memberOf(attribution, "startLine"),
      last: memberOf(attribution, "endLine"),
      agent: toAgent(attribution),
      extent: "generated",
      evidence: "inferred",
      proofs: toProofs(memberOf(attribution, "contentHash")),
    });
  }
  return claims.toRecord("agentblame", note.version === 2 ? "2" : "unknown");
}

function toAgent(attribution: Loose): AgentRef {
  const tool = toToolName(textOf(memberOf(attribution, "provider")) ?? "");
  return { tool, session: "", model: textOf(memberOf(attribution, "model"), 250) ?? null };
}

function toProofs(hash: Loose): readonly LineProof[] {
  const sha256 = /^sha256:([0-9a-f]{64})$/.exec(textOf(hash) ?? "")?.[1];
  return sha256 === undefined ? [] : [{ sha256 }];
}
