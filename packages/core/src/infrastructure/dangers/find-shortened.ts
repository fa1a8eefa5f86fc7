// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";
import { isAudit } from "./find-gone-guardian.ts";

/** How long, or how many, something is kept. */
const KEPT =
  /retention|deletion_window|recovery_window|destroy_scheduled|pending_window|delete_after|retained_backups|backups_to_keep|keep_\w+|snapshot_limit|snapshots_to_keep|maintenance_snapshot|^ttl$/;
const KEPT_PATHS = /(?:retention\w*|expiration)\.(?:count|days|\w*_days|number_of_backups)$/;
/** What a fewer of makes easier to guess or to get past. */
const FLOORS =
  /^(?:minimum_password_length|minimum_length|min_length|password_length|required_approving_review_count|required_approvals?|approvals_required|approvals_before_merge|minimum_approvals|required_reviewers_count|password_reuse_prevention|password_history\w*|min_password_length|rsa_bits|key_size|key_bits)$/;
/** What a longer time of leaves open. */
const CEILINGS =
  /^(?:rotation_period|automatically_after_days|rotation_interval\w*|max_password_age|password_expiry\w*|session_ttl|session_duration)$/;

/** A shorter time to notice and to go back; a bar that is lower. */
export function findShortened(view: ChangeView, changes: readonly AttributeChange[]): readonly Danger[] {
  const shorter = changes.filter((change) => isKept(view, change) && isLess(view, change));
  const lower = changes.filter(({ path, name, before, after }) => {
    if (/generate_secret|generated?_password/.test(path)) return false;
    const [old, now] = [toAmount(before[0]), toAmount(after[0] ?? "0")];
    if (FLOORS.test(name) || /private_key\.size$/.test(path)) return isOrdered(now, old);
    return CEILINGS.test(name) && (after.length === 0 || isOrdered(old, now));
  });
  return [
    ...describe(
      "audit-off",
      "keeps less:",
      shorter.filter((change) => isLog(view, change)).map(formatChange),
    ),
    ...describe(
      "protection-off",
      "keeps less:",
      shorter.filter((change) => !isLog(view, change)).map(formatChange),
    ),
    ...describe("protection-off", "asks for less:", lower.map(formatChange)),
  ];
}

function isLog(view: ChangeView, { name }: AttributeChange): boolean {
  return isAudit(view) || /log|trail|audit/.test(view.type) || LOG_NAMES.test(name);
}

/** Inputs of modules, which say in their own name what is kept. */
const LOG_NAMES = /^(?!.*(?:backup|snapshot)).*(?:^|_)(?:logs?|logging|audit\w*|trail|cloudwatch)_/;

function isKept({ type }: ChangeView, { path, name }: AttributeChange): boolean {
  return name === "ttl" ? /schedule|backup/.test(type) : KEPT.test(name) || KEPT_PATHS.test(path);
}

/** Nought is for ever where it is about logs. */
function isLess({ type }: ChangeView, { before, after }: AttributeChange): boolean {
  const [old, now] = [toAmount(before[0]), toAmount(after[0] ?? "0")];
  if (old === undefined || now === undefined) return false;
  return isOrdered(now, old) || (old.value === 0 && now.value > 0 && /log/.test(type));
}

interface Amount {
  readonly value: number;
  readonly isTime: boolean;
}

/** `7`, `604800s`, `7d`, `720h0m0s`, `P30D`; times in seconds. */
function toAmount(text: string | undefined): Amount | undefined {
  if (text === undefined || text.length > 30) return undefined;
  if (/^\d+(?:\.\d+)?$/.test(text)) return { value: Number(text), isTime: false };
  const parts = [
    ...text
      .toLowerCase()
      .replace(/^pt?/, "")
      .matchAll(/(\d+)([smhdwy])/g),
  ];
  if (
    parts.length === 0 ||
    parts.map(([all]) => all).join("").length !== text.toLowerCase().replace(/^pt?/, "").length
  )
    return undefined;
  const value = parts.reduce(
    (sum, [, digits, unit]) => sum + Number(digits) * (SECONDS.get(unit ?? "") ?? 0),
    0,
  );
  return { value, isTime: true };
}

const SECONDS: ReadonlyMap<string, number> = new Map([
  ["s", 1],
  ["m", 60],
  ["h", 3600],
  ["d", 86_400],
  ["w", 604_800],
  ["y", 31_536_000],
]);

/** Amounts of another kind do not compare, but that nought is less than all. */
function isOrdered(less: Amount | undefined, more: Amount | undefined): boolean {
  if (less === undefined || more === undefined) return false;
  return less.value < more.value && (less.isTime === more.isTime || less.value === 0);
}
