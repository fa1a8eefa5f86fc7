// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";
import { toRunsPerYear } from "./cron-runs.ts";
import { isBackup } from "./find-paused-dangers.ts";

const SCHEDULES =
  /(?:^|_)(?:schedules?|schedule_expression|cron|cron_expression|schedule_cron|start_time_cron)$/;
/** Time between two of them. */
const INTERVALS = /^(?:interval|(?:hours|days|weeks)_in_cycle|(?:backup|snapshot)_interval\w*)$/;
const FREQUENCIES = ["hourly", "daily", "weekly", "monthly"];
const LIFECYCLES = /dlm_lifecycle|dlm::/;
const BACKED_UP = /backup|snapshot|dump/;

/** Backups that are made more rarely: what is lost is what came since the last one. */
export function findRarerDangers(view: ChangeView): readonly Danger[] {
  if (view.isCreated || view.isDeleted) return [];
  const rarer = view.changes.filter(isRarer);
  const ofBackup =
    rarer.length === 0 || isBackup(view) || LIFECYCLES.test(view.type)
      ? rarer
      : rarer.filter(({ path }) => BACKED_UP.test(path));
  return describe("protection-off", "is backed up more rarely:", ofBackup.map(formatChange));
}

function isRarer({ name, before, after }: AttributeChange): boolean {
  if (INTERVALS.test(name)) return Number(after[0]) > Number(before[0]);
  if (/(?:^|_)frequency$/.test(name)) {
    const [old, now] = [before[0], after[0]].map((text = "") => FREQUENCIES.indexOf(text.toLowerCase()));
    return old !== undefined && now !== undefined && old >= 0 && now > old;
  }
  if (!SCHEDULES.test(name) || before.length === 0 || after.length === 0) return false;
  const [old, now] = [before, after].map((texts) =>
    texts.reduce((sum, text) => sum + (toRunsPerYear(text) ?? Number.NaN), 0),
  );
  // At another hour is not more rarely; what is counted here is about.
  return old !== undefined && now !== undefined && now < old * 0.8;
}
