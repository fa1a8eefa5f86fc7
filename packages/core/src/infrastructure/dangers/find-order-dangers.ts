// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, flattenValue, isSameValue, objectsIn } from "../configuration-value.ts";
import type { Danger } from "../resource.ts";
import { type ChangeView, describe, toSnake } from "./change-view.ts";
import { type RuleSequence, sequencesIn } from "./rule-sequences.ts";

const NUMBERS = /^(?:rule_no|rule_number|priority|rule_priority|preference|precedence|order)$/;
/** Lists whose first matching element wins. */
const ORDERED =
  /^(?:http|tcp|tls|routes?|rules?|match|matches|filters?|http_filters|virtual_hosts|action|paths|ingress_rules|tasks|network_acl_entries|security_rule|entries|ordered_cache_behavior|cache_behaviors|ingress_rule)$/;
/** Tunnels take the first of their ingress rules that matches; elsewhere `ingress` is a set. */
const TUNNELS = /tunnel_(?:cloudflared_)?config$/;
/** Policies that name their rules, which are resources of their own, in the order in which they are asked. */
const NAMING = /(?:^|_)(?:fw|firewall)_policy(?:_v\d)?$/;
/** Rules about who gets in, of which the one with the lowest number is asked first. */
const RANKED = /(?:policy_rule|(?:^|_)access_policy|(?:^|_)access_rule)(?:_\w+)?$/;

/** What matches first wins: another number, another place, or a rule before those that are there. */
export function findOrderDangers(view: ChangeView): readonly Danger[] {
  if (view.isCreated || view.isDeleted) return [];
  const { before, after } = view.pair;
  const isMatched = ["network", "routing", "failover"].includes(view.category);
  if (before === null || after === null || !(isMatched || RANKED.test(view.type))) return [];
  // Of a route the priority says which of two equal ones is taken: that is the route itself.
  // Of a name's records and endpoints it says which is asked first: that is what fails over.
  const isRoute = /(?:^|_)route$/.test(view.type) || view.category === "failover";
  const numbered = (isRoute ? [] : view.changes)
    .filter(
      ({ path, name, before: old, after: now }) =>
        NUMBERS.test(name) && !path.includes(".") && old.length > 0 && now.length > 0,
    )
    .map(({ name, before: old, after: now }) => `${name} ${old.join()} → ${now.join()}`);
  return [
    ...describe("rule-order-changed", "is matched at another place:", numbered),
    ...describe(
      "rule-order-changed",
      "numbers its rules anew:",
      isMatched ? findRenumbered(before.body, after.body) : [],
    ),
    ...describe(
      "rule-order-changed",
      "matches in another order:",
      !isMatched || view.type.includes("security_group") ? [] : findMoved(view, before.body, after.body),
    ),
  ];
}

/** Rules with a number of their own: the same rule under another number, or a new one ahead of some that stay. */
function findRenumbered(before: ConfigurationValue, after: ConfigurationValue): readonly string[] {
  const [old, now] = [numberedRules(before), numberedRules(after)];
  if (old.size === 0) return [];
  const isSameOrder = placesOf(old, now).join() === placesOf(now, old).join();
  const moved = (isSameOrder ? [] : [...now]).flatMap(([rule, number]) => {
    const was = old.get(rule);
    return was === undefined || was === number ? [] : [`${was} → ${number}`];
  });
  const numbers = new Set(old.values());
  const last = Math.max(
    ...[...old].filter(([rule]) => now.get(rule) === old.get(rule)).map(([, number]) => number),
    -1,
  );
  const ahead = [...now].filter(([rule, number]) => !old.has(rule) && !numbers.has(number) && number < last);
  return [...moved, ...ahead.map(([, number]) => `a new rule ${number} comes before ${last}`)];
}

/** Rules that stand on both sides, by the numbers of the first; of one alone nobody knows which others it passed. */
function placesOf(side: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): readonly string[] {
  const common = [...side].filter(([rule]) => other.has(rule));
  return common.length < 2 || common.length < Math.max(side.size, other.size)
    ? [...side].map(([rule, number]) => `${rule}${number}`)
    : common.sort(([, a], [, b]) => a - b).map(([rule]) => rule);
}

/** Numbers by what the rule says besides. */
function numberedRules(value: ConfigurationValue): ReadonlyMap<string, number> {
  const rules = new Map<string, number>();
  for (const each of objectsIn(value)) {
    if (each === value) continue;
    const field = each.fields.find(({ name }) => NUMBERS.test(toSnake(name)));
    const number = Number(field?.value.literal ?? Number.NaN);
    if (field === undefined || !Number.isFinite(number)) continue;
    const rest = flattenValue(each).filter(
      ({ name }) => name !== field.name && !/^(?:name|description|sid)$/i.test(name),
    );
    rules.set(rest.map(({ path, text }) => `${path}=${text}`).join("\0"), number);
  }
  return rules;
}

function isListed(type: string, { name, items }: RuleSequence): boolean {
  return (
    items.length > 0 &&
    (ORDERED.test(toSnake(name)) || (TUNNELS.test(type) && name === "ingress")) &&
    items.every(({ fields }) => fields.length > 0) &&
    !items.some(({ fields }) => fields.some((field) => NUMBERS.test(toSnake(field.name))))
  );
}

function findMoved(
  { type }: ChangeView,
  before: ConfigurationValue,
  after: ConfigurationValue,
): readonly string[] {
  const isOrdered = (each: RuleSequence) =>
    (NAMING.test(type) && each.path === "rules") || isListed(type, each);
  const old = new Map(
    sequencesIn(before)
      .filter(isOrdered)
      .map((each) => [each.path, each.items]),
  );
  return sequencesIn(after)
    .filter((each) => isOrdered(each) && isReordered(old.get(each.path) ?? [], each))
    .map(({ path }) => path);
}

/** Rules that stay stand in another order, or a new one stands before one that stays. */
function isReordered(old: readonly ConfigurationValue[], { name, items: now }: RuleSequence): boolean {
  const places = now.map((item) => old.findIndex((other) => isSameValue(item, other)));
  const kept = places.filter((place) => place >= 0);
  const isTurned = kept.some((place, i) => i > 0 && place < (kept[i - 1] ?? 0));
  // A link that joins a proxy's chain changes nothing of what the others do.
  const isInserted =
    !/filters$/.test(toSnake(name)) &&
    now.length > old.length &&
    kept.length === old.length &&
    places.at(-1) !== -1 &&
    old.length > 0;
  return isTurned || isInserted;
}
