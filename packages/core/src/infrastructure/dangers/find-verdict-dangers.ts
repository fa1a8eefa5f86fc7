// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, flattenValue } from "../configuration-value.ts";
import type { Danger, DangerCode } from "../resource.ts";
import { type ChangeView, describe, toSnake } from "./change-view.ts";
import { ADMISSION } from "./find-admission-dangers.ts";
import { INSPECTS } from "./find-exposure-dangers.ts";
import { type RuleSequence, sequencesIn } from "./rule-sequences.ts";

/** What says in a rule whether it lets pass; IAM's `Effect` is none: there a refusal wins wherever it stands. */
const VERBS = /^(?!.*default_)(?:\w+_)?(?:action|access|decision|verdict)$/;
const PASSES = /^(?:allow|accept|permit|pass|bypass)$/i;
const REFUSES = /^(?:deny|denied|drop|block|reject|refuse)$/i;
/** Where every rule has a place of its own the list's order says nothing. */
const NUMBERED = /^(?:rule_no|rule_number|priority|rule_priority|preference|precedence|order|position)$/;
const UNTOLD = /^(?:name|description|sid|label|comment|id)$/;
/** Lines of which the first that matches decides. */
const LINES = /^(?:pg_hba|pg_hba_conf|hba_rules)$/;

/** Rules that say yes or no: which of two contrary ones comes first decides, and one that refused may let pass. */
export function findVerdictDangers(view: ChangeView): readonly Danger[] {
  const { before, after } = view.pair;
  if (before === null || after === null || !view.after.some(({ name }) => mayDecide(name))) return [];
  const old = new Map(sequencesIn(before.body).map((each) => [each.path, each]));
  const isWorkflow = after.kind === "workflow";
  const pairs = sequencesIn(after.body).flatMap((now) => {
    const was = old.get(now.path);
    return was === undefined
      ? []
      : [{ was: toRules(was, isWorkflow), now: toRules(now, isWorkflow), path: now.path }];
  });
  // A condition more in a pipeline is one more way to start it.
  const isJoining = !isWorkflow;
  const isCounted = pairs.filter(({ was, now }) => isMixed(was) || isMixed(now));
  return [
    ...describe(
      "rule-order-changed",
      "asks contrary rules in another order:",
      isCounted.filter(({ was, now }) => isTurned(was, now, isJoining)).map(({ path }) => path),
    ),
    ...describe(
      (INSPECTS.test(view.type) || ADMISSION.test(view.type) ? undefined : LIFTED[view.category]) ??
        "protection-off",
      "lets pass what it refused:",
      pairs.filter(({ was, now }) => isLifted(was, now)).map(({ path }) => path),
    ),
  ];
}

const DECIDES = new Map<string, boolean>();
const MOST_KNOWN = 10_000;

/** Names are few and asked about often. */
function mayDecide(name: string): boolean {
  const known = DECIDES.get(name);
  if (known !== undefined) return known;
  const found =
    VERBS.test(name) || LINES.test(name) || name === "when" || PASSES.test(name) || REFUSES.test(name);
  if (DECIDES.size < MOST_KNOWN && name.length < 200) DECIDES.set(name, found);
  return found;
}

const LIFTED: Readonly<Partial<Record<string, DangerCode>>> = {
  network: "cidr-opened",
  iam: "privilege-widened",
};

interface Rule {
  /** All that it says besides its verdict. */
  readonly key: string;
  readonly isPassing: boolean;
}

/** Rules of a list by what they say; none where one has a number, and what says neither yes nor no is left out. */
function toRules({ name, items }: RuleSequence, isWorkflow: boolean): readonly Rule[] {
  const own = toSnake(name);
  if (LINES.test(own)) return items.flatMap(toLine);
  if (items.some(({ fields }) => fields.some((field) => NUMBERED.test(toSnake(field.name))))) return [];
  return items.flatMap((item) => (isWorkflow && own === "rules" ? toCondition(item) : toRule(item)));
}

function toRule(item: ConfigurationValue): readonly Rule[] {
  const verb = item.fields.find(({ name }) => VERBS.test(toSnake(name)));
  const verdict = verb?.value.literal ?? verb?.value.fields[0]?.name ?? "";
  if (!PASSES.test(verdict) && !REFUSES.test(verdict)) return [];
  const rest = item.fields.filter(({ name }) => name !== verb?.name && !UNTOLD.test(toSnake(name)));
  return [{ key: keyOf({ ...item, fields: rest }), isPassing: PASSES.test(verdict) }];
}

/** `rules` of GitLab: the first whose condition holds says whether and when the job runs. */
function toCondition(item: ConfigurationValue): readonly Rule[] {
  const when = item.fields.find(({ name }) => name === "when")?.value.literal;
  return item.fields.length === 0 ? [] : [{ key: keyOf(item), isPassing: when !== "never" }];
}

function toLine({ literal }: ConfigurationValue): readonly Rule[] {
  const words = (literal ?? "").trim().split(/\s+/);
  return words.length < 4 ? [] : [{ key: words.join(" "), isPassing: !words.includes("reject") }];
}

function keyOf(value: ConfigurationValue): string {
  return flattenValue(value)
    .map(({ path, text }) => `${path}=${text}`)
    .join("\0");
}

function isMixed(rules: readonly Rule[]): boolean {
  return rules.some(({ isPassing }) => isPassing) && rules.some(({ isPassing }) => !isPassing);
}

const nameOf = ({ key, isPassing }: Rule) => `${isPassing} ${key}`;

/** Two contrary rules that stay have changed places, or a new one that lets pass stands before one that refuses and stays. */
function isTurned(was: readonly Rule[], now: readonly Rule[], isJoining: boolean): boolean {
  const places = new Map(was.map((rule, place) => [nameOf(rule), place]));
  let [lastPassing, lastRefusing] = [-1, -1];
  let isNewAhead = false;
  for (const rule of now) {
    const place = places.get(nameOf(rule));
    if (place === undefined) {
      isNewAhead ||= isJoining && rule.isPassing;
      continue;
    }
    if (!rule.isPassing && isNewAhead) return true;
    if (place < (rule.isPassing ? lastRefusing : lastPassing)) return true;
    if (rule.isPassing) lastPassing = Math.max(lastPassing, place);
    else lastRefusing = Math.max(lastRefusing, place);
  }
  return false;
}

/** The same rule, with the contrary verdict. */
function isLifted(was: readonly Rule[], now: readonly Rule[]): boolean {
  const refused = new Set(was.filter(({ isPassing }) => !isPassing).map(({ key }) => key));
  const passing = new Set(was.filter(({ isPassing }) => isPassing).map(({ key }) => key));
  return (
    refused.size > 0 &&
    now.some(({ key, isPassing }) => isPassing && key !== "" && refused.has(key) && !passing.has(key))
  );
}
