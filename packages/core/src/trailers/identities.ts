// SPDX-License-Identifier: Apache-2.0
import type { Identity } from "../ids/index.ts";
import { once } from "../ids/once.ts";
import { foldText, toWords } from "./fold.ts";
import type { ToolDefinition } from "./marker.ts";
import { copyText } from "./person-lines.ts";
import { BOTS, FORGE_SERVICES } from "./registry.ts";
import { type ResolvedClaim, resolveClaim } from "./resolve-claim.ts";
import { findNamedTool, findTool, indexMarkers } from "./tool-index.ts";

/** An identity that the registry knows as an AI tool. */
export interface AiIdentity {
  readonly tool: string;
  readonly vendor: string | null;
  readonly modelRaw: string | null;
  /** `suffix`: a person's name with the tool behind it, such as `A. Person (aider)`. */
  readonly by: "mailbox" | "name" | "suffix" | "agent-path";
}

/** An identity that is a machine's: what it says it is, which anybody can write; never a reason to exempt anything. */
export interface ServiceIdentity {
  readonly kind: "ai-tool" | "forge" | "bot";
  readonly name: string;
}

const emails = once(() => indexMarkers("email"));
const slugs = once(() => indexMarkers("app-slug"));
const NOREPLY = "@users.noreply.github.com";
const AGENT_PATH =
  /^(?:[\w.-]{1,64}\/(?:crew|polecats|refinery|witness|mayor|deacon)(?:\/[\w.-]{1,64})?|(?:mayor|deacon)\/[\w.-]{1,64})$/;
const SUFFIX = /^(\S.*?)\s*(?:\(([^()]{2,40})\)|\s\+\s([^+]{2,40}))$/;

const botEmails = once(
  () => new Map(BOTS.flatMap((bot) => bot.emails.map((email): [string, string] => [email, bot.bot]))),
);
const botSlugs = once(
  () => new Map(BOTS.flatMap((bot) => bot.slugs.map((slug): [string, string] => [slug, bot.bot]))),
);
const botNames = once(
  () =>
    new Map(
      BOTS.flatMap((bot) => bot.names.map((name): [string, string] => [toWords(name).join(" "), bot.bot])),
    ),
);
const forgeEmails = once(
  () =>
    new Map(FORGE_SERVICES.flatMap((it) => it.emails.map((email): [string, string] => [email, it.service]))),
);
const forgeSlugs = once(
  () => new Map(FORGE_SERVICES.flatMap((it) => it.slugs.map((slug): [string, string] => [slug, it.service]))),
);

/** The AI tool that an identity is, or undefined. People at a vendor, and people called Claude, are not. */
export function isAiIdentity(identity: Identity): AiIdentity | undefined {
  const { name, email } = identity;
  if (name === "" && email === "") return undefined;
  const known = answers.get(email)?.get(name);
  if (known !== undefined) return known === NOBODY ? undefined : known;
  const found = findAiIdentity(identity);
  if (name.length + email.length < 256) remember(identity, found);
  return found;
}

function remember({ name, email }: Identity, found: AiIdentity | undefined): void {
  if (answerCount >= ANSWER_LIMIT) {
    answers.clear();
    answerCount = 0;
  }
  answerCount++;
  const byName = answers.get(email) ?? new Map<string, AiIdentity | typeof NOBODY>();
  const modelRaw = typeof found?.modelRaw === "string" ? copyText(found.modelRaw) : null;
  byName.set(copyText(name), found === undefined ? NOBODY : { ...found, modelRaw });
  answers.set(copyText(email), byName);
}

/**
 * Answers already given, by address and name: a history of 100,000 commits has a few hundred identities. Only saves work; the function
 * stays one of its argument. Emptied when full, so that hostile histories cannot grow it.
 */
const answers = new Map<string, Map<string, AiIdentity | typeof NOBODY>>();
let answerCount = 0;
const ANSWER_LIMIT = 4096;
const NOBODY = Symbol("nobody");

function findAiIdentity(identity: Identity): AiIdentity | undefined {
  const name = identity.name.slice(0, 256).trim();
  const email = foldText(identity.email.slice(0, 256).trim());
  const mailbox = findMailboxTool(email);
  if (mailbox !== undefined) return onMailbox(mailbox, name);
  if (findBot(name, email) !== undefined) return undefined;
  return byName(name, email);
}

/**
 * The service whose registered mailbox an identity has. A name alone is not enough: whoever calls themselves
 * `dependabot` or `Codex` at their own address would otherwise drop out of the set of authors.
 */
export function isServiceIdentity(identity: Identity): ServiceIdentity | undefined {
  const ai = isAiIdentity(identity);
  if (ai?.by === "mailbox") return { kind: "ai-tool", name: ai.tool };
  const email = foldText(identity.email.slice(0, 256).trim());
  const forge = forgeEmails().get(email) ?? forgeSlugs().get(toSlug(email) ?? "");
  if (forge !== undefined) return { kind: "forge", name: forge };
  const bot = findBotMailbox(email);
  return bot === undefined ? undefined : { kind: "bot", name: bot };
}

/** `<rig>/<role>/<name>` of an agent town, or a town-wide role. */
export function isAgentPath(value: string): boolean {
  const folded = foldText(value.slice(0, 256).trim());
  return AGENT_PATH.test(folded) || folded === "mayor" || folded === "deacon";
}

function findMailboxTool(email: string): ToolDefinition | undefined {
  const known = emails().get(email);
  if (known !== undefined) return known;
  const slug = toSlug(email);
  return slug === undefined ? undefined : slugs().get(slug);
}

/** Slug of a GitHub noreply address; the number before it is never compared, apps are re-created under new ones. */
function toSlug(email: string): string | undefined {
  if (!email.endsWith(NOREPLY)) return undefined;
  return email.slice(0, -NOREPLY.length).replace(/^\d+\+/, "");
}

function findBot(name: string, email: string): string | undefined {
  return findBotMailbox(email) ?? botNames().get(toWords(name.replace(/\[bot\]$/i, "")).join(" "));
}

function findBotMailbox(email: string): string | undefined {
  const slug = toSlug(email);
  const known = botEmails().get(email) ?? botSlugs().get(slug ?? "");
  if (known !== undefined || slug?.endsWith("[bot]") !== true) return known;
  return slug.slice(0, -"[bot]".length);
}

/** Several tools and models share a mailbox: a product named in the display name outranks it, a model only adds itself. */
function onMailbox(mailbox: ToolDefinition, name: string): AiIdentity {
  const claim = resolveClaim(name);
  const isProduct = claim !== undefined && !claim.isModelOnly && !claim.isAmbiguous && !claim.isGeneric;
  const outranks = isProduct && claim.isWhole && claim.tool !== "claude";
  const tool = outranks ? (findTool(claim.tool) ?? mailbox) : mailbox;
  return { tool: tool.tool, vendor: tool.vendor, modelRaw: claim?.modelRaw ?? null, by: "mailbox" };
}

function byName(name: string, email: string): AiIdentity | undefined {
  const suffix = bySuffix(name);
  if (suffix !== undefined) return suffix;
  if (AGENT_PATH.test(foldText(name)))
    return { tool: "gastown", vendor: "gastown", modelRaw: null, by: "agent-path" };
  const app = /\[bot\]$/i.test(name) ? slugs().get(foldText(name)) : undefined;
  if (app !== undefined) return { tool: app.tool, vendor: app.vendor, modelRaw: null, by: "name" };
  const claim = resolveClaim(name.replace(/\[bot\]$/i, ""));
  if (claim === undefined) return undefined;
  const tagged = claim.isWhole || claim.modelRaw !== null ? findTagTool(email) : undefined;
  if (tagged !== undefined) return { ...tagged, modelRaw: claim.modelRaw, by: "name" };
  if (!claim.isWhole) return undefined;
  if (email !== "" && !isTelling(claim, name)) return undefined;
  return { tool: claim.tool, vendor: claim.vendor, modelRaw: claim.modelRaw, by: "name" };
}

/** A name that no person bears: a product, a model with its version, `AI Assistant`. */
function isTelling(claim: ResolvedClaim, name: string): boolean {
  if (claim.isGeneric) return toWords(name).length > 1;
  return !claim.isAmbiguous && (claim.modelRaw === null || /\d/.test(claim.modelRaw) || !claim.isModelOnly);
}

/** `person+claude-code@example.org` under the name of a tool or model: the tag says which tool. */
function findTagTool(email: string): { tool: string; vendor: string | null } | undefined {
  const tag = /^[^+@]+\+([^@]+)@/.exec(email)?.[1];
  const tool = tag === undefined ? undefined : findNamedTool(toWords(tag));
  return tool === undefined || tool.isGeneric ? undefined : { tool: tool.tool, vendor: tool.vendor };
}

function bySuffix(name: string): AiIdentity | undefined {
  const match = SUFFIX.exec(name);
  if (match === null || resolveClaim(match[1] ?? "") !== undefined) return undefined;
  const word = match[2] ?? match[3] ?? "";
  const tool = findNamedTool(toWords(word));
  if (tool === undefined) return byModelSuffix(word);
  if (tool.isGeneric || (tool.isAmbiguous && tool.tool !== "claude")) return undefined;
  // A person who names Claude beside themselves runs Claude Code: the chat product makes no commits.
  const used = tool.tool === "claude" ? findTool("claude-code") : findTool(tool.tool);
  return used === undefined
    ? undefined
    : { tool: used.tool, vendor: used.vendor, modelRaw: null, by: "suffix" };
}

/** `A. Person (gpt-5.4)`, `Some Agent (claude-opus-4-8)`: a model with its version is in nobody's own name. */
function byModelSuffix(word: string): AiIdentity | undefined {
  // `(Nova 2)` may be a team, a ship or a pen name; an identifier such as `nova-2-pro` is none.
  const claim = /^[^\s-]+-\S+$/.test(word) ? resolveClaim(word) : undefined;
  if (claim?.isWhole !== true || !/\d/.test(claim.modelRaw ?? "")) return undefined;
  return { tool: claim.tool, vendor: claim.vendor, modelRaw: claim.modelRaw, by: "suffix" };
}
