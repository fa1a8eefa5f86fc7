// SPDX-License-Identifier: Apache-2.0

import type { ChangedFile } from "../change.ts";
import { foldPath } from "../classify/path-glob.ts";
import type { Rule } from "../rule.ts";
import type { Finding } from "../verdict.ts";

const ABSENT = /^0+$/;
// Line feeds and other controls, bidirectional and invisible characters, and bytes that are not UTF-8.
const MISLEADING = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\udc80-\udcff]/u;

/** Paths that a person takes for others: twins in case or Unicode form, and names that do not show as they are (T43). */
export const suspiciousPath: Rule = {
  name: "suspicious-path",
  evaluate(context) {
    const present = context.facts.files.filter((file) => !ABSENT.test(file.newMode));
    const gone = new Set(
      context.facts.files.filter((file) => ABSENT.test(file.newMode)).map((file) => file.path),
    );
    const twins = [
      ...findTwins(present).map((group) =>
        toTwinFinding(
          group,
          group.map((file) => file.path),
        ),
      ),
      ...present.flatMap((file) => {
        const others = (file.twins ?? []).filter((path) => !gone.has(path));
        return others.length === 0 ? [] : [toTwinFinding([file], [file.path, ...others])];
      }),
    ];
    const misleading = present.filter((file) => MISLEADING.test(file.path));
    if (misleading.length === 0) return twins;
    const reason = `${misleading.length} path(s) hold control, invisible or malformed characters, such as ${JSON.stringify(misleading[0]?.path)}; rename them`;
    return [...twins, toFinding(misleading, reason)];
  },
};

/** Groups of paths that differ only in what some file systems ignore. */
function findTwins(files: readonly ChangedFile[]): readonly (readonly ChangedFile[])[] {
  const groups = new Map<string, ChangedFile[]>();
  for (const file of files) {
    const key = foldPath(file.path);
    groups.set(key, [...(groups.get(key) ?? []), file]);
  }
  return [...groups.values()].filter((group) => new Set(group.map((file) => file.path)).size > 1);
}

function toTwinFinding(files: readonly ChangedFile[], paths: readonly string[]): Finding {
  const names = paths.map((path) => JSON.stringify(path)).join(" and ");
  return toFinding(files, `${names} are one file on systems that ignore case or Unicode form; rename one`);
}

/** In a class that the policy names the confusion is an attack until shown otherwise; elsewhere it is a warning. */
function toFinding(files: readonly ChangedFile[], reason: string): Finding {
  const isClassed = files.some((file) => file.classes.length > 0);
  return {
    rule: "suspicious-path",
    status: isClassed ? "fail" : "warning",
    reason,
    commits: [],
    files: files.map((file) => file.path),
    missing: null,
  };
}
