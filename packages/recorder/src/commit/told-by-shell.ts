// SPDX-License-Identifier: Apache-2.0
import { isObjectId } from "@countersign/core/ids";
import { parseSettings, type ToldStaged } from "@countersign/git";
import { type HookSettings, toHookSettings } from "./hook-settings.ts";

/** What the shell hook asked Git while we were being started, so that we need not ask again. */
export interface ToldByShell {
  readonly staged: ToldStaged;
  readonly settings: HookSettings;
}

/** Ends what was told, and only where every question was answered. */
const END = "ok";

/**
 * The tree's id and a line end, rows of the configuration, a NUL, rows of the difference, `ok`. A row of the configuration is
 * never empty, so two NULs, or one right after the tree, end them. Undefined for anything else: Git is asked again then.
 */
export function parseTold(bytes: Buffer): ToldByShell | undefined {
  const line = bytes.indexOf(0x0a);
  const tree = bytes.toString("latin1", 0, Math.max(line, 0));
  if (!isObjectId(tree) || bytes.toString("latin1", bytes.length - END.length) !== END) return undefined;
  const start = line + 1;
  const end = bytes[start] === 0 ? start : bytes.indexOf("\0\0", start, "latin1") + 1;
  if (end < start) return undefined;
  return {
    staged: { tree, rows: bytes.subarray(end + 1, bytes.length - END.length) },
    settings: toHookSettings(parseSettings(bytes.subarray(start, end))),
  };
}
