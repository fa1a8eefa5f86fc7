// SPDX-License-Identifier: Apache-2.0
import { once } from "../ids/once.ts";
import { foldText } from "./fold.ts";
import { findModelFamily } from "./model-name.ts";
import { findLeadingTool, type NamedTool } from "./tool-index.ts";

/** What a name or a trailer's value says about tool and model. */
export interface ResolvedClaim {
  readonly tool: string;
  readonly vendor: string | null;
  /** The model as written, null where only a tool is named. */
  readonly modelRaw: string | null;
  /** The name is one that people or things bear too, and no model stands beside it. */
  readonly isAmbiguous: boolean;
  readonly isGeneric: boolean;
  /** Nothing but a model was named; the tool follows from its vendor. */
  readonly isModelOnly: boolean;
  /** Every word was understood. A name with words left over may be a person's. */
  readonly isWhole: boolean;
}

/** Longest claim that is looked at, so that a 1 MB value costs no more than a short one. */
export const CLAIM_LIMIT = 512;

/** Words that only say whose tool or model it is: `OpenAI GPT-5.4`. */
const VENDORS = new Set(["openai", "anthropic", "google", "xai", "moonshot", "meta", "alibaba", "microsoft"]);

interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const findWord = once(() => /\p{L}[\p{L}\p{M}\p{Cf}]*\d*(?:\.\d+)*(?:p\d+)?|\d+(?:\.\d+)*\p{L}*/gu);
/** Words after which a claim goes on to something else: `Claude for the tests`, `GPT-5 and a linter`. */
const STOP_WORDS = new Set(
  "a an and as assist assisted assistance based by coccinelle checkpatch clang for from gcc generated help in is on or per reviewed smatch sparse syzkaller tests the through to tool tools using via was with".split(
    " ",
  ),
);

/** Reads one claim such as `Claude Code (Sonnet 4.6)`, `Claude:claude-3-opus coccinelle`, `GLM-5 via Crush`, `Opus 4.7`. */
export function resolveClaim(value: string): ResolvedClaim | undefined {
  const text = value
    .slice(0, CLAIM_LIMIT)
    .replace(/\son behalf of\s.*$/is, "")
    .trim();
  const via = /^(\S.*?)\s+(?:via|on|in)\s+(\S.*)$/is.exec(text);
  if (via !== null) {
    const tool = resolveClaim(via[2] ?? "");
    const model = resolvePlain(via[1] ?? "");
    if (tool !== undefined && model !== undefined)
      return { ...tool, modelRaw: model.modelRaw, isAmbiguous: false };
  }
  return resolvePlain(text);
}

/** Every claim of a list: `Claude Opus 4.7, Codex`. Parts that name nothing are dropped. */
export function resolveClaims(value: string): readonly ResolvedClaim[] {
  const whole = resolveClaim(value);
  const parts = value.slice(0, CLAIM_LIMIT).split(/,(?![^()]*\))|\s(?:and|&|\+)\s/);
  if (parts.length === 1) return whole === undefined ? [] : [whole];
  const claims = parts.flatMap((part) => resolveClaim(part) ?? []);
  return claims.length > 0 ? claims : whole === undefined ? [] : [whole];
}

function resolvePlain(text: string): ResolvedClaim | undefined {
  const words = splitWords(text);
  const first = words[0];
  if (first === undefined) return undefined;
  const lead = findLeadingTool(words.slice(0, 5).map((word) => word.text));
  const second = words[1];
  if (VENDORS.has(first.text) && second !== undefined && (lead === undefined || lead.length === 1)) {
    const named = resolvePlain(text.slice(second.start));
    if (named !== undefined) return named;
  }
  return lead === undefined ? resolveModel(text, words) : resolveTool(text, words, lead);
}

interface Lead {
  readonly tool: NamedTool;
  readonly length: number;
}

function resolveTool(
  text: string,
  words: readonly Word[],
  { tool, length }: Lead,
): ResolvedClaim | undefined {
  const isFamily = length === 1 && findModelFamily(words[0]?.text ?? "") !== undefined;
  const end = words[length - 1]?.end ?? 0;
  const separate = isFamily && isSameFamily(words) ? undefined : readModel(text, words, length);
  const named = separate ?? (isFamily ? readFamilyModel(text, words) : undefined);
  const model = named ?? (tool.isGeneric ? undefined : readAttached(text, end));
  const rest = words.slice(length).filter((word) => word.start >= (model?.end ?? end));
  const isWhole = rest.length === 0;
  if (tool.isAmbiguous && model === undefined && !isWhole && !followsClaim(text.slice(end), rest))
    return undefined;
  return {
    tool: tool.tool,
    vendor: tool.vendor,
    modelRaw: model?.raw ?? null,
    isAmbiguous: tool.isAmbiguous && model === undefined,
    isGeneric: tool.isGeneric,
    isModelOnly: named !== undefined && separate === undefined,
    isWhole,
  };
}

/** What stands directly behind the tool is its model or version, known or not: `amazon-q:2026-03`, `amazon-q (2026-03)`. */
function readAttached(text: string, end: number): ModelText | undefined {
  const match = /^(?::|\s?\()([\w./:-]*\d[\w./:-]*)(?=\)|[\s,;]|$)/.exec(text.slice(end));
  const raw = match?.[1];
  return match === null || raw === undefined ? undefined : { raw, end: end + match[0].length };
}

/** `claude-opus-4-8` is one model's name; `codex-gpt-5.5` and `Claude:claude-3-opus` are a tool and a model. */
function isSameFamily(words: readonly Word[]): boolean {
  const [first, second] = words;
  if (first === undefined || second === undefined || first.text === second.text) return false;
  return findModelFamily(first.text) === findModelFamily(second.text);
}

/** After a first name such as Claude: punctuation, a version or a stop word, never a surname. */
function followsClaim(rest: string, words: readonly Word[]): boolean {
  return /^\s*(?:[([:;,/]|v?\d+\.)/.test(rest) || STOP_WORDS.has(words[0]?.text ?? "");
}

function splitWords(text: string): readonly Word[] {
  const words: Word[] = [];
  for (const match of text.matchAll(findWord())) {
    const start = match.index;
    words.push({ text: foldText(match[0]), start, end: start + match[0].length });
  }
  return words;
}

interface ModelText {
  readonly raw: string;
  readonly end: number;
}

/** A claim that names no tool: `Opus 4.7`, `openrouter/qwen/qwen3-coder`, `gpt-oss:20b`. */
function resolveModel(text: string, words: readonly Word[]): ResolvedClaim | undefined {
  const path = /^[\w.:@-]+(?:\/[\w.:@-]+)+/.exec(text)?.[0];
  const from = path === undefined ? 0 : path.lastIndexOf("/") + 1;
  const index = words.findIndex((word) => word.start >= from);
  const family = findModelFamily(words[index]?.text ?? "");
  if (family === undefined) return undefined;
  const model = readModel(text, words, index) ?? readFamilyModel(text, words.slice(index));
  if (model === undefined) return undefined;
  const isWhole = !words.some((word) => word.start >= model.end);
  const { tool, vendor } = family;
  return {
    tool,
    vendor,
    modelRaw: model.raw,
    isAmbiguous: false,
    isGeneric: false,
    isModelOnly: true,
    isWhole,
  };
}

/** The model in what follows a tool's name; it has to begin with a family's word, or a router's path to one. */
function readModel(text: string, words: readonly Word[], from: number): ModelText | undefined {
  const start = words[from]?.start;
  if (start === undefined) return undefined;
  const path = /^[\w.:@-]+(?:\/[\w.:@-]+)+/.exec(text.slice(start))?.[0];
  const nameStart = path === undefined ? start : start + path.lastIndexOf("/") + 1;
  const index = words.findIndex((word) => word.start >= nameStart);
  if (findModelFamily(words[index]?.text ?? "") === undefined) return undefined;
  return readFamilyModel(text, words.slice(index));
}

/** A family's word and the version, tier and variant that belong to it; none if the family's word stands alone. */
function readFamilyModel(text: string, words: readonly Word[]): ModelText | undefined {
  const first = words[0];
  if (first === undefined) return undefined;
  let end = first.end;
  let count = 1;
  let hasVersion = /\d/.test(first.text);
  for (const word of words.slice(1)) {
    const gap = text.slice(end, word.start);
    // A colon parts a model from its size, `gpt-oss:20b`, but a bare family's name from a model: `grok:2026-03`.
    if (!/^(?:[-_.]| {1,2})$/.test(gap) && !(gap === ":" && count > 1)) break;
    const isJoined = gap !== " " && gap !== "  ";
    const isModelWord = /\d/.test(word.text) || findModelFamily(word.text) !== undefined || isJoined;
    const isLast = word === words.at(-1) && hasVersion;
    if (STOP_WORDS.has(word.text) || (!isModelWord && !isLast && !isVariant(word.text))) break;
    hasVersion ||= /\d/.test(word.text) || findModelFamily(word.text) !== undefined;
    end = word.end;
    count++;
  }
  if (count === 1 && !hasVersion && !/^(?:opus|sonnet|haiku)$/.test(first.text)) return undefined;
  if (count > 1 && !hasVersion && !/[-_:]/.test(text.slice(first.start, end))) return undefined;
  const note = /^:[\w.]+|^\s?(?:\[[^\]]{1,20}\]|\(\d+[km] context\))/i.exec(text.slice(end))?.[0] ?? "";
  return { raw: text.slice(first.start, end + note.length), end: end + note.length };
}

const VARIANTS = new Set(
  "pro flash mini nano lite turbo preview exp code coder codex max plus air thinking instruct chat fast opus sonnet haiku".split(
    " ",
  ),
);
function isVariant(word: string): boolean {
  return VARIANTS.has(word);
}
