// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { codesOf } from "../assess.fixture.ts";

const P = "protection-off";
const workflow = (steps: string, on = "on: [push]", job = "deploy") =>
  `name: a\n${on}\njobs:\n  ${job}:\n    runs-on: ubuntu-24.04\n    steps:\n${steps}`;
const DEPLOY = "      - run: ./deploy.sh\n";
const on = (branches: string) => `on:\n  push:\n${branches}`;

describe("what stood between a change and what it reaches", () => {
  it.each([
    [
      "a signature that is looked at no longer",
      workflow(`      - run: cosign verify a\n${DEPLOY}`),
      workflow(DEPLOY),
      P,
    ],
    [
      "a checksum written otherwise",
      workflow("      - run: sha256sum -c a\n"),
      workflow("      - run: sha256sum --check a\n"),
      "",
    ],
    [
      "every branch is delivered",
      workflow(DEPLOY, on("    branches: [main]")),
      workflow(DEPLOY, on("    tags: [v1]")),
      P,
    ],
    [
      "every branch is tested",
      workflow("      - run: npm test\n", on("    branches: [main]"), "test"),
      workflow("      - run: npm test\n", on("    tags: [v1]"), "test"),
      "",
    ],
    [
      "a secret in another writing",
      workflow(DEPLOY),
      workflow(`      - run: echo "$API_TOKEN" | base64\n${DEPLOY}`),
      "secret-exposed",
    ],
    [
      "a secret for a login",
      workflow(DEPLOY),
      workflow(`      - run: echo "$API_TOKEN" | docker login --password-stdin\n${DEPLOY}`),
      "",
    ],
    [
      "a secret as an argument of a build",
      workflow(DEPLOY),
      workflow(`      - run: docker build --build-arg NPM_TOKEN=$T .\n${DEPLOY}`),
      "secret-exposed",
    ],
  ])("%s", (_, before, after, codes) => {
    expect(codesOf(".github/workflows/a.yml", before, after)).toBe(codes);
  });

  it.each([
    [
      ".buildkite/pipeline.yml",
      "steps:\n  - block: Deploy?\n  - command: ./deploy.sh",
      "steps:\n  - command: ./deploy.sh",
      P,
    ],
    [
      ".buildkite/pipeline.yml",
      "steps:\n  - plugins: [{ docker#v5.9.0: { a: b } }]",
      "steps:\n  - plugins: [{ docker#master: { a: b } }]",
      "untrusted-code",
    ],
    [
      "bitbucket-pipelines.yml",
      "pipelines:\n  default:\n    - step: { trigger: manual, script: [./deploy.sh] }",
      "pipelines:\n  default:\n    - step: { script: [./deploy.sh] }",
      P,
    ],
    [
      "azure-pipelines.yml",
      "steps:\n  - task: ManualValidation@1\n  - script: a",
      "steps:\n  - script: a",
      P,
    ],
    ["Jenkinsfile", "@Library('a@v1') _\n", "@Library('a@main') _\n", "untrusted-code"],
    ["Jenkinsfile", "docker {\n  args '-u 1'\n}\n", "docker {\n  args '--privileged'\n}\n", "isolation-lost"],
    [
      "Dockerfile",
      "FROM a:1\nRUN curl -O https://a/b && sha256sum -c b.sum\n",
      "FROM a:1\nRUN curl -O https://a/b\n",
      "untrusted-code",
    ],
    ["Dockerfile", "FROM a:1\n", "FROM a:1\nCOPY id_ed25519 /srv/.ssh/\n", "secret-exposed"],
    ["Dockerfile", "FROM a:1\n", "FROM a:1\nCOPY a.pub ca.pem .env.example /a/\n", ""],
    ["Dockerfile", "FROM a:1\n", "FROM a:1\nARG NPM_TOKEN\n", "secret-exposed"],
  ])("%s: %s → %s", (path, before, after, codes) => {
    expect(codesOf(path, before, after)).toBe(codes);
  });
});

describe("what a patch takes away", () => {
  const kustomization = (patch: string) =>
    `kind: Kustomization\napiVersion: kustomize.config.k8s.io/v1beta1\npatches:\n  - patch: |-\n${patch}\n`;
  const replicas = "      - op: replace\n        path: /spec/replicas\n        value: 2\n";
  it.each([
    [
      "the context of security",
      `${replicas}      - op: remove\n        path: /spec/template/spec/securityContext`,
      "isolation-lost",
    ],
    [
      "a limit",
      `${replicas}      - op: remove\n        path: /spec/template/spec/containers/0/resources/limits/cpu`,
      "",
    ],
    [
      "the host's network added",
      `${replicas}      - op: add\n        path: /spec/template/spec/hostNetwork\n        value: true`,
      "isolation-lost",
    ],
    [
      "a policy of the network",
      "      $patch: delete\n      kind: NetworkPolicy\n      metadata: { name: a }",
      P,
    ],
  ])("%s", (_, patch, codes) => {
    expect(codesOf("kustomization.yaml", kustomization(replicas), kustomization(patch))).toBe(codes);
  });
});
