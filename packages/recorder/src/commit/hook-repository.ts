// SPDX-License-Identifier: Apache-2.0
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { ObjectFormat } from "@countersign/core/ids";
import type { Repository } from "@countersign/git";
import type { WorkTreePlace } from "../capture/find-work-tree.ts";

/**
 * The repository of a work tree as far as its files tell, without the three processes of `openRepository`: a commit waits
 * for this. A partial clone is not told from a whole one, which only words an error message.
 */
export function toRepository(
  place: WorkTreePlace,
  environment: Readonly<Record<string, string>> = {},
  readAhead: Repository["readAhead"] = undefined,
): Repository {
  const commonDir = findCommonDir(place.gitDir);
  return {
    gitDir: place.gitDir,
    commonDir,
    workTree: place.workTree,
    objectFormat: readFormat(commonDir),
    isShallow: existsSync(join(commonDir, "shallow")),
    isPartial: false,
    environment,
    ...(readAhead === undefined ? {} : { readAhead }),
  };
}

/** gitrepository-layout(5): a linked work tree's directory names the one that all share. */
export function findCommonDir(gitDir: string): string {
  const path = join(gitDir, "commondir");
  return existsSync(path) ? resolve(gitDir, readFileSync(path, "utf8").replace(/\r?\n$/, "")) : gitDir;
}

function readFormat(commonDir: string): ObjectFormat {
  const text = readFileSync(join(commonDir, "config"), "utf8");
  return /^[ \t]*objectformat[ \t]*=[ \t]*"?sha256/im.test(text) ? "sha256" : "sha1";
}
