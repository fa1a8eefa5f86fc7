// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { realpath } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import type { RepoPath } from "@countersign/core/ids";
import { displayText } from "@countersign/core/render";
import { openRepository } from "@countersign/git";
import { UsageError } from "../exit-code.ts";

/** Where a plan was made, as the caller says it; whether that is true the comparison tells. */
export interface PlanPlace {
  /** Folder of the root module in the repository. */
  readonly root: RepoPath;
  /** The same on this machine, where its providers are installed; where the caller stands, if it is not here. */
  readonly folder: string;
}

/** `from`: where the command that reads the plan runs. Throws UsageError for a `--plan-root` that is no folder of a repository. */
export async function findPlanPlace(from: string, planRoot: string | undefined): Promise<PlanPlace> {
  const top = await findTop(from);
  if (planRoot === undefined)
    return { root: top === undefined ? "" : toRoot(top.workTree, top.folder), folder: from };
  const root = planRoot
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
  if (planRoot.startsWith("/") || root.split("/").includes(".."))
    throw new UsageError(
      `--plan-root ${displayText(planRoot, 500)}: expected a folder as the repository names it, such as infra/prod`,
    );
  const folder = top === undefined ? from : join(top.workTree, root);
  return { root, folder: existsSync(folder) ? folder : from };
}

/** Of the work tree in which a folder lies, whichever repository that is; undefined outside of one. */
async function findTop(
  from: string,
): Promise<{ readonly workTree: string; readonly folder: string } | undefined> {
  try {
    const folder = await realpath(from);
    const { workTree } = await openRepository(folder);
    return workTree === undefined ? undefined : { workTree, folder };
  } catch {
    return undefined;
  }
}

function toRoot(workTree: string, folder: string): RepoPath {
  return relative(resolve(workTree), folder).split(sep).join("/");
}
