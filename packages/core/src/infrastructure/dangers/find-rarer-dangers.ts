// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";
import { toRunsPerYear } from "./cron-runs.ts";
import { isBackup } from "./find-paused-dangers.ts";

const SCHEDULES =
  /(?:^|_)(?:schedules?|schedule_expression|cron|cron_expression|schedule_cron|start_time_cron)$/;
const BACKED_UP = /backup|snapshot|dump/;

/** Backups that are made more rarely: what is lost is what came since the last one. */
export function findRarerDangers(view: ChangeView): readonly Danger[] {
  if (view.isCreated || view.isDeleted) return [];
  const rarer = view.changes.filter(isRarer);
  const ofBackup =
    rarer.length === 0 || isBackup(view) ? rarer : rarer.filter(({ path }) => BACKED_UP.test(path));
  return describe("protection-off", "is backed up more rarely:", ofBackup.map(formatChange));
}

function isRarer({ name, before, after }: AttributeChange): boolean {
  if (!SCHEDULES.test(name) || before.length === 0 || after.length === 0) return false;
  const [old, now] = [before, after].map((texts) =>
    texts.reduce((sum, text) => sum + (toRunsPerYear(text) ?? Number.NaN), 0),
  );
  // At another hour is not more rarely; what is counted here is about.
  return old !== undefined && now !== undefined && now < old * 0.8;
}
