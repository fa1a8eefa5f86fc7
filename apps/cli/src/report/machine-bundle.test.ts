// SPDX-License-Identifier: Apache-2.0
// biome-ignore-all lint/suspicious/noExplicitAny: a forger of JSON has no types
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { appendToLedger, collectUnlogged } from "@countersign/audit";
import {
  type DeploymentPredicate,
  type RawStatement,
  toDeploymentStatement,
} from "@countersign/core/attestation";
import { toText } from "@countersign/core/ids";
import { addEvidence, openRepository } from "@countersign/git";
import { createTemporaryFolder, type TemporaryFolder } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestSigstore, type TestSigstore } from "../../../../packages/signing/src/sigstore.fixture.ts";
import { countersign } from "../command.fixture.ts";
import { buildShippedProject, run, type ShippedProject } from "./shipped-project.fixture.ts";

const PIPELINE = { issuer: "https://ci.example", subject: "https://ci.example/team/project/release.yml" };
const STRANGER = { ...PIPELINE, subject: "https://ci.example/somebody/else.yml" };

let sigstore: TestSigstore;
let elsewhere: TestSigstore;
let project: ShippedProject;
let folder: TemporaryFolder;
let key: string;
const place = (name: string) => join(folder.path, name);

beforeAll(async () => {
  [sigstore, elsewhere] = await Promise.all([createTestSigstore(), createTestSigstore()]);
  folder = await createTemporaryFolder();
  const identity = `{ issuer: "${PIPELINE.issuer}", subject: "${PIPELINE.subject}" }`;
  project = await buildShippedProject(
    `machines:\n  release: { sigstore: [${identity}], may: [deployment] }\n`,
    { ".countersign/trusted-root.json": toText(sigstore.trustedRoot) },
  );
  await add(await deployment({}));
  key = (await run(project.repo, "ledger", "init", "--origin", "log.example/team")).trim();
  await run(project.repo, "ledger", "append");
  await writeFile(place("root.json"), sigstore.trustedRoot);
  await writeFile(place("other-root.json"), elsewhere.trustedRoot);
});
afterAll(async () => {
  await project?.repo.remove();
  for (const one of [sigstore, elsewhere]) await one?.[Symbol.asyncDispose]();
  await folder?.remove();
});

async function add(envelope: Uint8Array): Promise<void> {
  await addEvidence(await openRepository(project.repo.path), [envelope]);
}

async function deployment(fields: Partial<DeploymentPredicate>, by = PIPELINE): Promise<Uint8Array> {
  const { repo } = project;
  const statement: RawStatement = toDeploymentStatement({
    environment: "production",
    commits: { base: await repo.id("refs/tags/v1"), head: await repo.id("refs/tags/v2") },
    artifacts: [],
    repository: "https://git.example/team/project",
    target: "refs/heads/main",
    at: "2026-01-01T12:00:00Z",
    pipeline: null,
    verdict: "pass",
    kind: "first",
    policyDigest: null,
    gaps: [],
    reasons: [],
    previous: null,
    nonce: "5".repeat(32),
    ...fields,
  });
  return await sigstore.sign(statement, by);
}

async function bundle(name = "bundle.json"): Promise<string> {
  await run(project.repo, "report", "v1..v2", "--blame-seconds", "0", "--bundle", place(name));
  return await readFile(place(name), "utf8");
}

async function verify(name: string, ...args: readonly string[]) {
  const command = ["ledger", "verify", "--bundle", place(name), "--log-key", key, "--json", ...args];
  const { exitCode, stdout, stderr } = await countersign(command, { cwd: folder.path });
  const { counts, faults = [] } = stdout === "" ? ({} as any) : JSON.parse(stdout);
  return {
    exitCode,
    stderr,
    counts,
    faults: faults.map((one: any) => `${one.part} ${one.code} ${one.message}`),
  };
}

describe("a delivery that a pipeline signed with a certificate", () => {
  it("is verified offline by the root that stands beside the policy, in the report and in the bundle", async () => {
    const { report } = JSON.parse(await bundle());
    expect(report.deployments).toMatchObject([{ environment: "production", verdict: "pass", problem: null }]);
    const own = await verify("bundle.json");
    expect(own).toMatchObject({
      exitCode: 0,
      faults: [],
      counts: { signatures: 2, machines: 1, unlogged: 0 },
    });
    expect(own.stderr).toContain("by the bundle's own Sigstore root");
    const brought = await verify("bundle.json", "--trusted-root", place("root.json"));
    expect(brought).toMatchObject({ exitCode: 0, faults: [], stderr: "" });
  });

  it("proves nothing by another instance's root, by a root that is none, or by none", async () => {
    const text = await bundle();
    const other = await verify("bundle.json", "--trusted-root", place("other-root.json"));
    expect(other.exitCode).toBe(1);
    expect(other.faults[0]).toMatch(/^evidence\.\w+ SIGNATURE_INVALID the Sigstore bundle does not verify/);
    for (const [root, code] of [
      [null, "SIGNER_UNKNOWN"],
      [Buffer.from("{}").toString("base64"), "KEY_MALFORMED"],
    ] as const) {
      await writeFile(place("changed.json"), JSON.stringify({ ...JSON.parse(text), trustedRoot: root }));
      const { exitCode, faults } = await verify("changed.json");
      expect(exitCode).toBe(1);
      expect(faults[0]).toMatch(new RegExp(`^evidence\\.\\w+ ${code}`));
    }
  });

  it.each<[string, (deployment: any) => void, string]>([
    [
      "where",
      (one) => (one.environment = "staging"),
      'environment is "staging", the statement says "production"',
    ],
    ["when", (one) => (one.at = "2026-01-02T12:00:00Z"), 'at is "2026-01-02T12:00:00Z"'],
    [
      "with what verdict",
      (one) => (one.verdict = "denied"),
      'verdict is "denied", the statement says "pass"',
    ],
    ["what", (one) => (one.head = one.base), "the statement says"],
    ["which artifact", (one) => one.artifacts.push({ name: "shop", digest: "0".repeat(64) }), "artifacts is"],
  ])("may not be said to have gone otherwise: %s", async (_name, change, reason) => {
    const forged = JSON.parse(await bundle());
    change(forged.report.deployments[0]);
    await writeFile(place("changed.json"), JSON.stringify(forged));
    const { exitCode, faults } = await verify("changed.json");
    expect(exitCode).toBe(1);
    expect(faults.join("\n")).toMatch(/report\.deployments\.\w+ REPORT_UNFOUNDED/);
    expect(faults.join("\n")).toContain(reason);
  });

  it("by a certificate of somebody else's pipeline is no delivery", async () => {
    const kept = await project.repo.id("refs/countersign/evidence");
    await add(await deployment({ verdict: "pass", nonce: "6".repeat(32) }, STRANGER));
    const { report } = JSON.parse(await bundle("stranger.json"));
    expect(report.deployments).toHaveLength(1);
    expect(report.gaps.find((gap: any) => gap.code === "evidence-unusable").items[0].reason).toContain(
      "SIGNER_UNKNOWN: no machine of the policy has this identity",
    );
    await project.repo.git(["update-ref", "refs/countersign/evidence", kept]);
  });

  it("is not what a log's operator wrote down for it", async () => {
    const denied = {
      verdict: "denied",
      nonce: "7".repeat(32),
      reasons: [{ rule: "r", reason: "no" }],
    } as const;
    await add(await deployment({ ...denied, at: "2026-01-01T13:00:00Z" }));
    const repository = await openRepository(project.repo.path);
    const dir = join(project.repo.path, ".git/countersign/ledger");
    const { pieces } = await collectUnlogged(repository, async () => false);
    const lies = pieces.flatMap((own): readonly (typeof own)[] => {
      const { piece } = own;
      if (piece.type !== "machine" || piece.said.kind !== "deployment") return [];
      if (piece.said.predicate.verdict !== "denied") return [];
      const predicate = { ...piece.said.predicate, verdict: "pass" as const };
      return [{ ...own, piece: { ...piece, said: { ...piece.said, predicate } } }];
    });
    expect(lies).toHaveLength(1);
    for await (const _ of appendToLedger({ dir }, lies, () => 1_767_300_000));
    await bundle("lied.json");
    const { exitCode, faults } = await verify("lied.json");
    expect(exitCode).toBe(1);
    expect(faults.join("\n")).toMatch(
      /evidence\.\w+ LOG_ENTRY_MALFORMED entry \d+ of the log says something else of it/,
    );
  });
});
