// SPDX-License-Identifier: Apache-2.0
import { type Repository, readSettingsMatching } from "@countersign/git";

/** What a commit needs of Git's configuration, read in one process. */
export interface HookSettings {
  /** countersign.trailer: whether trailers are written. */
  readonly isTrailerWanted: boolean;
  readonly commentChar: string | undefined;
  readonly cleanup: string | undefined;
}

/** For `git config --get-regexp`. */
export const HOOK_SETTINGS = "^(countersign\\.trailer|core\\.comment(char|string)|commit\\.cleanup)$";

export async function readHookSettings(repo: Repository): Promise<HookSettings> {
  return toHookSettings(await readSettingsMatching(repo, new RegExp(HOOK_SETTINGS)));
}

export function toHookSettings(settings: ReadonlyMap<string, string>): HookSettings {
  const trailer = settings.get("countersign.trailer")?.toLowerCase();
  return {
    isTrailerWanted: !["false", "no", "off", "0"].includes(trailer ?? "true"),
    commentChar: settings.get("core.commentstring") ?? settings.get("core.commentchar"),
    cleanup: settings.get("commit.cleanup"),
  };
}
