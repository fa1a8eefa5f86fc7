// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import { fieldsOf } from "../configuration-value.ts";
import { readYaml } from "../text/yaml-value.ts";
import {
  type Coverage,
  type FindsCoverage,
  limitCandidates,
  openCoverage,
  type TestSubject,
  type TestTree,
} from "./coverage.ts";
import { foldersWith, isInside, nearestOf } from "./folders.ts";

const IN_CHART = new Set(["helm", "kubernetes", "mesh"]);

/** Tests in the charts of touched resources: pods that `helm test` starts, and suites of helm-unittest. */
export function* findChartTests({ paths }: TestTree, subjects: readonly TestSubject[]): FindsCoverage {
  const charts = foldersWith(paths, /^Chart\.yaml$/);
  const chartOf = ({ path, kind }: TestSubject) => (IN_CHART.has(kind) ? nearestOf(path, charts) : undefined);
  const asked = new Set(subjects.flatMap((subject) => chartOf(subject) ?? []));
  if (asked.size === 0) return [];
  const candidates = paths.flatMap((path) => {
    const chart = CANDIDATE.test(path) ? nearestOf(path, charts) : undefined;
    return chart !== undefined && asked.has(chart) && kindOf(path, chart) !== undefined
      ? [{ path, chart }]
      : [];
  });
  const isOf = (subject: TestSubject) => chartOf(subject) !== undefined;
  const { read, open } = limitCandidates(
    candidates.map(({ path }) => path),
    isOf,
  );
  if (read.length === 0) return open;
  const hiding = new Set([...asked].map((chart) => (chart === "" ? IGNORED : `${chart}/${IGNORED}`)));
  const ignored = paths.filter((path) => hiding.has(path));
  const texts = yield [...read, ...ignored];
  const doubtful = ignored.filter((path) => HIDES.test(texts.get(path) ?? "test"));
  if (doubtful.length > 0)
    return doubtful.map((path) => openCoverage(path, "may leave the chart's tests out", isOf));
  return [
    ...open,
    ...candidates.slice(0, read.length).flatMap(({ path, chart }) => {
      const covers = (subject: TestSubject) => chartOf(subject) === chart;
      return toCoverage(path, kindOf(path, chart), texts.get(path), covers);
    }),
  ];
}

const IGNORED = ".helmignore";
/** A line that may name a test, by its folder or by stars. */
const HIDES = /^[ \t]*[^#\s][^\n]*test|^[ \t]*\/?(?:templates|\*+)(?:\/|[ \t]*$)/im;
const CANDIDATE = /\.ya?ml$/;

/** Helm goes by the annotation, whatever a template is called; suites stand where helm-unittest looks by default. */
function kindOf(path: RepoPath, chart: string): "hook" | "suite" | undefined {
  const inner = chart === "" ? path : path.slice(chart.length + 1);
  // Helm renders no file whose name begins so.
  if (isInside(inner, "templates")) return /(?:^|\/)_[^/]*$/.test(inner) ? undefined : "hook";
  return /^tests\/[^/]+_test\.ya?ml$/.test(inner) ? "suite" : undefined;
}

function toCoverage(
  path: RepoPath,
  kind: "hook" | "suite" | undefined,
  text: string | undefined,
  covers: Coverage["covers"],
): readonly Coverage[] {
  if (text === undefined) return [openCoverage(path, "a test that cannot be read", covers)];
  if (kind === "hook")
    return isHook(text) ? [{ path, reason: "helm test runs it", isSure: true, covers }] : [];
  const asserts = countAsserts(text);
  if (asserts === undefined) return [openCoverage(path, "a suite that cannot be read", covers)];
  return asserts > 0 ? [{ path, reason: "a suite of helm-unittest", isSure: true, covers }] : [];
}

const COMMENT = /\{\{-?\s*\/\*(?:.*?\*\/\s*-?\}\}|.*)/gs;
const NEVER = /\{\{-?\s*if\s+false\s*-?\}\}/;
const HOOK = /^[ \t]*["']?helm\.sh\/hook["']?[ \t]*:[ \t]*["']?(?:[\w-]+,[ \t]*)*test(?:-success)?\b(?!-)/m;
const STARTED = /^[ \t]*kind[ \t]*:[ \t]*["']?(?:Pod|Job)\b/m;
const IMAGE = /^[ \t]*(?:-[ \t]*)?image[ \t]*:[ \t]*\S/m;

function isHook(text: string): boolean {
  const live = text.replace(COMMENT, "");
  return HOOK.test(live) && STARTED.test(live) && IMAGE.test(live) && !NEVER.test(live);
}

function countAsserts(text: string): number | undefined {
  const { documents, problems } = readYaml(text);
  if (problems.length > 0) return undefined;
  const tests = documents.flatMap(({ value }) => fieldsOf(value, "tests").flatMap(({ items }) => items));
  return tests.flatMap((test) => fieldsOf(test, "asserts").flatMap(({ items }) => items)).length;
}
