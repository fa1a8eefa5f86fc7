// SPDX-License-Identifier: Apache-2.0
import {
  type CodeReviewPredicate,
  type DeploymentPredicate,
  toCodeReviewStatement,
  toDeploymentStatement,
} from "@countersign/core/attestation";
import { type AssistanceRecord, formatAssistanceRecord } from "@countersign/core/attribution";
import { toLogEntry } from "@countersign/core/audit";
import { toUtf8 } from "@countersign/core/ids";
import { addEvidence, addRecords, EVIDENCE_REF, openRepository } from "@countersign/git";
import { readMachineKey, signMachineStatement, signStatement } from "@countersign/signing";
import { createRepository, createSshKey } from "@countersign/testkit";
import { describe, expect, it } from "vitest";
import { collectUnlogged } from "./collect-unlogged.ts";

const REVIEW: CodeReviewPredicate = {
  decision: "approve",
  principal: "senior",
  role: "senior",
  change: {
    repository: "https://git.example/acme/shop",
    target: "refs/heads/main",
    mergeBase: "1".repeat(40),
    mergeBaseTree: "2".repeat(40),
    head: "3".repeat(40),
    headTree: "4".repeat(40),
    contentDigest: "7".repeat(64),
    policyDigest: "5".repeat(64),
    objectFormat: "sha1",
  },
  changeKind: "change",
  nonce: "0".repeat(32),
  issuedAt: "2026-03-01T12:00:00Z",
  expiresAt: null,
  method: "ssh",
  reason: null,
  revokes: [],
};

const DEPLOYMENT: DeploymentPredicate = {
  environment: "production",
  commits: { base: null, head: "3".repeat(40) },
  artifacts: [],
  repository: "",
  target: "refs/heads/main",
  at: "2026-03-02T08:00:00Z",
  pipeline: null,
  verdict: "pass",
  kind: "first",
  policyDigest: null,
  gaps: [],
  reasons: [],
  previous: null,
  nonce: "2".repeat(32),
};

const recordOf = (commit: string): AssistanceRecord => ({
  version: 1,
  commit,
  tree: "d".repeat(40),
  grade: "observed",
  recorder: { name: "countersign", version: "1" },
  coverage: { isWhole: true, from: null, to: null, gaps: [] },
  agents: [],
  files: [],
  derivedFrom: [],
});

const never = async () => false;

describe("collectUnlogged", () => {
  it("takes records by commit, then statements by time, whatever order they were written in", async () => {
    await using repo = await createRepository();
    await using key = await createSshKey("senior");
    const repository = await openRepository(repo.path);
    const sign = (change: Partial<CodeReviewPredicate>) =>
      signStatement(toCodeReviewStatement({ ...REVIEW, ...change }), key.privateKeyPath);
    await addEvidence(repository, [
      await sign({ issuedAt: "2026-03-02T12:00:00Z", decision: "reject" }),
      await sign({}),
    ]);
    const commits = ["b", "a"].map((digit) => digit.repeat(40));
    await addRecords(
      repository,
      commits.map((commit) => ({ commit, bytes: formatAssistanceRecord(recordOf(commit)) })),
    );
    const { pieces, problems } = await collectUnlogged(repository, never);
    expect(problems).toEqual([]);
    expect(
      pieces.map(({ piece }) => {
        if (piece.type === "record") return piece.record.commit[0];
        return piece.type === "envelope"
          ? piece.envelope.statement.predicate.issuedAt.slice(0, 10)
          : undefined;
      }),
    ).toEqual(["a", "b", "2026-03-01", "2026-03-02"]);
  });

  it("takes what machines signed that the default branch's policy names, and no other machine's", async () => {
    await using repo = await createRepository();
    await using known = await createSshKey("ci");
    await using unknown = await createSshKey("ci");
    const policy = `version: 1\nmachines: { ci: { keys: ["${known.publicKey}"], may: [deployment] } }\n`;
    await repo.commit({ message: "policy\n", files: { ".countersign/policy.yml": policy } });
    const repository = await openRepository(repo.path);
    const statement = toDeploymentStatement(DEPLOYMENT);
    const sign = async (path: string) => signMachineStatement(statement, await readMachineKey(path));
    await addEvidence(repository, [await sign(known.privateKeyPath), await sign(unknown.privateKeyPath)]);
    const { pieces, problems } = await collectUnlogged(repository, never);
    expect(problems.map(({ code }) => code)).toEqual(["SIGNER_UNKNOWN"]);
    const [only] = pieces;
    if (only === undefined) throw new Error("expected the deployment");
    expect(toLogEntry(only.piece, "2026-03-05T00:00:00Z")).toMatchObject({
      kind: "deployment",
      commit: DEPLOYMENT.commits.head,
      decision: "pass",
      predicateType: "https://countersign.dev/deployment/v0.1",
    });
  });

  it("leaves out what is logged already", async () => {
    await using repo = await createRepository();
    await using key = await createSshKey("senior");
    const repository = await openRepository(repo.path);
    await addEvidence(repository, [await signStatement(toCodeReviewStatement(REVIEW), key.privateKeyPath)]);
    const [only] = (await collectUnlogged(repository, never)).pieces;
    if (only?.piece.type !== "envelope") throw new Error("expected the envelope");
    const { digest } = only.piece.envelope;
    expect((await collectUnlogged(repository, async (object) => object === digest)).pieces).toEqual([]);
  });

  it("takes nothing that proves nothing: it is named as a problem", async () => {
    await using repo = await createRepository();
    await using key = await createSshKey("senior");
    const repository = await openRepository(repo.path);
    const envelope = JSON.parse(
      Buffer.from(await signStatement(toCodeReviewStatement(REVIEW), key.privateKeyPath)).toString(),
    );
    envelope.payload = Buffer.from(
      Buffer.from(envelope.payload, "base64").toString().replace("senior", "junior"),
    ).toString("base64");
    await addEvidence(repository, [toUtf8(JSON.stringify(envelope)), toUtf8("{}")]);
    await repo.commit({
      branch: EVIDENCE_REF,
      message: "x\n",
      files: { [`00/${"0".repeat(64)}.json`]: "{}" },
    });
    await addRecords(repository, [{ commit: "a".repeat(40), bytes: toUtf8("{}") }]);
    const { pieces, problems } = await collectUnlogged(repository, never);
    expect(pieces).toEqual([]);
    expect(problems.map(({ code }) => code).sort()).toEqual([
      "ENVELOPE_MALFORMED",
      "RECORD_MALFORMED",
      "SIGNATURE_INVALID",
      "corrupt",
    ]);
  });
});
