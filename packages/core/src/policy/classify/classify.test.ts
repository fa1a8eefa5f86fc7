// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toRawText } from "../../ids/index.ts";
import type { ClassDefinition } from "../policy.ts";
import { classifyContent } from "./classify-content.ts";
import { classifyFile } from "./classify-file.ts";
import { classifyPath } from "./classify-path.ts";
import { CONTENT_DETECTORS } from "./content-detectors.ts";
import { createPathMatcher, findGlobProblem, foldPath } from "./path-glob.ts";

const definitions: readonly ClassDefinition[] = [
  {
    id: "infrastructure",
    paths: ["**/*.tf", "deploy/**", "infra/{a,b}/*.json", "Straße/é/*"],
    content: ["terraform", "iam"],
  },
  { id: "docs", paths: ["docs/**"], content: [] },
];
const policy = { classes: new Map(definitions.map((each) => [each.id, each])) };

describe("classes by path", () => {
  test.each([
    ["main.tf", ["infrastructure"]],
    ["a/b/.hidden/x.tf", ["infrastructure"]],
    ["A/MAIN.TF", ["infrastructure"]],
    ["Deploy/x", ["infrastructure"]],
    ["deploy", ["infrastructure"]],
    ["deployment/x", []],
    ["a\nb/c\td/x.tf", ["infrastructure"]],
    ["infra/a/x.json", ["infrastructure"]],
    ["infra/c/x.json", []],
    ["STRASSE/E\u0301/x", ["infrastructure"]],
    ["de\u200cploy/x", ["infrastructure"]],
    ["\u017frc/x.tf\u2060", ["infrastructure"]],
    ["docs/main.tf", ["docs", "infrastructure"]],
    [".countersign/policy.yml", ["policy"]],
    [".COUNTERſIGN/Policy.yml", ["policy"]],
    [".countersign", ["policy"]],
    ["sub/.countersign/policy.yml", []],
    [".gitattributes", ["attributes"]],
    ["a/b/.GitAttributes", ["attributes"]],
    ["main.tf.txt", []],
    ["", []],
  ])("%j is %j", (path, classes) => expect(classifyPath(policy, path)).toEqual(classes));

  test("bytes that are not UTF-8 do not hide a path", () => {
    const path = toRawText(Uint8Array.from([0x64, 0xff, 0x2f, 0x78, 0x2e, 0x74, 0x66]));
    expect(classifyPath(policy, path)).toEqual(["infrastructure"]);
  });

  test("any spelling of a path that folds to the same name has the same classes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 20 }), (name) => {
        const path = `${name.replaceAll("/", "")}.tf`;
        for (const twin of [
          path.toUpperCase(),
          path.toLowerCase(),
          path.normalize("NFD"),
          path.normalize("NFC"),
        ]) {
          expect(classifyPath(policy, twin)).toEqual(["infrastructure"]);
        }
      }),
    );
  });

  test("folding is stable", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        (text) => void expect(foldPath(foldPath(text))).toBe(foldPath(text)),
      ),
    );
  });

  test("no glob that is accepted takes long on any path", () => {
    const glob = fc
      .array(fc.constantFrom("**", "*", "/", "a", "?", "{a,b}", "[ab]", "."), { maxLength: 24 })
      .map((parts) => parts.join(""));
    const path = fc
      .array(fc.constantFrom("a", "b", "/", "."), { minLength: 200, maxLength: 2_000 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(glob, path, (pattern, text) => {
        if (findGlobProblem(pattern) !== undefined) return;
        const started = process.cpuUsage().user / 1000;
        createPathMatcher([pattern])(text);
        expect(process.cpuUsage().user / 1000 - started).toBeLessThan(1_000);
      }),
      { numRuns: 300 },
    );
  });
});

describe("classes by content", () => {
  test.each([
    ["terraform", 'resource "aws_s3_bucket" "logs" {\n  bucket = "x"\n}\n'],
    ["terraform", '  module "vpc" {\n source = "./vpc"\n}'],
    ["terraform", '{"resource": {"aws_s3_bucket": {"x": {}}}}'],
    ["terraform", "import {\n  to = aws_x.y\n}"],
    ["cloudformation", "AWSTemplateFormatVersion: '2010-09-09'"],
    ["cloudformation", "Resources:\n  Bucket:\n    Type: AWS::S3::Bucket"],
    ["pulumi", 'import * as aws from "@pulumi/aws";'],
    ["pulumi", "import pulumi_aws as aws"],
    ["kubernetes", "apiVersion: apps/v1\nkind: Deployment"],
    ["kubernetes", '{"apiVersion": "v1", "kind": "Pod"}'],
    ["helm", "replicas: {{ .Values.replicas }}"],
    ["helm", "replicaCount: 3\nimage: {}"],
    ["iam", '{"Version": "2012-10-17", "Statement": []}'],
    ["iam", "  - Effect: Allow\n    Action: ['*']"],
    ["iam", "Action: iam:PassRole"],
    ["iam", "kind: ClusterRoleBinding"],
    ["network", 'cidr_blocks = ["0.0.0.0/0"]'],
    ["network", "iptables -A INPUT -j ACCEPT"],
    ["network", "apiVersion: v1\nkind: NetworkPolicy\n"],
    ["routing", 'resource "aws_route53_record" "x" {}'],
    ["routing", "$ORIGIN acme.example."],
    ["routing", "location / {\n  proxy_pass http://app;\n}"],
    ["dockerfile", "FROM node:24 AS build\nRUN npm ci\n"],
    ["dockerfile", "services:\n  app:\n    image: acme/app\n"],
    ["ci", "on: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n"],
    ["ci", "    - uses: actions/checkout@v6\n"],
    ["ci", "stages:\n  - test\n"],
    ["ci", "pipeline {\n  agent any\n}"],
    ["ansible", "- hosts: all\n  become: true\n"],
    ["secrets", "-----BEGIN OPENSSH PRIVATE KEY-----"],
    ["secrets", "key = AKIAIOSFODNN7EXAMPLE"],
  ])("%s sees %j", (detector, text) => {
    expect(classifyContent([detector], text)).toMatchObject([{ detector }]);
    expect(classifyContent([detector], [...text].map((c) => `${c}\0`).join(""))).toMatchObject([
      { detector },
    ]);
    expect(classifyContent([detector], `# x\r\n${text.replaceAll("\n", "\r\n")}`)).toMatchObject([
      { detector },
    ]);
  });

  test.each([
    'import {\n  readFile,\n} from "node:fs";\nexport const inputs = {\n  a: 1,\n};\n',
    "# Notes\n\nThe backend talks to the database. We listen carefully.\nTerraform and Kubernetes are out of scope.\n",
    "int main(void)\n{\n\treturn node(1);\n}\n",
    "def check(x):\n    resource = load(x)\n    return {'effect': x}\n",
    '{"name": "app", "version": "1.0.0", "type": "module"}',
    "import React from 'react';\nexport function Stage() { return <p>pipeline</p>; }\n",
    "development:\n  adapter: postgresql\n  pool: 5\n",
    "upstream changes were merged\nrouter code moved\n",
  ])("ordinary source is nothing: %j", (text) => {
    expect(classifyContent([...CONTENT_DETECTORS.keys()], text)).toEqual([]);
  });

  test("hostile text of a megabyte takes linear time", () => {
    const seeds = [
      'resource "a" ',
      "on:\n",
      "on: \njobs",
      " ",
      "\n",
      "-----BEGIN A ",
      "import {\n",
      "google_a_",
      "  - uses: a/b",
      "version: 2\n",
      '"resource":{',
      "sk-",
      "ansible_",
      "{{-",
      "a:\n",
    ];
    for (const seed of seeds) {
      const text = seed.repeat(Math.ceil(1_000_000 / seed.length)).slice(0, 1_000_000);
      const started = process.cpuUsage().user / 1000;
      classifyContent([...CONTENT_DETECTORS.keys()], text);
      expect(process.cpuUsage().user / 1000 - started, JSON.stringify(seed)).toBeLessThan(5_000);
    }
  });
});

describe("files", () => {
  const side = { path: "app.txt", mode: "100644", text: "hello", isBinary: false, isTruncated: false };

  test.each([
    ["plain text", {}, []],
    [
      "Terraform in a text file",
      { text: 'resource "aws_x" "y" {' },
      ["infrastructure: a Terraform resource or data block (terraform)"],
    ],
    ["a truncated file", { isTruncated: true }, ["infrastructure: it is too large to be read whole"]],
    [
      "an unread file",
      { text: undefined },
      ["infrastructure: its content is not known here (a submodule or an unread file)"],
    ],
    [
      "a submodule",
      { mode: "160000", text: undefined },
      [
        "infrastructure: its content is not known here (a submodule or an unread file)",
        "submodule: a commit of another repository",
      ],
    ],
    [
      "an LFS pointer",
      { text: "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n" },
      ["infrastructure: its content lies in Git LFS"],
    ],
    [
      "an unread binary",
      { text: undefined, isBinary: true },
      ["infrastructure: a binary file, which may hold anything"],
    ],
    ["an unread image", { path: "logo.PNG", text: undefined, isBinary: true }, []],
    [
      "an unread image that is no binary",
      { path: "logo.png", text: undefined },
      ["infrastructure: its content is not known here (a submodule or an unread file)"],
    ],
    ["nothing", { mode: "000000", text: undefined }, []],
    [
      "a link to infrastructure",
      { path: "a/link", mode: "120000", text: "../deploy/x" },
      ["infrastructure: a symbolic link to deploy/x"],
    ],
    [
      "a link to a folder of it",
      { path: "link", mode: "120000", text: "./deploy/" },
      ["infrastructure: a symbolic link to deploy"],
    ],
    [
      "a link to the policy",
      { path: "x", mode: "120000", text: ".countersign/policy.yml" },
      ["policy: a symbolic link to .countersign/policy.yml"],
    ],
    ["a harmless link", { mode: "120000", text: "README" }, []],
    [
      "a link that leads out",
      { mode: "120000", text: "../../etc" },
      [
        "docs: a symbolic link that leads out of the repository",
        "infrastructure: a symbolic link that leads out of the repository",
      ],
    ],
    [
      "an absolute link",
      { path: "docs/x", mode: "120000", text: "/etc" },
      ["docs: by its path", "infrastructure: a symbolic link that leads out of the repository"],
    ],
  ])("%s", (_, change, reasons) => {
    expect(classifyFile(policy, { ...side, ...change }).reasons).toEqual(reasons);
  });
});
