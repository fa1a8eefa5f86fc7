// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import {
  type Coverage,
  type FindsCoverage,
  limitCandidates,
  openCoverage,
  type TestTree,
} from "./coverage.ts";
import { isTerraform, toCoverages } from "./find-terraform-tests.ts";
import { folderOf, resolveFrom } from "./folders.ts";
import type { TerraformModules } from "./terraform-modules.ts";
import { readTerratestFile, type TerratestFile } from "./terratest-file.ts";

/** What `go test` never compiles (pkg.go.dev/cmd/go, package lists). */
const NOT_BUILT = /(?:^|\/)(?:[._][^/]*|testdata|vendor|node_modules)(?:\/|$)/;

/** Go tests that apply or plan a folder with Terratest. */
export function* findTerratests({ paths }: TestTree, modules: TerraformModules): FindsCoverage {
  const candidates = paths.filter((path) => path.endsWith("_test.go") && !NOT_BUILT.test(path));
  const { read, open } = limitCandidates(candidates.toSorted(byLikelihood), isTerraform);
  const found: Coverage[] = [...open];
  if (read.length === 0) return found;
  const texts = yield read;
  const applied: (readonly [path: RepoPath, folder: string])[] = [];
  for (const path of read) {
    const text = texts.get(path);
    const { folders, isOpen } = text === undefined ? UNREAD : readTerratestFile(text);
    if (isOpen)
      found.push(
        openCoverage(
          path,
          "Terratest that cannot be read, or in a folder that is computed as it runs",
          isTerraform,
        ),
      );
    for (const folder of new Set(folders)) {
      const start = resolveFrom(folderOf(path), folder);
      if (start !== undefined && modules.isModule(start)) applied.push([path, start]);
    }
  }
  yield* modules.load(applied.map(([, start]) => start));
  return [
    ...found,
    ...applied.flatMap(([path, start]) =>
      toCoverages(path, `Terratest of ${start === "" ? "." : start}`, start, modules.reach(start)),
    ),
  ];
}

const UNREAD: TerratestFile = { folders: [], isOpen: true };

/** Go programs of all kinds have tests; those beside Terraform are looked at before the others. */
function byLikelihood(a: RepoPath, b: RepoPath): number {
  return Number(LIKELY.test(b)) - Number(LIKELY.test(a));
}

const LIKELY = /terra|infra|(?:^|\/)tests?\//i;
