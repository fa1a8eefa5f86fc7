// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { InfrastructureKind } from "../resource.ts";
import { askTested } from "./ask-tested.fixture.ts";
import { findTested } from "./find-tested.ts";
import type { Tested } from "./tested.ts";

/** What is said of so many files of one kind beside these, and the processor seconds that it took. */
function askMany(kind: InfrastructureKind, count: number, files: Readonly<Record<string, string>>) {
  const subjects = Array.from({ length: count }, (_, i) => ({ path: `m${i}/x${EXTENSIONS[kind]}`, kind }));
  const paths = [...Object.keys(files), ...subjects.map(({ path }) => path)];
  const before = process.cpuUsage();
  const finding = findTested(subjects, { paths, links: new Set() });
  let step = finding.next();
  while (step.done !== true)
    step = finding.next(new Map(step.value.map((path) => [path, files[path] ?? ""])));
  const said: readonly Tested[] = step.value;
  return { tested: new Set(said.map((each) => each.tested)), seconds: process.cpuUsage(before).user / 1e6 };
}

const EXTENSIONS: Partial<Record<InfrastructureKind, string>> = { terraform: ".tf", kubernetes: ".yaml" };
const times = (count: number, make: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => make(n)).join("");
const named = (count: number, name: (n: number) => string, text: (n: number) => string) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [name(n), text(n)]));
const pipeline = (count: number, command: (n: number) => string) =>
  `on: push\njobs:\n  a:\n    steps:\n${times(count, (n) => `      - run: ${command(n)}\n`)}`;

it("calls it unknown where more tests are than are held against each resource, and is done in time", () => {
  const run = (n: number) =>
    `run "r${n}" {\n  override_module {\n    target = module.m${n}\n  }\n  assert {\n    condition = var.a == 1\n  }\n}\n`;
  const { tested, seconds } = askMany("terraform", 3000, { "a.tftest.hcl": times(2100, run) });
  expect([...tested]).toEqual(["unknown"]);
  expect(seconds).toBeLessThan(5);
});

it("takes runs of a file that plan the same for one", () => {
  const run = (n: number) => `run "r${n}" {\n  assert {\n    condition = var.a == 1\n  }\n}\n`;
  expect([...askMany("terraform", 3000, { "a.tftest.hcl": times(3000, run) }).tested]).toEqual(["no"]);
});

it.each<[string, (n: number) => string]>([
  ["words that name nothing", () => `kubeconform ${times(45, (n) => `m${n}/gone${n} `)}`],
  ["stars that fit nothing", () => `kubeconform ${times(45, (n) => `**/a*b*${n} `)}`],
])("is done in time with pipelines full of %s", (_name, command) => {
  const files = named(
    20,
    (n) => `.github/workflows/${n}.yml`,
    () => pipeline(100, command),
  );
  const { tested, seconds } = askMany("kubernetes", 5000, files);
  expect([...tested]).toEqual(["unknown"]);
  expect(seconds).toBeLessThan(5);
});

it("calls it unknown where a build goes through more than is looked at", () => {
  const bases = named(
    60,
    (n) => `k${n}/kustomization.yaml`,
    (n) => `resources: [../m${n}/x.yaml]\n`,
  );
  const files = {
    ...bases,
    ".gitlab-ci.yml": `a:\n  script:\n${times(60, (n) => `    - kustomize build k${n} | kubeconform\n`)}`,
  };
  expect([...askMany("kubernetes", 60, files).tested].sort()).toEqual(["unknown", "yes"]);
});

describe("hostile texts", () => {
  it.each<[string, InfrastructureKind, Readonly<Record<string, string>>]>([
    [
      "a long word in an assertion",
      "terraform",
      { "a.tftest.hcl": `run "a" {\n assert {\n condition = ${"a-".repeat(100_000)}\n}\n}\n` },
    ],
    [
      "functions that are never closed",
      "terraform",
      {
        "a_test.go": `gruntwork-io/terratest .Apply( TerraformDir: x\n${"func TestA(t *testing.T) {\n".repeat(8000)}`,
      },
    ],
    [
      "folders by thousands of names",
      "terraform",
      {
        "a_test.go": `gruntwork-io/terratest .Apply(\nfunc TestA(t *testing.T) {\n${"TerraformDir: x,\n".repeat(12_000)}}\n`,
      },
    ],
    [
      "a command of thousands of words",
      "kubernetes",
      { ".github/workflows/check.yml": pipeline(1, () => `kubeconform ${"a* ".repeat(50_000)}`) },
    ],
    ["a chart's comments", "helm", { "Chart.yaml": "", "templates/a.yaml": `{{/* ${"*/ ".repeat(60_000)}` }],
  ])("takes no time for %s", (_name, kind, files) => {
    const before = process.cpuUsage();
    expect(askTested("main.tf", kind, { "main.tf": "", ...files }).tested).not.toBe("yes");
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(2);
  });
});
