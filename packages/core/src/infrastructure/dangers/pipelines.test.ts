// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { block, codesOf } from "../assess.fixture.ts";

const [P, U, S] = ["protection-off", "untrusted-code", "secret-exposed"];
const DIGEST = `sha256:${"a".repeat(64)}`;
const jenkins = (...lines: readonly string[]) => `pipeline {\n${lines.join("\n")}\n}\n`;
const withKey = (command: string) =>
  jenkins("withCredentials([string(credentialsId: 'k', variable: 'KEY')]) {", `  sh '${command}'`, "}");
const azure = (condition: string) =>
  `trigger: [main]\nstages:\n  - stage: Deploy\n    ${condition}\n    jobs: [{ deployment: d, environment: production }]\n`;
const BRANCH = "condition: and(succeeded(), eq(variables['Build.SourceBranch'], 'refs/heads/main'))";
const github = (job: string, steps: string) =>
  `on: { push: { branches: [main] } }\npermissions: { contents: read }\njobs:\n  deploy:\n    runs-on: ubuntu-24.04\n${job}    steps:\n${steps}`;
const DEPLOY = "      - run: ./deploy.sh\n";

describe("what a pipeline runs, and when", () => {
  it.each([
    [
      "an image by its digest, then by a name",
      jenkins(`image 'r.example/b@${DIGEST}'`),
      jenkins("image 'r.example/b:1'"),
      U,
    ],
    [
      "an image of a step by a name that moves",
      jenkins("docker.image('node:20.1').inside {", "}"),
      jenkins("docker.image('node:latest').inside {", "}"),
      U,
    ],
    [
      "an image of somebody else",
      jenkins("agent { docker { image 'r.example/b:1' } }"),
      jenkins("agent { docker { image 'docker.io/x/b:1' } }"),
      U,
    ],
    ["a newer image", jenkins("image 'r.example/b:1'"), jenkins("image 'r.example/b:2'"), ""],
    ["a key in another writing", withKey("./deploy.sh"), withKey("echo $KEY | base64"), S],
    ["a key for a login", withKey("./deploy.sh"), withKey("echo $KEY | docker login --password-stdin a"), ""],
    [
      "a scan whose failure is caught",
      jenkins("sh 'trivy fs .'"),
      jenkins("catchError { sh 'trivy fs .' }"),
      P,
    ],
  ])("Jenkins: %s", (_, before, after, codes) => {
    expect(codesOf("Jenkinsfile", before, after)).toBe(codes);
  });

  it.each([
    ["whatever happened", BRANCH, "condition: always()", P],
    ["of any branch", BRANCH, "condition: succeeded()", P],
    ["without a condition", BRANCH, "displayName: a", P],
    ["of one branch", "displayName: a", BRANCH, ""],
  ])("Azure delivers %s", (_, before, after, codes) => {
    expect(codesOf("azure-pipelines.yml", azure(before), azure(after))).toBe(codes);
  });

  it.each([
    ["a job that delivers whatever happened", github("", DEPLOY), github("    if: always()\n", DEPLOY), P],
    [
      "a step that keeps logs whatever happened",
      github("", `${DEPLOY}      - run: ./logs.sh\n`),
      github("", `${DEPLOY}      - run: ./logs.sh\n        if: always()\n`),
      "",
    ],
    [
      "a scan that stops nothing",
      github("", "      - run: trivy fs .\n"),
      github("", "      - run: trivy fs . || true\n"),
      P,
    ],
    [
      "a cleaning up that may fail",
      github("", DEPLOY),
      github("", `${DEPLOY}      - run: rm -r a || true\n`),
      "",
    ],
  ])("GitHub: %s", (_, before, after, codes) => {
    expect(codesOf(".github/workflows/a.yml", before, after)).toBe(codes);
  });
});

const filter = (type: string, pattern: string) =>
  ` filter {\n type = "${type}"\n pattern = "${pattern}"\n}\n`;
const webhook = (...filters: readonly string[]) =>
  block("aws_codebuild_webhook", `filter_group {\n${filters.join("")}}`);
const EVENT = filter("EVENT", "PULL_REQUEST_CREATED");

describe("who starts a build", () => {
  it.each([
    ["anybody", webhook(EVENT, filter("ACTOR_ACCOUNT_ID", "^1$")), webhook(EVENT), U],
    [
      "whose number has the other in it",
      webhook(filter("ACTOR_ACCOUNT_ID", "^(12|34)$")),
      webhook(filter("ACTOR_ACCOUNT_ID", "12|34")),
      U,
    ],
    [
      "fewer people",
      webhook(filter("ACTOR_ACCOUNT_ID", "^(12|34)$")),
      webhook(filter("ACTOR_ACCOUNT_ID", "^(12)$")),
      "",
    ],
    [
      "pull requests",
      webhook(filter("EVENT", "PUSH")),
      webhook(filter("EVENT", "PUSH,PULL_REQUEST_CREATED")),
      U,
    ],
  ])("of CodeBuild: %s", (_, before, after, codes) => {
    expect(codesOf("a.tf", before, after)).toBe(codes);
  });

  it.each([
    [
      "buildkite_pipeline",
      "provider_settings = {\n build_pull_request_forks = false\n}",
      "provider_settings = {\n build_pull_request_forks = true\n}",
      U,
    ],
    [
      "google_cloudbuild_trigger",
      'github {\n push {\n branch = "^main$"\n}\n}',
      'github {\n push {\n branch = ".*"\n}\n}',
      P,
    ],
    ["gitlab_project", 'visibility_level = "private"', 'visibility_level = "internal"', "isolation-lost"],
  ])("%s", (type, before, after, codes) => {
    expect(codesOf("a.tf", block(type, before), block(type, after))).toBe(codes);
  });
});
