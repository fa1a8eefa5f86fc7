// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync } from "node:crypto";
import {
  formatPublicKey,
  toDeploymentStatement,
  toMachineKey,
  toMachineKeyId,
} from "@countersign/core/attestation";
import { addEvidence, openRepository } from "@countersign/git";
import { signMachineStatement } from "@countersign/signing";
import { buildShippedProject, type ShippedProject } from "./shipped-project.fixture.ts";

/** The shipped project, delivered to production at noon of the day of its commits. */
export async function buildDeliveredProject(): Promise<ShippedProject> {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const machine = toMachineKey(Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url"));
  const project = await buildShippedProject(
    `machines:\n  release: { keys: ["${formatPublicKey(machine)}"], may: [verdict, deployment] }\n`,
  );
  const { repo } = project;
  const statement = toDeploymentStatement({
    environment: "production",
    commits: { base: await repo.id("refs/tags/v1"), head: await repo.id("refs/tags/v2") },
    artifacts: [],
    repository: "https://git.example/team/project",
    target: "refs/heads/main",
    at: "2026-01-01T12:00:00Z",
    pipeline: { issuer: "https://ci.example", subject: "team/project", run: "17" },
    verdict: "pass",
    kind: "first",
    policyDigest: null,
    gaps: [],
    reasons: [],
    previous: null,
    nonce: "5".repeat(32),
  });
  const key = { privateKey, publicKey: machine, keyid: toMachineKeyId(machine) };
  await addEvidence(await openRepository(repo.path), [signMachineStatement(statement, key)]);
  return project;
}
