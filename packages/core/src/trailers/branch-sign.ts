// SPDX-License-Identifier: Apache-2.0
import { once } from "../ids/once.ts";
import type { ToolDefinition } from "./marker.ts";
import { TOOLS } from "./registry.ts";

const branches = once(() =>
  TOOLS.flatMap((tool) =>
    tool.markers
      .filter(([kind]) => kind === "branch")
      .map(([, pattern]) => ({ tool, test: toTest(pattern) })),
  ),
);

/** `*` one or more characters, `#` twelve or more digits; both linear, anchored at the start. */
function toTest(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+?^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", "\\S+")
    .replaceAll("#", "\\d{12,40}");
  return new RegExp(`^${source}$`);
}

/** The tool that names its branches so; weak, since people choose branch names too. */
export function findBranchTool(branch: string): ToolDefinition | undefined {
  const name = branch.slice(0, 256).replace(/^refs\/(?:heads|remotes\/[^/]+)\//, "");
  return branches().find(({ test }) => test.test(name))?.tool;
}

/** Branches that a merge commit's title names as its source. */
export function findMergedBranches(title: string): readonly string[] {
  const text = title.slice(0, 512);
  const request = /^Merge pull request #\d+ (?:from|in) [^/\s]+\/(\S+)/.exec(text)?.[1];
  if (request !== undefined) return [request];
  const remote = /^Merge remote-tracking branch(?:es)? '[^'/]+\/([^']+)'/.exec(text)?.[1];
  if (remote !== undefined) return [remote];
  const local =
    /^Merge(?:d)? branch(?:es)? '([^']+)'/i.exec(text)?.[1] ??
    /^Merged in (\S+) \(pull request #\d+\)/.exec(text)?.[1];
  return local === undefined ? [] : [local];
}
