// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { commitFiles } from "./commit-files.ts";
import { measure, readFlushMark } from "./flush-mark.ts";

/** Whether commits were made here that are in no record yet, at the price of some calls of stat(2). */
export function hasUnflushed(gitDir: string): boolean {
  if (!existsSync(commitFiles(gitDir).active)) return false;
  const mark = readFlushMark(gitDir);
  return mark !== undefined && mark.headLog < measure(gitDir).headLog;
}
