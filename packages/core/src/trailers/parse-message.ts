// SPDX-License-Identifier: Apache-2.0
import type { Identity, ObjectId } from "../ids/index.ts";
import type { Assistance, CommitState, Warning } from "./assistance.ts";
import { findBranchTool, findMergedBranches } from "./branch-sign.ts";
import { isAiIdentity } from "./identities.ts";
import type { TrailerIdentity } from "./identity-value.ts";
import { readLines } from "./read-lines.ts";
import { type Draft, type Grade, toAssistance } from "./reading.ts";
import { mayHavePrefix, TITLE_PREFIXES } from "./title-prefixes.ts";

export interface CommitInput {
  readonly message: string;
  readonly author: Identity;
  readonly committer: Identity;
  /** Names of branches the commit is known to have come from; weak signs. */
  readonly branchNames?: readonly string[];
}

export interface ParsedMessage {
  /** The first paragraph on one line, as Git's `%s`. */
  readonly title: string;
  /** One entry per tool, model and convention, in the order: author, committer, message, branches. */
  readonly assistance: readonly Assistance[];
  readonly warnings: readonly Warning[];
  /** Line of `AI-Assisted: none`; it stands whatever else the message says, see the warning `contradictory-claim`. */
  readonly claimsNone: number | null;
  readonly coAuthors: readonly TrailerIdentity[];
  readonly signedOffBy: readonly TrailerIdentity[];
  /** Ids as `This reverts commit …` writes them; some projects abbreviate them to seven digits and more. */
  readonly reverts: readonly string[];
  readonly cherryPickedFrom: readonly ObjectId[];
}

/** Everything a commit's message and identities say about AI. Total: never throws, whatever the bytes. */
export function parseCommitMessage(input: CommitInput): ParsedMessage {
  const title = toTitle(input.message);
  const signs: Assistance[] = [];
  readIdentities(signs, input);
  readTitle(signs, title, input.branchNames ?? []);
  const read = readLines(input.message);
  const { claimsNone, coAuthors, signedOffBy, reverts, cherryPickedFrom } = read;
  const assistance = dedupe(
    signs.length === 0
      ? read.assistance
      : [...signs.filter(isAboutPeople), ...read.assistance, ...signs.filter((it) => !isAboutPeople(it))],
  );
  const warnings =
    claimsNone !== null && assistance.length > 0
      ? [...read.warnings, contradiction(assistance)]
      : read.warnings;
  return { title, assistance, warnings, claimsNone, coAuthors, signedOffBy, reverts, cherryPickedFrom };
}

/** What the message alone says; `recorded` needs evidence from outside it. */
export function toCommitState(parsed: Pick<ParsedMessage, "assistance" | "claimsNone">): CommitState {
  if (parsed.assistance.some((it) => it.evidence !== "none")) return "declared";
  if (parsed.assistance.length > 0) return "signalled";
  return parsed.claimsNone === null ? "unknown" : "cleared";
}

const TITLE_LIMIT = 4096;

/** Git's `%s`: the first paragraph's lines joined by blanks. */
function toTitle(message: string): string {
  // Everything from "!" to "~" is no white space, and nearly every message begins so.
  const first = message.charCodeAt(0);
  const start = first > 0x20 && first < 0x7f ? 0 : (/^\s*/.exec(message)?.[0].length ?? 0);
  const end = message.indexOf("\n", start);
  if (end < 0) return message.slice(start, start + TITLE_LIMIT).trimEnd();
  if (message[end + 1] === "\n" || end + 1 === message.length)
    return message.slice(start, Math.min(end, start + TITLE_LIMIT)).trimEnd();
  const lines: string[] = [];
  for (const line of message.slice(start, start + TITLE_LIMIT).split("\n")) {
    if (line.trim() === "") break;
    lines.push(line.trimEnd());
  }
  return lines.join(" ");
}

function readIdentities(signs: Assistance[], { author, committer }: CommitInput): void {
  const wrote = isAiIdentity(author);
  if (wrote !== undefined) {
    const convention = wrote.by === "suffix" ? "author-suffix" : "author";
    signs.push(toSign(wrote, convention, "declared"));
  }
  // In an ordinary commit the committer repeats the author and adds nothing.
  const isRepeated = author.email === committer.email && author.name === committer.name;
  const committed = isRepeated ? undefined : isAiIdentity(committer);
  if (committed !== undefined) {
    const isSuffix = committed.by === "suffix";
    signs.push(
      toSign(committed, isSuffix ? "committer-suffix" : "committer", isSuffix ? "none" : "declared"),
    );
  }
}

function readTitle(signs: Assistance[], title: string, branchNames: readonly string[]): void {
  if (mayHavePrefix(title)) readPrefix(signs, title);
  const merged = title.startsWith("Merge") ? findMergedBranches(title) : [];
  if (merged.length + branchNames.length === 0) return;
  for (const branch of [...merged, ...branchNames]) {
    const tool = findBranchTool(branch);
    if (tool !== undefined)
      signs.push({
        ...toSign({ ...tool, modelRaw: null }, "branch-name", "none"),
        line: merged.includes(branch) ? 1 : null,
      });
  }
}

function readPrefix(signs: Assistance[], title: string): void {
  const folded = title.slice(0, 32).toLowerCase();
  for (const { tool, prefix } of TITLE_PREFIXES) {
    if (folded.startsWith(prefix))
      signs.push({ ...toSign({ ...tool, modelRaw: null }, "subject-prefix", "none"), line: 1 });
  }
}

function toSign(draft: Draft, convention: string, evidence: Grade): Assistance {
  return toAssistance(draft, { convention, evidence, line: null });
}

function isAboutPeople(sign: Assistance): boolean {
  return sign.convention.startsWith("author") || sign.convention.startsWith("committer");
}

/** One entry per tool, model and convention; a declared one outranks a weak one of the same kind. */
function dedupe(signs: readonly Assistance[]): readonly Assistance[] {
  if (signs.length < 2) return signs;
  const kept = new Map<string, Assistance>();
  for (const sign of signs) {
    const key = `${sign.tool} ${sign.model ?? ""} ${sign.convention}`;
    const earlier = kept.get(key);
    if (earlier === undefined || (earlier.evidence === "none" && sign.evidence !== "none"))
      kept.set(key, sign);
  }
  return [...kept.values()];
}

function contradiction(assistance: readonly Assistance[]): Warning {
  const tools = [...new Set(assistance.map((it) => `${it.tool} (${it.convention})`))].slice(0, 5).join(", ");
  return {
    code: "contradictory-claim",
    message: `The message says "AI-Assisted: none", yet the commit shows ${tools}. Remove the claim, or the sign if it is wrong.`,
  };
}
