// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import { type CheckCall, findCheckCalls } from "./check-calls.ts";
import { CHECK_TOOLS } from "./check-tools.ts";
import { openPathTree, type PathTree, toCheckedPaths } from "./checked-paths.ts";
import {
  type Coverage,
  type FindsCoverage,
  limitCandidates,
  openCoverage,
  type TestSubject,
  type TestTree,
} from "./coverage.ts";
import { hasPolicy, readPolicies } from "./find-policies.ts";
import { isInside, resolveFrom } from "./folders.ts";
import { readKustomized } from "./kustomize-folders.ts";

const PIPELINE =
  /(?:^|\/)(?:\.(?:github|gitea|forgejo)\/(?:workflows)\/[^/]+|\.circleci\/[^/]+|\.(?:woodpecker|buildkite)\/[^/]+|[^/]*\.?gitlab-ci|azure-pipelines[^/]*|bitbucket-pipelines|\.travis|\.drone|\.woodpecker|buildspec|cloudbuild)\.ya?ml$/;

/** Checks that a pipeline runs over files: schemas of Kubernetes, policies of conftest, charts that are installed to be tried. */
export function* findWorkflowChecks({ paths }: TestTree): FindsCoverage {
  const isOf = ({ kind }: TestSubject) => CHECK_TOOLS.some(({ kinds }) => kinds.has(kind));
  const { read, open } = limitCandidates(
    paths.filter((path) => PIPELINE.test(path)),
    isOf,
  );
  if (read.length === 0) return open;
  const texts = yield read;
  const all = read.flatMap((path) => findCheckCalls(path, texts));
  const calls = all.slice(0, MOST_CALLS);
  const beyond = all
    .slice(MOST_CALLS, MOST_CALLS + 1)
    .map(({ path }) =>
      openCoverage(path, `has one of ${all.length} checks; ${MOST_CALLS} are looked at`, isOf),
    );
  const builds = [...new Set(calls.flatMap(({ built }) => built ?? []))].slice(0, MOST_BUILDS);
  const kustomized = builds.length === 0 ? new Map() : yield* readKustomized(builds, paths);
  const policies = yield* readPolicies(calls, paths);
  const unread = read
    .filter((path) => texts.get(path) === undefined)
    .map((path) => openCoverage(path, "a pipeline that cannot be read", isOf));
  const tree = openPathTree(paths);
  const around = { tree, kustomized, policies };
  return [...open, ...unread, ...beyond, ...calls.flatMap((call) => toCoverage(call, around))];
}

/** In all pipelines: each looks for its paths in the tree. */
const MOST_CALLS = 200;
/** Each goes through all that its folder builds on. */
const MOST_BUILDS = 50;

interface Checked {
  readonly tree: PathTree;
  readonly kustomized: ReadonlyMap<string, ReadonlySet<RepoPath>>;
  readonly policies: ReadonlyMap<RepoPath, string>;
}

function toCoverage(call: CheckCall, around: Checked): readonly Coverage[] {
  const { path, tool, command, built, isPlain } = call;
  const reason = command.stages
    .map((stage) => stage.join(" "))
    .join(" | ")
    .slice(0, 160);
  const isKind = ({ kind }: TestSubject) => tool.kinds.has(kind);
  const open = openCoverage(path, `nobody can tell what this checks: ${reason}`, isKind);
  if (!command.isBinding)
    return [openCoverage(path, `not run by itself, or free to fail: ${reason}`, isKind)];
  if (!isPlain || !hasPolicy(call, around.policies)) return [open];
  // Of kinds whose schema is not known, as those of a mesh, it then says nothing.
  const isLenient = call.args.some((word) => /^--?ignore-missing-schemas/.test(word));
  const sure = (covers: (path: RepoPath) => boolean): Coverage => ({
    path,
    reason,
    isSure: true,
    covers: (subject) => isKind(subject) && covers(subject.path) && !(isLenient && subject.kind === "mesh"),
  });
  if (tool.name === "ct") return toCharts(call, sure) ?? [open];
  if (built !== undefined) {
    const files = around.kustomized.get(built);
    return [files === undefined ? open : sure((each) => files.has(each))];
  }
  const checked = toCheckedPaths(call.args, command.folder, { tree: around.tree, valued: tool.valued });
  return [
    ...(checked.isAny ? [sure(checked.covers)] : []),
    ...(checked.isOpen || !checked.isAny ? [open] : []),
  ];
}

/** Charts that lie in the folders it is told of; `charts` where it is told of none. */
function toCharts(
  { args, command }: CheckCall,
  sure: (covers: (path: RepoPath) => boolean) => Coverage,
): readonly Coverage[] | undefined {
  const wordAfter = (name: string) => {
    const at = args.findIndex((word) => word === name || word.startsWith(`${name}=`));
    return at < 0 ? undefined : (args[at]?.split("=")[1] ?? args[at + 1] ?? "");
  };
  const charts = wordAfter("--charts");
  const given = charts ?? wordAfter("--chart-dirs") ?? "charts";
  const folders = given.split(",").flatMap((each) => resolveFrom(command.folder ?? "", each) ?? []);
  if (command.folder === undefined || /[$`]/.test(given)) return undefined;
  return [sure((path) => folders.some((folder) => path !== folder && isInside(path, folder)))];
}
