// SPDX-License-Identifier: Apache-2.0
import type { GateReport } from "@countersign/core/render";
import type { CommitOptions, FileContent } from "@countersign/testkit";
import { expect } from "vitest";
import { AI_MESSAGE, createScenario, findingOf, type Scenario } from "./gate-scenario.fixture.ts";

export const LOGO = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 3]);
export const ROLE = 'resource "aws_iam_role" "deploy" {\n  name = "deploy"\n}\n';
const NFC = "deploy/caf\u00e9.yml";
export const NFD = "deploy/cafe\u0301.yml";

export const INFRA = "ai-infrastructure";

/** A project under the amazon profile with infrastructure, links and a submodule in it. */
export function createInfrastructureProject(): Promise<Scenario> {
  return createScenario({
    head: "extends: amazon\nrepository: https://git.example/team/project\n",
    policy: "roles: { senior: { members: [senior, second, author] } }\n",
    files: {
      "infra/iam.tf": ROLE,
      "infra/logo.png": LOGO,
      "deploy/run.sh": "#!/bin/sh\nship\n",
      "deploy/config.json": { symlink: "../data/config.json" },
      "data/config.json": "{}\n",
      "shared/notes.txt": "notes\n",
      "modules/app": { symlink: "../shared" },
      [NFC]: "a: 1\n",
      "link-to-infra": { symlink: "infra/iam.tf" },
      "dir-link": { symlink: "infra" },
      "harmless-link": { symlink: "README.md" },
      "src/main.c": "int main(void) { return 0; }\n",
      "big.bin": "version https://git-lfs.github.com/spec/v1\noid sha256:1111\nsize 1\n",
      vendored: { gitlink: "1".repeat(40) },
      ".gitmodules": '[submodule "vendored"]\n\tpath = vendored\n\turl = https://git.example/lib\n',
    },
  });
}

/** The gate's answer to a change of these files. */
export async function gateFiles(
  scenario: Scenario,
  files: CommitOptions["files"],
  message = AI_MESSAGE,
): Promise<GateReport> {
  const head = await scenario.propose({ message, files: files ?? {} });
  return await scenario.gate({ head });
}

/** Two seniors are asked for these files, and the finding names them. */
export async function expectInfrastructure(
  scenario: Scenario,
  files: Readonly<Record<string, FileContent>>,
  named: readonly string[] = Object.keys(files),
): Promise<GateReport> {
  const report = await gateFiles(scenario, files);
  const finding = findingOf(report, INFRA);
  expect(finding.status).toBe("pending");
  expect(finding.missing).toMatchObject({ role: "senior", count: 2 });
  expect(finding.files).toEqual(expect.arrayContaining([...named]));
  expect(report.verdict).not.toBe("pass");
  return report;
}
