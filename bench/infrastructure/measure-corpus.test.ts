// SPDX-License-Identifier: Apache-2.0
import { expect, it } from "vitest";
import { type Answer, formatCorpusReport, measureCorpus } from "./measure-corpus.ts";
import { type CorpusCase, readCorpus } from "./read-corpus.ts";

const answerOf = (one: CorpusCase): Answer[] =>
  one.expect.map((wanted) => ({ ...wanted, path: [...one.before.keys(), ...one.after.keys()][0] ?? "" }));
const bucket = {
  path: "a.tf",
  kind: "terraform",
  type: "aws_s3_bucket",
  name: "a",
  category: "data",
  action: "update",
  dangers: ["protection-off"],
};
const one: CorpusCase = {
  id: "case",
  file: "a.yaml",
  benign: false,
  source: "source",
  why: "because",
  before: new Map([["a.tf", "1"]]),
  after: new Map([["a.tf", "2"]]),
  expect: [{ ...bucket, also: ["audit-off"] }],
};

it("finds nothing to blame in an answer that is the label itself", () => {
  const corpus = readCorpus().filter((each) => each.expect.every((wanted) => !each.after.has(wanted.name)));
  const report = measureCorpus(corpus, answerOf);
  expect(report).toMatchObject({ misses: [], falseAlarms: [], otherDifferences: [] });
  expect(report.benign.calledDangerous).toBe(0);
});

it("counts and names what is missed, what is too much and what has another category", () => {
  expect(measureCorpus([one], () => []).misses).toEqual([
    "case: aws_s3_bucket.a: not found (data)",
    "case: aws_s3_bucket.a: protection-off",
  ]);
  const other = { ...bucket, category: "iam", dangers: ["audit-off", "cidr-opened"], action: "replace" };
  const report = measureCorpus([one], () => [other, { ...bucket, name: "b" }]);
  expect(report.misses).toEqual([
    "case: aws_s3_bucket.a: category iam, expected data",
    "case: aws_s3_bucket.a: protection-off",
  ]);
  expect(report.falseAlarms).toEqual([
    "case: aws_s3_bucket.a: cidr-opened",
    "case: aws_s3_bucket.b (data) is not touched protection-off",
  ]);
  expect(report.otherDifferences).toEqual(["case: aws_s3_bucket.a: action replace, expected update"]);
  expect(formatCorpusReport(report)).toContain("protection-off         precision    0.0 %  recall    0.0 %");
});

it("takes a widening beside a wildcard for neither right nor wrong", () => {
  const wildcard = { ...one, expect: [{ ...bucket, dangers: ["wildcard-action"], also: [] }] };
  const said = { ...bucket, dangers: ["wildcard-action", "privilege-widened"] };
  expect(measureCorpus([wildcard], () => [said])).toMatchObject({ misses: [], falseAlarms: [] });
});

it("takes a file's name for everything of its kind in the file", () => {
  const path = ".github/workflows/a.yml";
  const label = { ...bucket, kind: "workflow", type: "workflow", name: path, category: "pipeline", also: [] };
  const workflow = { ...one, before: new Map([[path, "1"]]), after: new Map([[path, "2"]]), expect: [label] };
  const jobs = ["test", "deploy"].map((name) => ({ ...label, path, type: "job", name }));
  expect(measureCorpus([workflow], () => jobs)).toMatchObject({ misses: [], falseAlarms: [] });
});
