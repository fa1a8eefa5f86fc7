// SPDX-License-Identifier: Apache-2.0
import { appendTrailers, type MessageFormat, splitComments } from "./append-trailers.ts";
import type { Assistance, Warning } from "./assistance.ts";
import type { Emission } from "./emission.ts";
import { formatAssistanceTrailer } from "./format-trailer.ts";
import { findTrailerBlock } from "./message-lines.ts";
import { parseOwnValue } from "./own-trailer.ts";
import { type CommitInput, type ParsedMessage, parseCommitMessage } from "./parse-message.ts";
import { readLines } from "./read-lines.ts";

const OWN_PREFIX = "AI-Assisted: ";

export interface LintResult {
  readonly problems: readonly Warning[];
  /** The message as it should be; null where it is so already, or where only a person can say what is true. */
  readonly canonicalMessage: string | null;
}

/** Conventions whose lines hold nothing else, so that a line can be taken out whole. */
const REMOVABLE = new Set([
  "agent-signature",
  "ai-assisted",
  "ai-trailer",
  "assisted-by",
  "co-authored-by",
  "co-developed-by",
  "entire",
  "entire-agent",
  "executed-by",
  "footer",
  "generated-by",
  "made-with",
  "session-link",
  "session-trailer",
  "vendor-trailer",
]);

/** Checks a message as it is written and offers the form that the project's policy asks for. */
export function lintCommitMessage(
  input: CommitInput,
  emission: Emission,
  format: MessageFormat = {},
): LintResult {
  const { body } = splitComments(input.message, format.commentChar ?? null);
  const parsed = parseCommitMessage({ ...input, message: body });
  const own = readOwnLines(body);
  const wanted = findMissing(parsed, own, { body, emission });
  const problems = [...parsed.warnings, ...findEmissionProblems(parsed, wanted, emission)];
  if (problems.length === 0 || parsed.warnings.some((it) => it.code === "contradictory-claim")) {
    return { problems, canonicalMessage: null };
  }
  const removed = new Set(parsed.signedOffBy.filter((it) => it.isAi).map((it) => it.line));
  for (const { line, isGood } of own) if (!isGood) removed.add(line);
  if (emission === "none") for (const { line } of findForbidden(parsed)) if (line !== null) removed.add(line);
  const canonical = appendTrailers(removeLines(input.message, removed), wanted, format);
  return { problems, canonicalMessage: canonical === input.message ? null : canonical };
}

interface OwnLine {
  readonly line: number;
  readonly tool: string;
  readonly model: string | null;
  /** Canonical, in the trailer block, and not a repetition. */
  readonly isGood: boolean;
}

function readOwnLines(body: string): readonly OwnLine[] {
  const lines = body.split(/\r?\n/);
  const block = body.slice(0, findTrailerBlock(body)).split("\n").length;
  const seen = new Set<string>();
  const own: OwnLine[] = [];
  for (const { line, tool, model, convention } of readLines(body).assistance) {
    // A title is never taken out: a message needs one.
    if (convention !== "ai-assisted" || line === null || line === 1) continue;
    const text = lines[line - 1]?.trimEnd() ?? "";
    const value = text.startsWith(OWN_PREFIX) ? parseOwnValue(text.slice(OWN_PREFIX.length)) : undefined;
    const isCanonical = value?.kind === "claim" && value.isCanonical && !/^[ \t]+\S/.test(lines[line] ?? "");
    own.push({ line, tool, model, isGood: isCanonical && line >= block && !seen.has(text) });
    seen.add(text);
  }
  return own;
}

interface Wish {
  readonly body: string;
  readonly emission: Emission;
}

/** The trailers that the project asks for and the message has not. */
function findMissing(
  parsed: ParsedMessage,
  own: readonly OwnLine[],
  { body, emission }: Wish,
): readonly string[] {
  const lines = new Set(body.split(/\r?\n/).map((line) => line.trimEnd().toLowerCase()));
  const isOwn = emission === "ai-assisted";
  return mergeClaims(parsed.assistance).flatMap((claim) => {
    const isSaid = isOwn && own.some((it) => it.isGood && it.tool === claim.tool && it.model === claim.model);
    const trailer = isSaid ? null : formatAssistanceTrailer(claim, emission);
    return trailer === null || (!isOwn && lines.has(trailer.toLowerCase())) ? [] : [trailer];
  });
}

/** One claim per tool and model; a claim without a name or model adds nothing to one that has it. */
function mergeClaims(assistance: readonly Assistance[]): readonly Assistance[] {
  const declared = assistance.filter((it) => it.evidence !== "none" || it.convention === "signed-off-by");
  const named = declared.filter((it) => it.tool !== "unspecified" && it.tool !== "ai");
  const claims = named.length > 0 ? named : declared.map((it) => ({ ...it, tool: "ai" }));
  const kept: Assistance[] = [];
  for (const claim of claims.toSorted((a, b) => Number(a.model === null) - Number(b.model === null))) {
    if (!kept.some((it) => covers(it, claim))) kept.push(claim);
  }
  return kept;
}

/** The same tool, or the same vendor's model under a wider name: `Opus 4.7` beside Claude Code with Opus 4.7. */
function covers(kept: Assistance, claim: Assistance): boolean {
  if (kept.tool === claim.tool) return claim.model === null || claim.model === kept.model;
  return claim.model !== null && claim.model === kept.model && claim.vendor === kept.vendor;
}

function findEmissionProblems(
  parsed: ParsedMessage,
  wanted: readonly string[],
  emission: Emission,
): readonly Warning[] {
  if (emission === "none") {
    return findForbidden(parsed).map((it) => ({
      code: "forbidden-trailer",
      message: `Line ${it.line}: this project takes no AI attribution in messages (${it.tool}, ${it.convention}).`,
    }));
  }
  return wanted.map((trailer) => ({
    code: "missing-trailer",
    message: `This project writes AI assistance as "${trailer}"; add that line to the last paragraph.`,
  }));
}

function findForbidden(parsed: ParsedMessage): readonly Assistance[] {
  return parsed.assistance.filter((it) => it.line !== null && it.line > 1 && REMOVABLE.has(it.convention));
}

function removeLines(message: string, removed: ReadonlySet<number>): string {
  if (removed.size === 0) return message;
  const lines = message.split("\n");
  let isRemoving = false;
  const kept = lines.filter((line, i) => {
    isRemoving = removed.has(i + 1) || (isRemoving && /^[ \t]+\S/.test(line));
    return !isRemoving;
  });
  return kept.join("\n").replace(/\n{3,}/g, "\n\n");
}
