// SPDX-License-Identifier: Apache-2.0
import type { AgentRef } from "../origin.ts";
import { type ClaimCollector, collectClaims } from "./collect-claims.ts";
import type { ForeignRecord, LineProof } from "./foreign-record.ts";
import { HIGHEST_LINE } from "./foreign-record.ts";
import { isObject, itemsOf, type Loose, memberOf, numberOf, parseLooseJson, textOf } from "./loose-json.ts";

/** Notes of whogitit, JSON version 3 in this ref. */
export const WHOGITIT_NOTES = "refs/notes/whogitit";

/**
 * Reads one note; undefined where it is none. It records Claude Code alone. AI lines come from snapshots around its edits,
 * yet `git notes copy` carries notes to rewritten commits as they are, which the note does not show: so they are `derived`
 * and checked against the content that each line brings along. `Human` and `Original` mean everything else at commit time, which is no
 * observation of a person, and are not taken over. Prompts in the note are not read.
 */
export function parseWhogititNote(text: string): ForeignRecord | undefined {
  const note = parseLooseJson(text);
  if (!isObject(note) || !Array.isArray(note.files) || !isObject(note.session)) return undefined;
  const claims = collectClaims();
  const version = numberOf(note.version, 1, 255);
  if (version !== 3) claims.addLoss("unknown-version", "the note is of another version than 3");
  const agent = toAgent(note.session);
  for (const file of note.files) addFile(claims, agent, file);
  return claims.toRecord("whogitit", `${version ?? "unknown"}`);
}

function toAgent(session: Loose): AgentRef {
  return {
    tool: "claude-code",
    session: textOf(memberOf(session, "session_id"), 256) ?? "",
    model: textOf(memberOf(memberOf(session, "model"), "id"), 250) ?? null,
  };
}

interface Run {
  readonly first: number;
  readonly extent: "generated" | "edited";
  readonly proofs: LineProof[];
}

/** One record a line; neighbours of one kind become a range. */
function addFile(claims: ClaimCollector, agent: AgentRef, file: Loose): void {
  const path = memberOf(file, "path");
  let run: Run | undefined;
  const close = () => {
    if (run === undefined) return;
    const { first, extent, proofs } = run;
    claims.addClaim({
      path,
      first,
      last: first + proofs.length - 1,
      agent,
      extent,
      evidence: "derived",
      proofs,
    });
    run = undefined;
  };
  for (const line of itemsOf(memberOf(file, "lines"))) {
    const type = memberOf(memberOf(line, "source"), "type");
    const number = numberOf(memberOf(line, "line_number"), 1, HIGHEST_LINE);
    const extent = type === "AI" ? "generated" : type === "AIModified" ? "edited" : undefined;
    if (extent === undefined || number === undefined) {
      if (extent !== undefined)
        claims.addClaim({ path, first: 0, last: 0, agent, extent, evidence: "derived" });
      close();
      continue;
    }
    if (run !== undefined && (run.extent !== extent || run.first + run.proofs.length !== number)) close();
    run ??= { first: number, extent, proofs: [] };
    run.proofs.push(toProof(memberOf(line, "content")));
  }
  close();
}

function toProof(content: Loose): LineProof {
  return typeof content === "string" ? { text: content } : null;
}
