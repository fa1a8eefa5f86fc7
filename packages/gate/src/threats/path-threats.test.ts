// SPDX-License-Identifier: Apache-2.0
import { toRawText } from "@countersign/core/ids";
import { getProfileText } from "@countersign/core/policy";
import type { CommitOptions, FileContent } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findingOf, type Scenario } from "./gate-scenario.fixture.ts";
import {
  createInfrastructureProject,
  expectInfrastructure as expectIn,
  gateFiles as gateIn,
  INFRA,
  LOGO,
  NFD,
  ROLE,
} from "./infrastructure-project.fixture.ts";

let scenario: Scenario;
beforeAll(async () => {
  scenario = await createInfrastructureProject();
});
afterAll(() => scenario[Symbol.asyncDispose]());

const gateFiles = (files: CommitOptions["files"], message?: string) => gateIn(scenario, files, message);
const expectInfrastructure = (files: Readonly<Record<string, FileContent>>, named?: readonly string[]) =>
  expectIn(scenario, files, named);

it("the profile is amazon, and an AI change of ordinary source asks for one senior only, so that the tests below can fail", async () => {
  expect(getProfileText("amazon")).toContain("ai-infrastructure");
  const report = await gateFiles({
    "src/main.c": "int main(void) { return 1; }\n",
    "docs/x.md": "x\n",
    "a.png": LOGO,
  });
  expect(findingOf(report, INFRA).status).toBe("skipped");
  expect(findingOf(report, "submodule").status).toBe("skipped");
  expect(findingOf(report, "ai-senior-sign-off").status).toBe("pending");
});

describe("T40: a rename has two sides", () => {
  it.each<[string, Record<string, FileContent>]>([
    ["out of the folder", { "infra/iam.tf": null, "notes.txt": ROLE }],
    ["out of it, content and all, to a picture's name", { "infra/logo.png": null, "a.png": LOGO }],
    [
      "out of it with an edit that hides what it was",
      { "infra/iam.tf": null, "notes.txt": "nothing to see\n" },
    ],
    ["into the folder", { "src/main.c": null, "infra/main.c": "int main(void) { return 0; }\n" }],
    ["into the folder under a harmless extension", { "infra/readme.md": "A project.\n" }],
    ["within the folder", { "infra/iam.tf": null, "infra/iam2.tf": ROLE }],
    ["with a change of mode", { "deploy/run.sh": null, "run.sh": { executable: "#!/bin/sh\nship\n" } }],
    ["a mere deletion", { "deploy/run.sh": null }],
    ["replaced by a folder of its name", { "deploy/run.sh": null, "deploy/run.sh/x": "1\n" }],
    ["replaced by a link", { "infra/iam.tf": { symlink: "../README.md" } }],
  ])("%s", async (_what, files) => {
    await expectInfrastructure(files);
  });

  it("git itself would list only the new name", async () => {
    const head = await scenario.propose({ files: { "infra/iam.tf": null, "notes.txt": ROLE } });
    expect(await scenario.repo.git(["diff", "-M", "--name-only", scenario.start, head])).toBe("notes.txt");
    const [old, added] = findingOf(await scenario.gate({ head }), INFRA).files;
    expect([old, added]).toEqual(["infra/iam.tf", "notes.txt"]);
  });

  it("out in one commit and changed in the next", async () => {
    const first = await scenario.propose({
      message: "tidy\n",
      files: { "infra/logo.png": null, "a.png": LOGO },
    });
    const head = await scenario.propose({ parents: [first], files: { "a.png": Buffer.from([1, 0]) } });
    expect(findingOf(await scenario.gate({ head }), INFRA).files).toContain("infra/logo.png");
  });
});

describe("T41: infrastructure under another name", () => {
  const UTF16 = Buffer.from(`\ufeff${ROLE}`, "utf16le");
  it.each<[string, string, FileContent]>([
    ["Terraform in a text file", "app.txt", ROLE],
    ["Terraform in a text file, in UTF-16", "app.txt", UTF16],
    ["Terraform behind a megabyte of blanks", "app.txt", `${" ".repeat(1_100_000)}\n${ROLE}`],
    ["Terraform with Windows line ends", "app.txt", ROLE.replaceAll("\n", "\r\n")],
    ["Terraform after a byte order mark", "app.txt", `\ufeff${ROLE}`],
    ["Terraform JSON", "x.tf.json", "{}\n"],
    ["Terraform JSON by its content", "x.json", '{"resource": {"aws_iam_role": {}}}\n'],
    ["variables", "prod.auto.tfvars", "a = 1\n"],
    [
      "an IAM policy in JSON",
      "data.json",
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}',
    ],
    ["an IAM policy inside source", "src/policy.py", 'P = {"Effect": "Allow", "Action": "iam:*"}\n'],
    ["Helm values", "values-prod.yaml", "image: x\n"],
    ["Helm values under another name", "settings/eu.yaml", "replicaCount: 3\n"],
    ["a Helm template", "x/_helpers.tpl", '{{- include "app.labels" . }}\n'],
    ["a Kubernetes object", "x.yml", "apiVersion: v1\nkind: Secret\n"],
    ["a Kubernetes object in JSON", "x.json", '{"apiVersion": "apps/v1", "kind": "Deployment"}'],
    ["a Dockerfile", "Dockerfile", "x\n"],
    ["a Dockerfile by another name", "app/build.container", "FROM node:24 AS build\nRUN npm ci\n"],
    ["a Containerfile", "Containerfile.prod", "x\n"],
    ["a GitHub workflow", ".github/workflows/ci.yml", "x\n"],
    ["a composite action anywhere", "tools/lint/action.yml", "x\n"],
    ["a workflow under another name", "ci-template.txt", "on: [push]\njobs:\n  build:\n    runs-on: x\n"],
    ["a GitLab pipeline", ".gitlab-ci.yml", "x\n"],
    ["an included GitLab pipeline", "templates/build.yml", "stages: [build]\nbuild:\n  script: [make]\n"],
    ["a Jenkinsfile", "Jenkinsfile.release", "x\n"],
    ["a compose file", "docker-compose.prod.yaml", "x\n"],
    ["a DNS zone", "db.example", "$ORIGIN example.\n$TTL 300\n"],
    ["an nginx route", "proxy.txt", "location / {\n  proxy_pass http://app;\n}\n"],
    ["firewall rules", "rules.v4", "-A INPUT -p tcp -j ACCEPT\n"],
    ["an unknown binary", "blob.dat", Buffer.from([0, 1, 2, 3])],
    ["a binary in an infrastructure folder", "terraform/plugin", Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0])],
    ["a picture in an infrastructure folder", "terraform/logo.png", LOGO],
    ["more than can be looked into", "log.txt", "x".repeat(1_048_577)],
    ["a Git LFS pointer", "model.txt", "version https://git-lfs.github.com/spec/v1\noid sha256:22\nsize 2\n"],
  ])("%s", async (_what, path, content) => {
    await expectInfrastructure({ [path]: content });
  });

  it("hidden in the commit before", async () => {
    const first = await scenario.propose({ files: { "app.txt": ROLE } });
    const head = await scenario.propose({
      parents: [first],
      message: "tidy\n",
      files: { "app.txt": "plain\n" },
    });
    expect(findingOf(await scenario.gate({ head }), INFRA)).toMatchObject({
      status: "pending",
      files: ["app.txt"],
    });
  });
});

describe("T43: names that are not what they look like", () => {
  const raw = (bytes: readonly number[]) => toRawText(Uint8Array.from(bytes));
  const latin = (text: string) => [...Buffer.from(text, "latin1")];

  it.each<[string, string]>([
    ["an extension in capitals", "INFRA.TF"],
    ["a folder in capitals", "DEPLOY/x"],
    ["a folder in mixed case", "Terraform/x"],
    ["a decomposed folder name beside a composed one", NFD],
    ["a tab in it", "infra/a\tb.txt"],
    ["a line feed in it", "infra/a\n.txt"],
    ["a line feed before the extension", "a\n/main.tf"],
    ["quotes in it", 'infra/"quoted".txt'],
    ["a backslash in it", "infra\\x/main.tf"],
    ["bytes that are no UTF-8", raw([...latin("infra/"), 0xff, 0xfe])],
    ["an accent that Git would quote", "infra/\u00e9.txt"],
    ["a zero-width joiner in the folder's name", "in\u200dfra/x"],
    ["a full stop after it", "main.tf."],
    ["a blank after it", "main.tf "],
    ["a full stop after the folder", "infra./x"],
    ["a leading dash", "--infra/main.tf"],
    ["a name like a pathspec", ":(exclude)main.tf"],
    ["a long s in the folder's name", "pulumi/x".replace("pulumi", "ku\u017ftomize")],
  ])("%s", async (_what, path) => {
    await expectInfrastructure({ [path]: "x\n" });
  });

  it.each<[string, Record<string, FileContent>, string[]]>([
    ["in case", { "deploy/a.yml": "1\n", "deploy/A.yml": "2\n" }, ["deploy/A.yml", "deploy/a.yml"]],
    [
      "in Unicode form",
      { "deploy/\u00f6.yml": "1\n", "deploy/o\u0308.yml": "2\n" },
      ["deploy/o\u0308.yml", "deploy/\u00f6.yml"],
    ],
    ["in case with one that is there", { "Infra/IAM.tf": ROLE }, ["Infra/IAM.tf"]],
    ["in Unicode form with one that is there", { [NFD]: "a: 2\n" }, [NFD]],
    ["in a blank at the end with one that is there", { "infra/iam.tf ": ROLE }, ["infra/iam.tf "]],
    [
      "with the policy's own folder",
      { ".Countersign/policy.yml": "version: 1\n" },
      [".Countersign/policy.yml"],
    ],
  ])("twins %s in infrastructure deny, and are named", async (_what, files, named) => {
    const report = await gateFiles(files, "twins\n");
    expect(report.verdict).toBe("denied");
    const finding = findingOf(report, "suspicious-path");
    expect(finding).toMatchObject({ status: "fail", files: named });
    expect(finding.reason).toContain("are one file on systems that ignore case or Unicode form");
  });

  it("twins elsewhere are a warning", async () => {
    const report = await gateFiles({ "readme.MD": "x\n" }, "twins\n");
    expect(report.verdict).toBe("pass");
    expect(findingOf(report, "suspicious-path").reason).toContain('"readme.MD" and "README.md"');
  });

  it("a rename to other case is no twin", async () => {
    const report = await gateFiles({ "README.md": null, "Readme.md": "A project.\n" }, "rename\n");
    expect(report.findings.filter((finding) => finding.rule === "suspicious-path")).toEqual([]);
  });

  it.each([
    ["an escape", "infra/\u001b[2J.tf"],
    ["right-to-left order", "infra/x\u202eft.tf"],
    ["bytes that are no UTF-8", raw([...latin("infra/"), 0xff])],
  ])("a name in infrastructure with %s denies", async (_what, path) => {
    const report = await gateFiles({ [path]: "x\n" }, "names\n");
    expect(report.verdict).toBe("denied");
    expect(findingOf(report, "suspicious-path").files).toEqual([path]);
  });
});
