// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";
import { isAudit } from "./find-gone-guardian.ts";

const PAUSES = /^(?:suspend|suspended|paused|hibernat\w*|is_paused)$/;
const RUNS = /^(?:enabled|is_enabled|state|status)$/;
const STOPPED = /^(?:false|disabled|paused|inactive|stopped)$/i;
const BACKUP = /backup|snapshot|dump|restic|velero|replicat|archiv|\brotat/i;
const SCHEDULED = /cron_job|^job$|schedule|event_rule|events?_rule|scheduler|scheduled|backup|(?:^|\.)cron$/;
/** What throws entries away before they are kept. */
const EXCLUSIONS = /logging_\w*exclusion|log_exclusion/;
/** Lists of what a log leaves out. */
const LEFT_OUT =
  /(?:^|\.)(?:exclusions?|exclude_management_event_sources|exempted_members|excluded_\w+|exclude_\w+|log_exclusions?)(?:\.|$)/;
const SAMPLED =
  /^(?:flow_sampling|sampling_percentage|sample_rate|sampling_rate|log_sample_rate|fixed_rate)$/;

/** Work that stands still: backups that are not made, jobs that do not run, events that are thrown away. */
export function findPausedDangers(view: ChangeView): readonly Danger[] {
  if (view.isDeleted) return [];
  const stopped = view.changes.filter((change) => isStopped(view, change)).map(formatChange);
  const code = isBackup(view) ? "protection-off" : "capacity-removed";
  return [
    ...(SCHEDULED.test(view.type) ? describe(code, "no longer runs:", stopped) : []),
    ...(EXCLUSIONS.test(view.type) && (view.isCreated || view.changes.some(({ name }) => name === "filter"))
      ? [{ code: "audit-off" as const, reason: "entries that match are thrown away" }]
      : []),
    ...describe(
      "audit-off",
      "leaves out of the log:",
      view.changes.filter((change) => isLeftOut(view, change)).map(formatChange),
    ),
    ...(view.isCreated
      ? []
      : describe("audit-off", "logs a part only:", view.changes.filter(isSampled).map(formatChange))),
  ];
}

function isStopped(view: ChangeView, { path, name, before, after }: AttributeChange): boolean {
  if (view.isCreated || path.split(".").length > 2) return false;
  if (PAUSES.test(name)) return after.includes("true") && !before.includes("true");
  if (view.pair.after?.kind === "ansible")
    return (
      (name === "state" && after.includes("absent") && !before.includes("absent")) ||
      (name === "disabled" &&
        after.some((text) => /^(?:true|yes)$/i.test(text)) &&
        !before.some((text) => /^(?:true|yes)$/i.test(text)))
    );
  return (
    RUNS.test(name) &&
    before.length > 0 &&
    after.some((text) => STOPPED.test(text)) &&
    !before.some((text) => STOPPED.test(text))
  );
}

/** Whether what it does is to keep copies. */
export function isBackup({ type, pair, after }: ChangeView): boolean {
  if (BACKUP.test(type) || BACKUP.test(pair.after?.name ?? "") || type === "schedule") return true;
  return after.some(
    ({ name, text }) => /^(?:name|image|description|arn|task)$/.test(name) && BACKUP.test(text),
  );
}

function isLeftOut(view: ChangeView, { path, before, after }: AttributeChange): boolean {
  const isLog =
    isAudit(view) || /audit_config|logging/.test(view.type) || /(?:^|\.)(?:log|audit)\w*\./.test(path);
  return (
    isLog &&
    !EXCLUSIONS.test(view.type) &&
    !view.isCreated &&
    LEFT_OUT.test(path) &&
    after.length > before.length
  );
}

function isSampled({ name, before, after }: AttributeChange): boolean {
  return SAMPLED.test(name) && before.length > 0 && after.length > 0 && Number(after[0]) < Number(before[0]);
}
