// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import { type AttributeChange, type ChangeView, describe, formatChange } from "./change-view.ts";

/** Services that look for attacks, weaknesses and leaks, with their features, plans, standards and members. */
const DETECTORS =
  /guard_?duty|inspector|macie|security_?hub|detective|defender|security_cent(?:er|re)|threat_detection|web_security_scanner|access_?analyzer|container_scanning|code_scanning|secret_scanning|vulnerability/;
const SWITCHES =
  /(?:^|\.)(?:status|state|enabled?|is_enabled|auto_enable\w*|\w+_status|\w+_enablement)(?:\.\w+)?$/;
const ON = /^(?:true|(?:\w+_)?enabled|all|new|on|active)$/i;
const OFF = /^(?:false|(?:\w+_)?disabled|none|off|paused|suspended|free)$/i;

/** What the service itself records and says is off with it; a part of it is a guard of its own. */
const WHOLE = /(?:detector|account|hub|organization_configuration|configuration)$/;

/** A detector, or a part of one, that looks no longer. */
export function findDetectionDangers(view: ChangeView): readonly Danger[] {
  if (view.isCreated || view.isDeleted || !DETECTORS.test(view.type)) return [];
  const code = WHOLE.test(view.type) ? "audit-off" : "protection-off";
  return describe(code, "no longer looks:", view.changes.filter(isOff).map(formatChange));
}

function isOff({ path, before, after }: AttributeChange): boolean {
  if (!SWITCHES.test(path)) return false;
  const count = (texts: readonly string[], pattern: RegExp) =>
    texts.filter((text) => pattern.test(text)).length;
  return count(before, ON) > count(after, ON) && count(after, OFF) > count(before, OFF);
}
