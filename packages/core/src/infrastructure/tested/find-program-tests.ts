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
import { foldersWith, isInside, nameOf, nearestOf } from "./folders.ts";
import { readProgramTest } from "./program-test.ts";

const TEST = /\.(?:test|spec)\.[cm]?[jt]sx?$|(?:^|\/)test_[^/]+\.py$|_test\.(?:py|go)$/;
const FOREIGN = /(?:^|\/)(?:node_modules|vendor|testdata|\.venv|venv)\//;

/** Unit tests beside programs of Pulumi and CDK. */
export function* findProgramTests({ paths }: TestTree, subjects: readonly TestSubject[]): FindsCoverage {
  const projects = foldersWith(paths, /^(?:Pulumi\.ya?ml|cdk\.json)$/);
  const projectOf = ({ path, kind }: TestSubject) =>
    kind === "pulumi" || kind === "cloudformation" ? nearestOf(path, projects) : undefined;
  const asked = new Set(subjects.flatMap((subject) => projectOf(subject) ?? []));
  if (asked.size === 0) return [];
  const candidates = paths.filter(
    (path) => TEST.test(path) && !FOREIGN.test(path) && asked.has(nearestOf(path, projects) ?? "\0"),
  );
  const { read, open } = limitCandidates(candidates, (subject) => projectOf(subject) !== undefined);
  if (read.length === 0) return open;
  const texts = yield read;
  return [
    ...open,
    ...read.flatMap((path) => {
      const project = nearestOf(path, projects) ?? "";
      const isOf = (subject: TestSubject) =>
        projectOf(subject) === project && isInside(subject.path, project);
      return toCoverage(path, texts.get(path), isOf);
    }),
  ];
}

function toCoverage(path: RepoPath, text: string | undefined, isOf: Coverage["covers"]): readonly Coverage[] {
  const open = (reason: string) => openCoverage(path, reason, isOf);
  if (text === undefined) return [open("a test that cannot be read")];
  const test = readProgramTest(path, text);
  if (test === undefined || (!test.hasMocks && test.stacks.length === 0)) return [];
  if (test.isSkipped) return [open("a test of this program that is skipped, or a part of it")];
  return [
    {
      path,
      reason: test.hasMocks ? "constructs it with mocks" : "looks at the template of its stack",
      isSure: true,
      covers: (subject) => isOf(subject) && isExercised(subject, test),
    },
    open("a test of this program; whether it reaches this part of it is not told"),
  ];
}

function isExercised(
  { path, kind }: TestSubject,
  { hasMocks, stacks, loads }: NonNullable<ReturnType<typeof readProgramTest>>,
): boolean {
  // What CDK writes is named after the stack.
  if (kind === "cloudformation") return stacks.includes(nameOf(path).replace(/\.template\.json$/, ""));
  return hasMocks && loads(path);
}
