// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { InfrastructureKind } from "../resource.ts";
import { askTested } from "./ask-tested.fixture.ts";

type Files = Readonly<Record<string, string | null>>;
type Case = readonly [expected: string, name: string, files: Files];
const table = (kind: InfrastructureKind, path: string, cases: readonly Case[], around: Files = {}) =>
  it.each(cases)("%s: %s", (expected, _name, files) => {
    expect(askTested(path, kind, { ...around, ...files }).tested).toBe(expected);
  });

describe("charts", () => {
  const HOOK =
    'apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    "helm.sh/hook": test\nspec:\n  containers:\n    - image: busybox\n';
  const SUITE = "suite: a\ntests:\n  - it: works\n    asserts:\n      - isKind: { of: Deployment }\n";
  table(
    "helm",
    "charts/shop/values.yaml",
    [
      ["yes", "a pod that helm test starts", { "charts/shop/templates/tests/t.yaml": HOOK }],
      ["yes", "a suite of helm-unittest", { "charts/shop/tests/a_test.yaml": SUITE }],
      ["no", "nothing", {}],
      [
        "no",
        "a test of another chart",
        { "charts/other/Chart.yaml": "name: other\n", "charts/other/templates/tests/t.yaml": HOOK },
      ],
      ["no", "an empty test", { "charts/shop/templates/tests/t.yaml": "" }],
      [
        "no",
        "a test that is commented out",
        { "charts/shop/templates/tests/t.yaml": HOOK.replace(/^/gm, "# ") },
      ],
      [
        "no",
        "a test in a comment of the template",
        { "charts/shop/templates/tests/t.yaml": `{{- /*\n${HOOK}*/ -}}\n` },
      ],
      [
        "no",
        "a test that is never written",
        { "charts/shop/templates/tests/t.yaml": `{{ if false }}\n${HOOK}{{ end }}\n` },
      ],
      [
        "no",
        "another hook",
        { "charts/shop/templates/tests/t.yaml": HOOK.replace(": test", ": test-failure") },
      ],
      [
        "no",
        "a suite without an assertion",
        { "charts/shop/tests/a_test.yaml": "suite: a\ntests:\n  - it: works\n    asserts: []\n" },
      ],
      ["unknown", "a test that cannot be read", { "charts/shop/templates/tests/t.yaml": null }],
      ["no", "a partial, which Helm does not render", { "charts/shop/templates/tests/_t.yaml": HOOK }],
      [
        "unknown",
        "a test that the chart may leave out",
        { "charts/shop/templates/tests/t.yaml": HOOK, "charts/shop/.helmignore": "# all\ntemplates/tests\n" },
      ],
      [
        "yes",
        "other files that it leaves out",
        { "charts/shop/templates/tests/t.yaml": HOOK, "charts/shop/.helmignore": "# tests\n*.tmp\n" },
      ],
      ["unknown", "a suite that is broken", { "charts/shop/tests/a_test.yaml": "tests: [" }],
    ],
    { "charts/shop/Chart.yaml": "name: shop\n", "charts/shop/values.yaml": "" },
  );
});

const WORKFLOW = (run: string, more = "") =>
  `on: [pull_request]\njobs:\n  check:\n    steps:\n      - run: |\n${run.replace(/^/gm, "          ")}\n${more}`;
const at = (text: string): Files => ({ ".github/workflows/check.yml": text });

describe("checks of manifests in pipelines", () => {
  table(
    "kubernetes",
    "deploy/web.yaml",
    [
      [
        "yes",
        "kubeconform of the folder",
        at(WORKFLOW("kubeconform -strict -kubernetes-version 1.30.0 deploy/")),
      ],
      ["yes", "of files by a star", at(WORKFLOW("kubeconform deploy/*.yaml"))],
      ["yes", "in another folder", at(WORKFLOW("cd deploy && kubeconform ."))],
      ["yes", "by working-directory", at(WORKFLOW("kubeconform .", "        working-directory: deploy\n"))],
      ["yes", "in GitLab", { ".gitlab-ci.yml": "check:\n  script:\n    - kubeconform deploy\n" }],
      [
        "yes",
        "what kustomize builds",
        {
          ...at(WORKFLOW("kustomize build overlays/prod | kubeconform -strict -")),
          "overlays/prod/kustomization.yaml": "resources: [../../base]\n",
          "base/kustomization.yaml": "resources: [../deploy/web.yaml]\n",
        },
      ],
      [
        "yes",
        "conftest with a policy that can say no",
        {
          ...at(WORKFLOW("conftest test deploy")),
          "policy/a.rego": 'package main\ndeny[msg] { msg := "no" }\n',
        },
      ],
      ["no", "nothing", {}],
      ["no", "another folder", { ...at(WORKFLOW("kubeconform other")), "other/a.yaml": "" }],
      ["no", "a command that is commented out", at(WORKFLOW("# kubeconform deploy"))],
      [
        "no",
        "a step that is commented out",
        at(WORKFLOW("true").replace("true", "true\n#      - run: kubeconform deploy")),
      ],
      ["no", "a word of another command", at(WORKFLOW("echo kubeconform deploy"))],
      [
        "no",
        "a pipeline that nobody can read, which runs nowhere",
        at(`${WORKFLOW("kubeconform deploy")}\n  - [`),
      ],
      [
        "unknown",
        "a step that never runs",
        at(WORKFLOW("kubeconform deploy", `        if: \${{ false }}\n`)),
      ],
      [
        "unknown",
        "a step that may fail",
        at(WORKFLOW("kubeconform deploy", "        continue-on-error: true\n")),
      ],
      ["unknown", "a failure that is ignored", at(WORKFLOW("kubeconform deploy || true"))],
      ["unknown", "a failure that a pipe hides", at(WORKFLOW("kubeconform deploy | tee log"))],
      ["unknown", "a shell that goes on", at(WORKFLOW("set +e\nkubeconform deploy"))],
      [
        "unknown",
        "a workflow that only a person starts",
        at(WORKFLOW("kubeconform deploy").replace("[pull_request]", "workflow_dispatch")),
      ],
      [
        "unknown",
        "a job that a pipeline hides",
        { ".gitlab-ci.yml": ".check:\n  script:\n    - kubeconform deploy\n" },
      ],
      [
        "unknown",
        "a workflow that only runs when other paths change",
        at(
          WORKFLOW("kubeconform deploy").replace("[pull_request]", "{ pull_request: { paths: [docs/**] } }"),
        ),
      ],
      [
        "unknown",
        "a pipeline that only tags start",
        at(WORKFLOW("kubeconform deploy").replace("[pull_request]", "{ push: { tags: ['v*'] } }")),
      ],
      [
        "yes",
        "one that pushes to a branch start, too",
        at(
          WORKFLOW("kubeconform deploy").replace(
            "[pull_request]",
            "{ push: { branches: [main], tags: ['v*'] } }",
          ),
        ),
      ],
      [
        "unknown",
        "a step under a condition",
        at(WORKFLOW("kubeconform deploy", "        if: github.actor == 'nobody'\n")),
      ],
      ["yes", "one that always holds", at(WORKFLOW("kubeconform deploy", "        if: always()\n"))],
      [
        "unknown",
        "a job in GitLab for other paths",
        {
          ".gitlab-ci.yml":
            "check:\n  rules: [{ changes: [docs/**] }]\n  script:\n    - kubeconform deploy\n",
        },
      ],
      ["unknown", "what it skips", at(WORKFLOW("kubeconform -skip Deployment deploy"))],
      ["unknown", "its help", at(WORKFLOW("kubeconform deploy --help"))],
      ["unknown", "a name with stars that would take long to find", at(WORKFLOW("kubeconform *a*b*c*d*e"))],
      ["unknown", "a pipeline that is not here", { ".github/workflows/check.yml": null }],
      [
        "unknown",
        "a policy in a package that conftest does not look at",
        {
          ...at(WORKFLOW("conftest test deploy")),
          "policy/a.rego": 'package other\ndeny[msg] { msg := "no" }\n',
        },
      ],
      ["unknown", "a folder of a variable", at(WORKFLOW("kubeconform $FOLDER"))],
      [
        "unknown",
        "files that are found as it runs",
        at(WORKFLOW("find . -name '*.yaml' | xargs kubeconform")),
      ],
      ["unknown", "conftest without a policy", at(WORKFLOW("conftest test deploy"))],
      [
        "unknown",
        "conftest with a policy that says nothing",
        { ...at(WORKFLOW("conftest test deploy")), "policy/a.rego": "package main\n# deny[msg] { true }\n" },
      ],
      ["unknown", "a plan that is made as it runs", at(WORKFLOW("conftest test plan.json"))],
    ],
    { "deploy/web.yaml": "" },
  );

  const CHART = { "charts/shop/Chart.yaml": "name: shop\n", "charts/shop/values.yaml": "" };
  table(
    "helm",
    "charts/shop/values.yaml",
    [
      ["yes", "ct install", at(WORKFLOW("ct install --target-branch main"))],
      ["yes", "ct install of named folders", at(WORKFLOW("ct lint-and-install --chart-dirs a,charts"))],
      ["no", "ct lint, which installs nothing", at(WORKFLOW("ct lint"))],
      ["no", "other folders", at(WORKFLOW("ct install --chart-dirs other"))],
      ["unknown", "folders that stand elsewhere", at(WORKFLOW("ct install --config ct.yaml"))],
    ],
    CHART,
  );
});

describe("roles", () => {
  const around = { "roles/web/molecule/default/molecule.yml": "driver: { name: docker }\n" };
  const CONVERGE = "roles/web/molecule/default/converge.yml";
  table(
    "ansible",
    "roles/web/tasks/main.yml",
    [
      ["yes", "a scenario that applies it", { [CONVERGE]: "- hosts: all\n  roles: [web]\n" }],
      [
        "yes",
        "that includes it",
        { [CONVERGE]: "- hosts: all\n  tasks:\n    - include_role: { name: acme.infra.web }\n" },
      ],
      [
        "yes",
        "that names it by its folder",
        { [CONVERGE]: "- hosts: all\n  roles:\n    - role: \"{{ lookup('env', 'X') | basename }}\"\n" },
      ],
      [
        "yes",
        "a scenario of the collection",
        {
          "extensions/molecule/a/molecule.yml": "driver: {}\n",
          "extensions/molecule/a/converge.yml": "- hosts: all\n  roles: [{ role: web }]\n",
        },
      ],
      ["no", "an empty playbook", { [CONVERGE]: "" }],
      ["no", "a playbook that applies nothing", { [CONVERGE]: "- hosts: all\n  tasks: []\n" }],
      ["no", "a role that is commented out", { [CONVERGE]: "- hosts: all\n  roles:\n    # - web\n" }],
      ["no", "a scenario of another role", { [CONVERGE]: "- hosts: all\n  roles: [db]\n" }],
      [
        "no",
        "a playbook without a scenario",
        { "molecule/a/converge.yml": "- hosts: all\n  roles: [web]\n" },
      ],
      ["unknown", "a playbook that cannot be read", { [CONVERGE]: null }],
    ],
    around,
  );
});

describe("programs", () => {
  const TEST =
    'import * as pulumi from "@pulumi/pulumi";\npulumi.runtime.setMocks({});\nimport { web } from "./index";\nit("is private", () => expect(web).toBe(1));\n';
  table(
    "pulumi",
    "infra/index.ts",
    [
      ["yes", "a test with mocks", { "infra/index.test.ts": TEST }],
      [
        "yes",
        "a test in a folder of its own",
        { "infra/tests/a.spec.ts": TEST.replace('"./index"', '"../index"') },
      ],
      ["no", "a test without mocks", { "infra/index.test.ts": TEST.replace(/.*setMocks.*\n/, "") }],
      ["no", "a test that is commented out", { "infra/index.test.ts": TEST.replace(/^/gm, "// ") }],
      ["no", "a test that is skipped", { "infra/index.test.ts": TEST.replace("it(", "it.skip(") }],
      [
        "no",
        "a test that asserts nothing",
        { "infra/index.test.ts": TEST.replace("expect(web).toBe(1)", "web") },
      ],
      [
        "unknown",
        "a suite that is skipped",
        { "infra/index.test.ts": `describe.skip("a", () => {\n${TEST}});\n` },
      ],
      ["no", "a test of another program", { "other/Pulumi.yaml": "", "other/index.test.ts": TEST }],
      ["unknown", "a test of another part", { "infra/other.test.ts": TEST.replace("./index", "./other") }],
      ["unknown", "a test that cannot be read", { "infra/index.test.ts": null }],
    ],
    { "infra/Pulumi.yaml": "name: a\n", "infra/index.ts": "" },
  );
  table(
    "pulumi",
    "infra/__main__.py",
    [
      [
        "unknown",
        "a test in Python of a part",
        {
          "infra/test_a.py":
            "pulumi.runtime.set_mocks(M())\nimport infra\ndef test_a():\n    assert infra.a\n",
        },
      ],
      [
        "yes",
        "a test in Python",
        {
          "infra/test_a.py": "pulumi.runtime.set_mocks(M())\nimport __main__\ndef test_a():\n    assert x\n",
        },
      ],
    ],
    { "infra/Pulumi.yaml": "name: a\n" },
  );
  table(
    "pulumi",
    "infra/main.go",
    [
      [
        "yes",
        "a test in Go",
        {
          "infra/main_test.go":
            "func TestA(t *testing.T) {\n pulumi.RunErr(f, pulumi.WithMocks(a))\n assert.NoError(t, err)\n}\n",
        },
      ],
    ],
    { "infra/Pulumi.yaml": "name: a\n" },
  );
  table(
    "cloudformation",
    "cdk.out/ShopStack.template.json",
    [
      [
        "yes",
        "a test of the stack",
        {
          "test/a.test.ts":
            "test('a', () => { const t = Template.fromStack(new ShopStack(app, 'x')); t.hasResource('A', {}); });\n",
        },
      ],
      [
        "unknown",
        "a test of another stack",
        {
          "test/a.test.ts":
            "test('a', () => { const t = Template.fromStack(new OtherStack(app, 'x')); t.hasResource('A', {}); });\n",
        },
      ],
    ],
    { "cdk.json": "{}" },
  );
});

describe("what nobody here knows how to test", () => {
  it.each(["dockerfile", "workflow", "iam-policy", "unknown"] as const)("says nothing of a %s", (kind) => {
    expect(askTested("a", kind, {})).toEqual({ tested: "unknown", testedBy: [] });
  });

  it("reads no more than a bounded number of files, and says so", () => {
    const files = Object.fromEntries(
      Array.from({ length: 400 }, (_, i) => [`go/a${i}_test.go`, "package a\n"]),
    );
    expect(askTested("main.tf", "terraform", { ...files, "main.tf": "" })).toMatchObject({
      tested: "unknown",
      testedBy: [{ reason: "one of 400 files that may be tests; 300 are read" }],
    });
  });
});
