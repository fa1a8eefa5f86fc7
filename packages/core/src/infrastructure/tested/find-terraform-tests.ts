// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import {
  type Coverage,
  type FindsCoverage,
  limitCandidates,
  openCoverage,
  type TestSubject,
  type TestTree,
} from "./coverage.ts";
import { folderOf, isInside, nameOf, resolveFrom } from "./folders.ts";
import type { Reached, TerraformModules } from "./terraform-modules.ts";
import { readTerraformRuns, type TerraformRun } from "./terraform-runs.ts";

const TEST_FILE = /\.(?:tftest|tofutest)\.(?:hcl|json)$/;

/**
 * Test files of `terraform test` and `tofu test`: they stand in a module's folder or in `tests` beside it, not deeper; a run plans that
 * folder, or the one that its `module` block names, relative to that folder
 * (developer.hashicorp.com/terraform/language/tests).
 */
export function* findTerraformTests({ paths, links }: TestTree, modules: TerraformModules): FindsCoverage {
  const candidates = paths.filter((path) => TEST_FILE.test(path));
  const { read, open } = limitCandidates(candidates, isTerraform);
  const found: Coverage[] = [...open, ...findLinked(links)];
  if (read.length === 0) return found;
  const texts = yield read;
  const planned: Planned[] = [];
  for (const path of read) {
    const root = findRoot(path, modules);
    const text = texts.get(path);
    const runs = text === undefined ? undefined : readTerraformRuns(path, text);
    if (runs === undefined) found.push(openCoverage(path, "a test that cannot be read", isTerraform));
    else if (root === undefined && runs.length > 0) found.push(toElsewhere(path));
    else planned.push(...runs.flatMap((run) => toPlanned(path, root ?? "", run)));
  }
  yield* modules.load(planned.map(({ start }) => start));
  return [...found, ...distinct(planned).flatMap((run) => toRunCoverages(run, modules))];
}

/** `tests` may be a link to where they are. */
function findLinked(links: ReadonlySet<RepoPath>): readonly Coverage[] {
  return [...links]
    .filter((path) => TEST_FILE.test(path) || nameOf(path) === "tests")
    .map((path) =>
      openCoverage(
        path,
        "a link, behind which there may be tests",
        (subject) => isTerraform(subject) && isInside(subject.path, folderOf(path)),
      ),
    );
}

/** The folder that the test is run in; undefined where no `terraform test` looks for it without being told. */
function findRoot(path: RepoPath, { isModule }: TerraformModules): string | undefined {
  const folder = folderOf(path);
  const above = folderOf(folder);
  if (nameOf(folder) === "tests" && (isModule(above) || !isModule(folder))) return above;
  return isModule(folder) || folder === "" ? folder : undefined;
}

function toElsewhere(path: RepoPath): Coverage {
  const reason = "stands where terraform test looks only if it is told to";
  return openCoverage(path, reason, isTerraform);
}

/** A run and the folder that it plans. */
interface Planned {
  readonly path: RepoPath;
  readonly run: TerraformRun;
  readonly start: string;
}

function toPlanned(path: RepoPath, root: string, run: TerraformRun): readonly Planned[] {
  const start = run.source === null ? root : resolveFrom(root, run.source);
  return start === undefined ? [] : [{ path, run, start }];
}

/** Of runs of one file that plan the same, one says it all. */
function distinct(planned: readonly Planned[]): readonly Planned[] {
  const byPlan = new Map<string, Planned>();
  for (const each of planned) {
    const key = JSON.stringify([each.path, each.start, [...each.run.overridden].sort()]);
    if (!byPlan.has(key)) byPlan.set(key, each);
  }
  return [...byPlan.values()];
}

function toRunCoverages({ path, run, start }: Planned, modules: TerraformModules): readonly Coverage[] {
  const what = run.source === null ? "" : ` of ${start === "" ? "." : start}`;
  return toCoverages(
    path,
    `run ${JSON.stringify(run.name)}${what}`,
    start,
    modules.reach(start, run.overridden),
  );
}

/** What a run in a folder exercises, and what is left open where its calls cannot be told. */
export function toCoverages(
  path: RepoPath,
  what: string,
  start: string,
  { folders, unread }: Reached,
): readonly Coverage[] {
  const covers = (subject: TestSubject) =>
    folders.has(folderOf(subject.path)) && isPlanned(subject, start) && isTerraform(subject);
  const sure = { path, reason: what, isSure: true, covers };
  if (unread === undefined) return [sure];
  return [sure, openCoverage(unread, "nobody can tell which modules it calls", isTerraform)];
}

export function isTerraform({ kind }: TestSubject): boolean {
  return kind === "terraform";
}

/** Of values only those that are loaded without being named, and only where the run starts. */
function isPlanned({ path }: TestSubject, start: string): boolean {
  if (/\.(?:tf|tofu)(?:\.json)?$/.test(path)) return true;
  return folderOf(path) === start && /^(?:terraform|.*\.auto)\.tfvars(?:\.json)?$/.test(nameOf(path));
}
