// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import type { InfrastructureKind } from "../resource.ts";
import {
  type Coverage,
  type FindsCoverage,
  openCoverage,
  type TestSubject,
  type TestTree,
  type Texts,
} from "./coverage.ts";
import { findChartTests } from "./find-chart-tests.ts";
import { findMoleculeTests } from "./find-molecule-tests.ts";
import { findProgramTests } from "./find-program-tests.ts";
import { findTerraformTests } from "./find-terraform-tests.ts";
import { findTerratests } from "./find-terratests.ts";
import { findWorkflowChecks } from "./find-workflow-checks.ts";
import { openTerraformModules } from "./terraform-modules.ts";
import { NOT_TOLD, type TestEvidence, type Tested } from "./tested.ts";

/** Asks for texts in rounds, gets them with `next`, and answers for each subject in its order. */
export type FindsTested = Generator<readonly RepoPath[], readonly Tested[], Texts>;

/** Of other kinds nobody here knows how they would be tested, so that nothing is said of them. */
const KNOWN_KINDS: ReadonlySet<InfrastructureKind> = new Set([
  "terraform",
  "kubernetes",
  "mesh",
  "helm",
  "kustomize",
  "ansible",
  "pulumi",
  "cloudformation",
]);
const MOST_EVIDENCE = 3;

/**
 * Whether a test in this tree exercises each of these. `yes` is never more than a file proves: what is empty, commented out, always
 * skipped, asserts nothing or may fail unnoticed is no test. That somebody runs the tests is not proved; what tests are looked for is
 * told in docs/infrastructure.md.
 */
export function* findTested(subjects: readonly TestSubject[], tree: TestTree): FindsTested {
  const coverages = limitCoverages(yield* findCoverages(subjects, tree));
  const known = new Map<string, Tested>();
  return subjects.map((subject) => {
    if (!KNOWN_KINDS.has(subject.kind)) return NOT_TOLD;
    const key = `${subject.kind} ${subject.path}`;
    const tested = known.get(key) ?? toTested(coverages.filter(({ covers }) => covers(subject)));
    known.set(key, tested);
    return tested;
  });
}

/** Each resource is held against each of them; what lies beyond may test anything. */
const MOST_COVERAGES = 2000;

function limitCoverages(all: readonly Coverage[]): readonly Coverage[] {
  const [beyond] = all.slice(MOST_COVERAGES);
  if (beyond === undefined) return all;
  const reason = `one of ${all.length} tests; ${MOST_COVERAGES} are looked at`;
  return [...all.slice(0, MOST_COVERAGES), openCoverage(beyond.path, reason, () => true)];
}

function* findCoverages(subjects: readonly TestSubject[], tree: TestTree): FindsCoverage {
  const kinds = new Set(subjects.map(({ kind }) => kind));
  const found: (readonly Coverage[])[] = [];
  if (kinds.has("terraform")) {
    const modules = openTerraformModules(tree.paths);
    found.push(yield* findTerraformTests(tree, modules), yield* findTerratests(tree, modules));
  }
  if (kinds.has("ansible")) found.push(yield* findMoleculeTests(tree));
  if ([...kinds].some((kind) => KNOWN_KINDS.has(kind))) found.push(yield* findWorkflowChecks(tree));
  found.push(yield* findChartTests(tree, subjects), yield* findProgramTests(tree, subjects));
  return found.flat();
}

function toTested(coverages: readonly Coverage[]): Tested {
  const sure = coverages.filter(({ isSure }) => isSure);
  if (sure.length > 0) return { tested: "yes", testedBy: toEvidence(sure) };
  if (coverages.length > 0) return { tested: "unknown", testedBy: toEvidence(coverages) };
  return { tested: "no", testedBy: [] };
}

function toEvidence(coverages: readonly Coverage[]): readonly TestEvidence[] {
  const byPath = new Map<RepoPath, string>();
  for (const { path, reason } of coverages) if (!byPath.has(path)) byPath.set(path, reason);
  return [...byPath].slice(0, MOST_EVIDENCE).map(([path, reason]) => ({ path, reason }));
}
