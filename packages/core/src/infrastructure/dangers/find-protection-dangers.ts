// SPDX-License-Identifier: Apache-2.0
import type { Danger, DangerCode, DeclaredResource } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange, toSnake } from "./change-view.ts";
import { deriveSettings } from "./derive-settings.ts";
import { findGoneGuardian, isAudit } from "./find-gone-guardian.ts";
import { findLostGuards, NO_GUARD } from "./find-lost-guards.ts";
import { findShortened } from "./find-shortened.ts";
import { findSwitch, type Switch } from "./find-switch.ts";
import { findWeakened, isScaled } from "./find-weakened.ts";
import { isOnByDefault } from "./is-on-by-default.ts";

/** What the loss of a guard is called, for people. */
const VERBS: Readonly<Partial<Record<DangerCode, string>>> = {
  "protection-off": "is no longer protected:",
  "audit-off": "no longer logs:",
  "capacity-removed": "stands in one place only:",
  "isolation-lost": "is less isolated:",
  "cidr-opened": "can be reached from everywhere:",
  "untrusted-code": "lets in code of others:",
  "wildcard-principal": "lets in everybody:",
  "privilege-widened": "allows more:",
  "failover-changed": "fails over otherwise:",
};

/** Switches, strengths, retention times and guards that protect data, logs and machines. */
export function findProtectionDangers(view: ChangeView): readonly Danger[] {
  if (view.isDeleted) return findGoneGuardian(view);
  const changes = [...view.changes, ...deriveSettings(view)].filter(({ path }) => !NO_GUARD.test(path));
  const lost = view.isCreated ? [] : changes;
  const reasons = new Map<DangerCode, string[]>();
  const add = (code: DangerCode | undefined, reason: string) => {
    if (code !== undefined) reasons.set(code, [...(reasons.get(code) ?? []), reason]);
  };
  for (const change of changes) add(findSwitched(view, change), formatChange(change));
  for (const change of lost) for (const code of findWeakened(change)) add(code, formatChange(change));
  for (const { code, path } of findLostGuards(view, lost)) add(code, `${path} (gone)`);
  return [
    ...[...reasons].flatMap(([code, all]) => describe(code, VERBS[code] ?? "is weaker:", all)),
    ...findShortened(view, lost),
    ...findLostAudit(view, lost),
  ];
}

/** Values that say on or off in words. */
const ON = /^(?:true|(?:\w+_)?enabled?|on|yes|retain|required|strict|regional|1|enforced|active|allow)$/i;
const OFF =
  /^(?:false|(?:\w+_)?disabled?|off|no|suspended|paused|none|null|0|delete|zonal|optional|permissive|inherited|inactive|default|\{\}|)$/i;
const TRUE = /^(?:true|enabled?|on|yes|1|all)$/i;

function findSwitched(view: ChangeView, change: AttributeChange): DangerCode | undefined {
  const { before, after, name } = change;
  const found = findOwnSwitch(view, change);
  const own = found !== undefined && isOnByDefault(view, name) ? { ...found, isOnByDefault: true } : found;
  if (own === undefined) return !view.isCreated && isSuspended(change) ? "protection-off" : undefined;
  // `{ disabled = true }` turns what its parent's name says around.
  if (after.length === 0 && isRenamed(view, change)) return undefined;
  if (own.isSafeOn !== (name === "disabled"))
    return !view.isCreated &&
      (isSwitchedOff(change, own.isOnByDefault) ||
        isWordedOff(change) ||
        isTakenBack(view, change) ||
        isSurelyOff(change))
      ? own.code
      : undefined;
  if (view.isCreated && (!own.isOfNew || after.length > 1 || view.type === "variable")) return undefined;
  // To write down what is so anyway changes nothing.
  if (!view.isCreated && own.isOnByDefault && before.length === 0) return undefined;
  const isOn = count(after, TRUE) > count(before, TRUE);
  const isLeftToDefault = own.isOnByDefault && after.length === 0 && count(before, OFF) > 0;
  return isOn || isLeftToDefault ? own.code : undefined;
}

/** Of maps that are merged the last one wins: what those before it say is taken back. */
function isTakenBack({ pair }: ChangeView, { path, before, after }: AttributeChange): boolean {
  const isMerged = (side: DeclaredResource | null) =>
    side?.kind === "terraform" &&
    side.body.fields.some(
      ({ name, value }) =>
        value.text === "merge ()" &&
        (side.type === "local" ? name === "value" : path.startsWith(`${toSnake(name)}.`)),
    );
  return before.length === 0 && count(after, NO) > 0 && isMerged(pair.before) && isMerged(pair.after);
}

const NO = /^(?:false|disabled|off)$/i;
const REFERENCE = /^(?:(?:var|local|module)[\w .]+|!Ref \w+)$/;

/** What somebody could say from outside is off whatever they say. */
function isSurelyOff({ before, after }: AttributeChange): boolean {
  return (
    before.length > 0 &&
    after.length === before.length &&
    before.every((text) => REFERENCE.test(text)) &&
    after.every((text) => NO.test(text))
  );
}

/** What is off by whatever it was on before: `VULNERABILITY_BASIC`, `ALL`, a level. */
const WORDED_OFF = /^(?:(?:\w+_)?disabled?|off|none)$/i;

function isWordedOff({ path, name, before, after }: AttributeChange): boolean {
  return (
    !isScaled(path, name) &&
    count(after, WORDED_OFF) > count(before, WORDED_OFF) &&
    before.some((text) => !OFF.test(text))
  );
}

/** A rule of whatever kind that was on. */
function isSuspended({ name, before, after }: AttributeChange): boolean {
  return (
    /^(?:\w+_)?(?:status|state|enablement)$/.test(name) &&
    count(before, /^enabled$/i) > 0 &&
    count(after, /^(?:suspended|disabled)$/i) > count(before, /^(?:suspended|disabled)$/i)
  );
}

/** `enable_rbac_authorization` is `rbac_authorization_enabled` to the next version of the provider. */
function isRenamed(view: ChangeView, { path, name, before }: AttributeChange): boolean {
  const words = toWords(name);
  return view.changes.some(
    (other) =>
      other.path !== path &&
      other.before.length === 0 &&
      other.after.length > 0 &&
      other.after.every((text) => before.includes(text)) &&
      toWords(other.name) === words,
  );
}

function toWords(name: string): string {
  return name
    .split("_")
    .filter((part) => !/^(?:is|enabled?|v2)$/.test(part))
    .sort()
    .join(" ");
}

function isSwitchedOff({ before, after }: AttributeChange, isOnUnwritten: boolean): boolean {
  if (isOnUnwritten && before.length === 0) return count(after, OFF) > 0;
  if (count(before, ON) === 0 || count(after, ON) >= count(before, ON)) return false;
  return after.length === 0 ? !isOnUnwritten : count(after, OFF) > count(before, OFF);
}

function count(texts: readonly string[], pattern: RegExp): number {
  return texts.filter((text) => pattern.test(text)).length;
}

const SAYS_NOTHING =
  /^(?:enabled?|is_enabled|status|state|value|disabled|create|active|mode|level|enablement|enable_\w{1,3}|http_status|default)$/;
const SUFFIX =
  /_(?:configuration|config|settings|setting|specification|options|properties|info|policy|rule|status)$/;
const NAMES_NOTHING = /^(?:spec|properties|rules?|settings|config|configuration)$/;
const PROVIDER = /^(?:aws|azurerm|google|cloudflare|github|kubernetes)(?:_|::)/;

/** `versioning { enabled = false }` is about versioning; of a resource's own switch the type tells. */
function findOwnSwitch(view: ChangeView, { path, name }: AttributeChange): Switch | undefined {
  if (!SAYS_NOTHING.test(name)) return findSwitch(name);
  const parent = path
    .split(".")
    .slice(0, -1)
    .findLast((each) => !NAMES_NOTHING.test(each));
  if (parent !== undefined) return findSwitch(parent) ?? findSwitch(parent.replace(SUFFIX, ""));
  return findSwitch(isAudit(view) ? "audit" : view.type.replace(PROVIDER, "").replace(/[:.]+/g, "_"));
}

/** Log lists that are shorter, and recorders that record less. */
const LOG_LISTS =
  /logs?_exports|log_types|cluster_log\w*|log_publishing|audit_log_config|enabled_log\w*|event_selector|resource_types/;

function findLostAudit(view: ChangeView, changes: readonly AttributeChange[]): readonly Danger[] {
  const shorter = changes.filter(
    ({ path, before, after }) =>
      LOG_LISTS.test(path) &&
      after.length > 0 &&
      before.length > after.length &&
      after.every((text) => before.includes(text)),
  );
  const filtered = isAudit(view) ? changes.filter(isFiltered) : [];
  const fewer = changes.filter(
    ({ path, name, before, after }) =>
      FEWER.test(name) &&
      !PERMISSIONS.test(path) &&
      before.length > after.length &&
      after.every((text) => before.includes(text)),
  );
  return [
    ...describe("protection-off", "guards less:", fewer.map(formatChange)),
    ...describe("audit-off", "no longer logs:", [...shorter, ...filtered].map(formatChange)),
  ];
}

/** Lists of what is kept in, asked for or asked of. */
const FEWER =
  /^(?:restricted_services|contexts|checks|required_checks|denied_\w+|blocked_\w+|approvers|reviewer_teams|reviewer_users)$/;

/** `checks` among the permissions of a token is what it may write. */
const PERMISSIONS = /(?:^|\.)permissions\./;

/** Of what happens less is recorded. */
function isFiltered({ path, name, before, after }: AttributeChange): boolean {
  if (name === "traffic_type") return before.includes("ALL") && !after.includes("ALL");
  if (name === "filter") return before.every((text) => text === "") && after.some((text) => text !== "");
  return (
    /(?:^|\.)(?:exempted_members|exclusions\.(?:name|filter))$/.test(path) && after.length > before.length
  );
}
