// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, flattenValue, objectsIn, toExpression } from "../configuration-value.ts";
import type { Danger, DeclaredResource } from "../resource.ts";
import { type Attribute, type ChangeView, describe, toSnake } from "./change-view.ts";
import { isWider, isWorld, toRange } from "./network-range.ts";

/** Where traffic goes to, not where it comes from; routes to everywhere are every network's default. */
const OUTBOUND = /egress|outbound|dest|route|next_hop|except|not_ip|exclude|remote_network|nat_|masquerade/;
const SOURCE_NAMES =
  /cidr|ip_range|source|allowed|whitelist|allowlist|authorized|ipblock|ip_block|trusted|ranges|address/;
const UNTOLD =
  /^(?:description|tags(?:_all)?|name|name_prefix|comment|labels|annotations|lifecycle|depends_on|rule_no|rule_number|priority|sid)$/;
const REFUSES = /^(?:deny|drop|block|reject|denied)$/i;
const EVERY_WORD = /^(?:\*|any|internet|all)$/i;

/** Doors to networks that were not open before: to the internet, or to a network that holds the one named so far. */
export function findExposureDangers(view: ChangeView): readonly Danger[] {
  // A policy's condition on addresses narrows; a mesh's list of networks is the door itself.
  const isPolicy = view.category === "iam" && (view.pair.after ?? view.pair.before)?.kind !== "mesh";
  if (isPolicy || /aws_vpc$|_subnet$|^aws_route(?:$|_)|_route$/.test(view.type)) return [];
  const [old, now] = [findOpenings(view.pair.before), findOpenings(view.pair.after)];
  const known = new Set(old.map(({ key }) => key));
  const opened = now.filter(({ key, isRefusal }) => !isRefusal && !known.has(key));
  const kept = new Set(now.map(({ key }) => key));
  const lifted = old.filter(({ key, isRefusal }) => isRefusal && !kept.has(key));
  return [
    ...describe(
      "cidr-opened",
      "lets in the internet:",
      opened.map(({ text }) => text),
    ),
    ...describe(
      "cidr-opened",
      "no longer refuses the internet:",
      view.isDeleted ? [] : lifted.map(({ text }) => text),
    ),
    ...findLiftedRefusal(view),
    ...findLiftedDenials(view),
    ...findIdleRules(view),
    ...findWiderSpan(view),
    ...findWidened(view),
  ];
}

interface Opening {
  /** Equal where a rule lets in the same, whatever it is called. */
  readonly key: string;
  readonly text: string;
  readonly isRefusal: boolean;
}

/** Rules that name the whole internet as a source. */
function findOpenings(resource: DeclaredResource | null): readonly Opening[] {
  if (resource === null || isOutbound(resource.body)) return [];
  const openings: Opening[] = [];
  const visit = (value: ConfigurationValue, path: string, rule: ConfigurationValue): void => {
    if (value.literal !== null && isSource(path))
      for (const text of value.literal.includes(",") ? value.literal.split(/\s*,\s*/) : [value.literal])
        if (isEverywhere(path, text)) openings.push(toOpening(rule, path, text));
    for (const field of value.fields) {
      const next = `${path}.${toSnake(field.name)}`;
      const isTold = VALIDATES.test(field.name) && isNamed(resource);
      if (!isTold && !OUTBOUND.test(toSnake(field.name)) && !isOutbound(field.value))
        visit(field.value, next, field.value.fields.length > 0 ? field.value : value);
    }
    for (const item of value.items)
      if (!isOutbound(item)) visit(item, path, item.fields.length > 0 ? item : rule);
  };
  visit(resource.body, isNamed(resource) ? toSnake(resource.name) : "", resource.body);
  return openings;
}

/** What a variable is checked by, and not what it holds. */
const VALIDATES = /^(?:validation|description|error_message)$/;

function isNamed({ type }: DeclaredResource): boolean {
  return ["variable", "local", "values", "config", "Parameter"].includes(type);
}

function isSource(path: string): boolean {
  return SOURCE_NAMES.test(path) && !OUTBOUND.test(path);
}

function isEverywhere(path: string, text: string): boolean {
  return (
    isWorld(text) ||
    // Cosmos DB: whatever runs at Azure.
    (text === "0.0.0.0" && path.endsWith("ip_range_filter")) ||
    (EVERY_WORD.test(text) && /source_address|source_ip|source_ranges|authorized/.test(path))
  );
}

/** A rule says itself that it is about what leaves. */
function isOutbound(value: ConfigurationValue): boolean {
  return value.fields.some(({ name, value: { literal } }) => {
    const key = toSnake(name);
    if (key === "egress" || key === "is_egress") return literal === "true";
    return (
      (key === "type" || key === "direction" || key === "flow") &&
      /^(?:egress|outbound|out)$/i.test(literal ?? "")
    );
  });
}

function toOpening(rule: ConfigurationValue, path: string, range: string): Opening {
  const flat = flattenValue(rule).filter(({ path: own }) => !UNTOLD.test(toSnake(own.split(".")[0] ?? "")));
  const rest = flat.filter(({ text }) => !isWorld(text) && !/^[\d.:a-f]+\/\d+$/i.test(text));
  const isRefusal = rule.fields.some(
    ({ name, value }) => /action|access|effect/i.test(name) && REFUSES.test(value.literal ?? ""),
  );
  const ports = rest
    .filter(({ path: own }) => /port|protocol/i.test(own))
    .map(({ path: own, text }) => `${toSnake(own)} ${text}`);
  const key = [path, range, ...rest.map(({ path: own, text }) => `${own}=${text}`).sort()].join("\0");
  return { key, text: [range, ...ports].join(" "), isRefusal };
}

/** A rule for all addresses, in whatever direction, that refused and now lets pass. */
function findLiftedRefusal(view: ChangeView): readonly Danger[] {
  if (!view.after.some(({ text }) => isWorld(text)) || view.category !== "network") return [];
  const lifted = view.changes.filter(
    ({ name, before, after }) =>
      /action|access/.test(name) &&
      before.some((text) => REFUSES.test(text)) &&
      after.some((text) => /^(?:allow|permit|pass)$/i.test(text)),
  );
  return describe(
    "cidr-opened",
    "no longer refuses:",
    lifted.map(({ name, before, after }) => `${name} ${before.join()} → ${after.join()}`),
  );
}

/** Rules that refused and are gone, while none that lets in took their place. */
function findLiftedDenials(view: ChangeView): readonly Danger[] {
  if (view.category !== "network" || !view.before.some(isOfRefusal)) return [];
  const [before, after] = [view.pair.before, view.pair.after].map((side) => countRules(side));
  if (before === undefined || after === undefined) return [];
  const isLifted =
    after.refusing < before.refusing && (after.letting <= before.letting || INSPECTS.test(view.type));
  return isLifted ? [{ code: "protection-off", reason: "a rule that refuses is taken away" }] : [];
}

/** What looks into requests: to count what was blocked, or to let it pass, is to switch the rule off. */
export const INSPECTS =
  /waf|web_acl|ruleset|network_?firewall|resolver_firewall|security_policy|cloudflare_filter|access_rule/;

/** Rules of such that are switched off where they stand. */
function findIdleRules(view: ChangeView): readonly Danger[] {
  if (!INSPECTS.test(view.type) || view.isCreated || view.isDeleted) return [];
  const idle = view.changes.filter(
    ({ path, name, before, after }) =>
      (/override_action\.count$/.test(path) && before.length < after.length) ||
      (/(?:^|\.)rules?\./.test(path) &&
        name === "enabled" &&
        after.includes("false") &&
        !before.includes("false")) ||
      (name === "preview" && after.includes("true") && !before.includes("true")),
  );
  return describe(
    "protection-off",
    "only looks on:",
    idle.map(({ path }) => path),
  );
}

const isOfRefusal = ({ path, text }: Attribute) =>
  /^(?:deny|drop|block|reject)/i.test(text) || /(?:^|\.)(?:deny|block)(?:\.|$)/.test(path);

/** Blocks whose name alone says what becomes of what matches. */
const REFUSING_BLOCKS = /^(?:deny|block)$/;

function countRules(resource: DeclaredResource | null): { refusing: number; letting: number } {
  const counts = { refusing: 0, letting: 0 };
  for (const { fields } of resource === null ? [] : objectsIn(resource.body)) {
    for (const { name, value } of fields) {
      const text = value.literal ?? "";
      const isVerb = /^(?:\w*_)?(?:action|access|effect|decision)$/.test(toSnake(name));
      if ((isVerb && /^(?:deny|drop|block|reject|denied)/i.test(text)) || REFUSING_BLOCKS.test(toSnake(name)))
        counts.refusing++;
      else if (isVerb && /^(?:allow|permit|pass|accept|count|log)/i.test(text)) counts.letting++;
    }
  }
  return counts;
}

/** Azure's data stores name the first and the last address; nought to nought is whatever runs at Azure. */
function findWiderSpan(view: ChangeView): readonly Danger[] {
  const [old, now] = [view.before, view.after].map((side) => {
    const [first, last] = ["start_ip_address", "end_ip_address"].map(
      (name) => side.find((each) => each.name === name)?.text,
    );
    return first === undefined || last === undefined ? undefined : { first, last, size: spanOf(first, last) };
  });
  if (now?.size === undefined || now.size <= (old?.size ?? 0)) return [];
  if (view.isCreated && now.size < LARGE_SPAN) return [];
  return [{ code: "cidr-opened", reason: `lets in ${now.first} to ${now.last}` }];
}

const LARGE_SPAN = 2 ** 16;

function spanOf(first: string, last: string): number | undefined {
  if (first === "0.0.0.0" && last === "0.0.0.0") return LARGE_SPAN;
  const [from, to] = [toRange(first), toRange(last)];
  if (from === undefined || to === undefined || from.version !== 4 || to.version !== 4) return undefined;
  return Number.parseInt(to.bits, 2) - Number.parseInt(from.bits, 2);
}

/** `10.0.0.0/16` becomes `10.0.0.0/8`: not the internet, and more than before. */
function findWidened(view: ChangeView): readonly Danger[] {
  if (view.isCreated || view.isDeleted) return [];
  const wider = view.changes
    .filter(({ path }) => isSource(path))
    .flatMap(({ before, after }) =>
      after
        .filter((text) => !before.includes(text) && !isWorld(text))
        .flatMap((text) => {
          const isCovered = before.some((each) => isWider(each, text));
          const narrow = isCovered ? undefined : before.find((other) => isWider(text, other));
          return narrow === undefined ? [] : [`${narrow} → ${text}`];
        }),
    );
  const ports =
    objectsIn(view.pair.after?.body ?? view.pair.before?.body ?? EMPTY).length > 0
      ? findWiderPorts(view)
      : [];
  return [
    ...describe("cidr-opened", "lets in a wider network:", wider),
    ...describe("cidr-opened", "opens more ports to the internet:", ports),
  ];
}

const EMPTY: ConfigurationValue = toExpression("");

/** Azure and Google name sources by words and ports by ranges; where the source is the internet a new port is a new door. */
function findWiderPorts(view: ChangeView): readonly string[] {
  if (!/firewall|security_rule/.test(view.type)) return [];
  const isOpen = view.after.some(({ path, text }) => isSource(path) && isEverywhere(path, text));
  if (!isOpen) return [];
  return view.changes
    .filter(
      ({ path, after }) => /port|protocol/.test(path) && after.length > 0 && !/dest.*address/.test(path),
    )
    .map(({ name, before, after }) => `${name} ${before.join(", ")} → ${after.join(", ")}`);
}
