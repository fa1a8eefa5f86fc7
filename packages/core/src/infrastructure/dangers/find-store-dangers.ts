// SPDX-License-Identifier: Apache-2.0
import type { Danger, DangerCode } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";

interface StoreRule {
  readonly code: DangerCode;
  readonly verb: string;
  readonly holds: (change: AttributeChange, view: ChangeView) => boolean;
}

const rule = (code: DangerCode, verb: string, holds: StoreRule["holds"]): StoreRule => ({
  code,
  verb,
  holds,
});

const RULES: readonly StoreRule[] = [
  rule(
    "protection-off",
    "acknowledges by fewer copies:",
    ({ path, before, after }) => SYNCHRONOUS.test(path) && isLess(after[0], before[0]),
  ),
  rule(
    "protection-off",
    "keeps less:",
    ({ path, before, after }) => KEPT.test(path) && isLess(after[0], before[0], true),
  ),
  rule(
    "protection-off",
    "talks in plain text:",
    ({ path, before, after }) =>
      /(?:^|\.)tls\.self_signed_certificate\.disabled$/.test(path) &&
      after.includes("true") &&
      !before.includes("true"),
  ),
  rule("protection-off", "is backed up in part only:", isLeftOut),
  rule(
    "protection-off",
    "may be deleted with its object:",
    ({ name, before, after }) =>
      name === "management_policies" &&
      DELETES.test(after.join()) &&
      before.length > 0 &&
      !DELETES.test(before.join()),
  ),
  rule(
    "data-store-replaced",
    "keeps its data no longer than itself:",
    ({ path, before, after }) =>
      /(?:^|\.)storage(?:\.volumes)?\.type$/.test(path) &&
      before.some((text) => text !== "ephemeral") &&
      count(after, "ephemeral") > count(before, "ephemeral"),
  ),
  rule(
    "data-store-replaced",
    "claims other volumes:",
    ({ path, before, after }) =>
      /(?:^|\.)volume_claim_templates\.(?:spec\.storage_class_name|metadata\.name)$/.test(path) &&
      before.length > 0 &&
      after.some((text) => !before.includes(text)) &&
      after.length === before.length,
  ),
];

const SYNCHRONOUS =
  /(?:^|\.)(?:min_sync_replicas|max_sync_replicas|synchronous_node_count|synchronous\.number|min\.insync\.replicas|min_insync_replicas|write_concern_majority_count)$/;
const KEPT =
  /(?:^|\.)(?:retention\.(?:ms|bytes)|retention_(?:ms|bytes)|log\.retention\.(?:hours|ms|bytes|minutes))$/;
const DELETES = /(?:^|,)(?:\*|Delete)(?:,|$)/;
const count = (texts: readonly string[], text: string) => texts.filter((each) => each === text).length;

/** What operators of data stores are told: how many copies say yes, how long records stay, what is backed up. */
export function findStoreDangers(view: ChangeView): readonly Danger[] {
  if (view.isCreated || view.isDeleted) return [];
  return RULES.flatMap(({ code, verb, holds }) =>
    describe(code, verb, view.changes.filter((change) => holds(change, view)).map(formatChange)),
  );
}

/** Less than nought is without an end. */
function isLess(now: string | undefined, old: string | undefined, isEndless = false): boolean {
  const [less, more] = [Number(now ?? Number.NaN), Number(old ?? Number.NaN)];
  if (Number.isNaN(less) || Number.isNaN(more)) return false;
  if (isEndless && less < 0) return false;
  return less < more || (isEndless && more < 0 && less >= 0);
}

const BACKUPS = /^(?:velero\.io|k8up\.io|stash\.appscode\.com|postgresql\.cnpg\.io|longhorn\.io)\//;

/** Velero and its like: what is named as left out, what is no longer named, volumes that are not copied. */
function isLeftOut({ path, before, after }: AttributeChange, view: ChangeView): boolean {
  const api = view.after.find((each) => each.path === "api_version")?.text ?? "";
  if (!BACKUPS.test(api)) return false;
  if (/(?:^|\.)(?:snapshot_volumes|default_volumes_to_fs_backup)$/.test(path))
    return after.includes("false") && !before.includes("false");
  if (
    /(?:^|\.)excluded_(?:namespaces|resources|cluster_scoped_resources|namespace_scoped_resources)$/.test(
      path,
    )
  )
    return after.some((text) => !before.includes(text));
  return (
    /(?:^|\.)(?:included_(?:namespaces|resources)|label_selector\.match_labels\.\S+)$/.test(path) &&
    after.length > 0 &&
    !after.includes("*") &&
    (before.length === 0 || before.some((text) => !after.includes(text)))
  );
}
