// SPDX-License-Identifier: Apache-2.0
import { foldText } from "./fold.ts";
import type { ModelFamily } from "./marker.ts";
import { MODEL_FAMILIES } from "./registry.ts";

/** Longest model text that is looked at; no vendor's names come near. */
export const MODEL_LIMIT = 128;

const CLAUDE_TIERS = "opus|sonnet|haiku|fable";
const VENDOR_PREFIX =
  /^(?:openai|anthropic|google|xai|x-ai|meta|moonshot(?:ai)?|alibaba|mistralai|amazon)[\s.-]+(?=\S)/;
const REGION_PREFIX = /^(?:us|eu|apac|global)\.(?=[a-z])/;
const CONTEXT_NOTE = /\[[^\]]{0,40}\]|\([^)]{0,60}\)/g;
const ROUTE_SUFFIX = /:(?:free|beta|latest|thinking|nitro|floor|online|extended|exacto|v?\d+)$/;
/** Effort is how hard a model was asked to think, not which model; only Claude's names never contain these words. */
const CLAUDE_EFFORT = /(?:-(?:low|medium|high|xhigh|max|thinking|fast))+$/;

const WORDS: ReadonlyMap<string, ModelFamily> = new Map(
  MODEL_FAMILIES.flatMap((family) => family.words.map((word): [string, ModelFamily] => [word, family])),
);

/**
 * One spelling per model, as its vendor writes it: `Opus 4.7`, `anthropic/claude-opus-4.7` and `claude-opus-4-7[1m]`
 * are `claude-opus-4-7`; `accounts/fireworks/models/kimi-k2p6` is `kimi-k2.6`. Null where nothing is left.
 */
export function toModelName(raw: string): string | null {
  const text = stripRoute(foldText(raw.slice(0, MODEL_LIMIT)).trim());
  const joined = text
    .replace(/[\s_:@+]+/g, "-")
    .replace(/[^a-z0-9.-]/g, "")
    .replace(/-{2,}/g, "-")
    .replace(/^[-.]+|[-.]+$/g, "");
  if (joined === "" || joined === "unknown") return null;
  return orderClaude(spaceVersion(joined));
}

/** Drops what says how the model was reached, not which it is: router, region, context window, price tier. */
function stripRoute(text: string): string {
  const name = text.slice(text.lastIndexOf("/") + 1).replace(CONTEXT_NOTE, " ");
  return name.trim().replace(REGION_PREFIX, "").replace(VENDOR_PREFIX, "").replace(ROUTE_SUFFIX, "");
}

function spaceVersion(name: string): string {
  return name
    .replace(/^(gpt|glm|gemini|grok)(?=\d)/, "$1-")
    .replace(/^kimi-?(?=k\d)/, "kimi-")
    .replace(/(\d)p(\d)(?![a-z0-9])/g, "$1.$2");
}

const STARTS_WITH_TIER = new RegExp(`^(?:${CLAUDE_TIERS})-?\\d`);
const VERSION_3 = new RegExp(`^(${CLAUDE_TIERS})-?(3(?:-\\d)?)(?!\\d)(.*)$`);
const VERSION_FIRST = new RegExp(`^([4-9](?:-\\d{1,2})?)-(${CLAUDE_TIERS})(.*)$`);
const TIER_NUMBER = new RegExp(`^(${CLAUDE_TIERS})(?=\\d)`);

/** Tier first from version 4 on, version first before, hyphens within: `claude-sonnet-4-5`, `claude-3-5-sonnet`. */
function orderClaude(name: string): string {
  const bare = name.replace(/^claude-(?:code-)?/, "");
  if (bare === name && !STARTS_WITH_TIER.test(name)) return name;
  const hyphened = bare.replace(/(\d)\.(?=\d)/g, "$1-").replace(CLAUDE_EFFORT, "");
  const old = VERSION_3.exec(hyphened);
  if (old !== null) return `claude-${old[2]}-${old[1]}${old[3]}`;
  const swapped = VERSION_FIRST.exec(hyphened);
  if (swapped !== null) return `claude-${swapped[2]}-${swapped[1]}${swapped[3]}`;
  return `claude-${hyphened.replace(TIER_NUMBER, "$1-")}`;
}

/** The family that a folded word begins, such as `gpt` or `qwen3`. */
export function findModelFamily(word: string): ModelFamily | undefined {
  return WORDS.get(word) ?? WORDS.get(word.replace(/[0-9.]+[a-z]{0,2}$/, ""));
}
