// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync, randomBytes } from "node:crypto";
import {
  type DeploymentPredicate,
  formatInstant,
  formatPublicKey,
  toDeploymentStatement,
  toMachineKey,
  toMachineKeyId,
} from "@countersign/core/attestation";
import { sha256Hex } from "@countersign/core/ids";
import { DECIDING_REFS, NO_LEDGER, readPolicyAt } from "@countersign/gate";
import { addEvidence, openRepository, snapshotRefs } from "@countersign/git";
import { signMachineStatement } from "@countersign/signing";
import { createRepository, START, type TestRepository } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readMachineEvidence } from "../machine/read-machine-evidence.ts";
import { findDelivered, timeOf } from "./find-delivered.ts";
import { gatherReport } from "./gather-report.ts";
import { NOTHING_LOGGED } from "./read-logged.ts";
import { type Attested, toAttested } from "./to-attested.ts";

const TARGET = "refs/heads/main";
const REPOSITORY = "https://git.example/team/project";
const HOUR = 3600;

function createMachine() {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const { x = "" } = publicKey.export({ format: "jwk" });
  const key = toMachineKey(Buffer.from(x, "base64url"));
  return { keyid: toMachineKeyId(key), publicKey: key, privateKey };
}
const pipeline = createMachine();
const gateOnly = createMachine();
const stranger = createMachine();

let repo: TestRepository;
let commits: readonly string[];

/** Six commits on main, one every hour; the odd ones had help from an AI. */
beforeAll(async () => {
  repo = await createRepository();
  const policy = `version: 1
repository: ${REPOSITORY}
machines:
  release: { keys: ["${formatPublicKey(pipeline.publicKey)}"], may: [verdict, deployment] }
  ci: { keys: ["${formatPublicKey(gateOnly.publicKey)}"], may: [verdict] }
`;
  const made = [await repo.commit({ message: "start\n", files: { ".countersign/policy.yml": policy } })];
  for (let n = 1; n < 6; n++) {
    const message =
      n % 2 === 1 ? `change ${n}\n\nAI-Assisted: claude-code/claude-opus-4-8\n` : `change ${n}\n`;
    made.push(await repo.commit({ message, files: { [`f${n}.txt`]: `${n}\n` } }));
  }
  commits = made;
});
afterAll(() => repo.remove());

const id = (n: number) => commits[n] ?? "";
const at = (hours: number) => formatInstant(START + hours * HOUR);

function deployment(
  head: number,
  hours: number,
  fields: Partial<DeploymentPredicate> = {},
): DeploymentPredicate {
  return {
    environment: "production",
    commits: { base: null, head: id(head) },
    artifacts: [{ name: "shop", digest: { sha256: "ab".repeat(32) } }],
    repository: REPOSITORY,
    target: TARGET,
    at: at(hours),
    pipeline: { issuer: "https://ci.example", subject: "team/project", run: "17" },
    verdict: "pass",
    kind: "forward",
    policyDigest: null,
    gaps: [],
    reasons: [],
    previous: null,
    nonce: randomBytes(16).toString("hex"),
    ...fields,
  };
}

/** The evidence is exactly these deliveries; each is given the name of the one before it. */
async function deliver(...deliveries: readonly DeploymentPredicate[]): Promise<Attested> {
  await repo.tryGit(["update-ref", "-d", "refs/countersign/evidence"]);
  let previous: string | null = null;
  for (const predicate of deliveries) {
    const envelope = signMachineStatement(toDeploymentStatement({ ...predicate, previous }), pipeline);
    await add(envelope);
    previous = sha256Hex(envelope);
  }
  return await read();
}

async function add(envelope: Uint8Array): Promise<void> {
  await addEvidence(await openRepository(repo.path), [envelope]);
}

async function open() {
  return await snapshotRefs(await openRepository(repo.path), DECIDING_REFS);
}

async function read(): Promise<Attested> {
  const repository = await open();
  const reading = await readPolicyAt(repository, { commit: id(5), path: ".countersign/policy.yml" }, TARGET);
  if (reading.policy === null) throw new Error("no policy");
  const { policy } = reading;
  const known = await readMachineEvidence({ repository, policy, evidence: [], inclusion: NO_LEDGER });
  return toAttested({ target: TARGET, known, logged: NOTHING_LOGGED });
}

async function titlesIn({ deployments }: Attested, from: string | null, until: string | null) {
  const repository = await open();
  const delivered = await findDelivered(repository, deployments, "production", { from, until });
  if (delivered.head === null) return { titles: [], notes: delivered.notes };
  const report = await gatherReport({
    repository,
    scope: { kind: "environment", environment: "production", from, until },
    ...delivered,
    head: delivered.head,
    target: TARGET,
    now: START + 1000 * HOUR,
    evidence: [],
    depth: 1,
    ledger: null,
    surviving: null,
  });
  return {
    titles: [...report.changes].map(({ title, seen }) => [title, seen?.at ?? null]),
    notes: delivered.notes,
    report,
  };
}

describe("what was delivered", () => {
  it("in a span of time: what each delivery brought beyond the one before, and when", async () => {
    const attested = await deliver(deployment(1, 10), deployment(3, 20), deployment(5, 30));
    expect(attested.deployments.map(({ problem }) => problem)).toEqual([null, null, null]);
    expect((await titlesIn(attested, at(15), at(31))).titles).toEqual([
      ["change 5", at(30)],
      ["change 4", at(30)],
      ["change 3", at(20)],
      ["change 2", at(20)],
    ]);
    expect((await titlesIn(attested, at(15), at(30))).titles.map(([title]) => title)).toEqual([
      "change 3",
      "change 2",
    ]);
    expect((await titlesIn(attested, null, at(11))).titles).toHaveLength(2);
  });

  it("is nothing where nothing was, and says what runs there", async () => {
    const attested = await deliver(deployment(3, 20));
    const { titles, notes, report } = await titlesIn(attested, at(21), at(30));
    expect(titles).toEqual([]);
    expect(report?.totals.changes).toBe(0);
    expect(notes[0]).toMatchObject({
      code: "no-delivery",
      message: expect.stringContaining(id(3).slice(0, 12)),
    });
    expect((await titlesIn(await deliver(), at(0), at(1))).notes[0]?.message).toContain(
      "nothing was ever delivered",
    );
  });

  it("counts what a rollback took away again: it ran", async () => {
    const attested = await deliver(
      deployment(1, 10),
      deployment(5, 20),
      deployment(1, 21, { kind: "rollback" }),
    );
    const { titles, notes } = await titlesIn(attested, at(15), at(30));
    expect(titles).toHaveLength(4);
    expect(notes).toMatchObject([
      { code: "rolled-back", message: expect.stringContaining(id(1).slice(0, 12)) },
    ]);
  });

  it("is of that environment, branch and repository only", async () => {
    const attested = await deliver(
      deployment(5, 10, { environment: "staging" }),
      deployment(5, 11, { target: "refs/heads/other" }),
      deployment(5, 12, { repository: "https://git.example/team/fork" }),
    );
    expect(attested.deployments.map(({ environment }) => environment)).toEqual(["staging"]);
    expect((await titlesIn(attested, at(0), at(20))).titles).toEqual([]);
  });
});

describe("deliveries that cannot be taken as they stand", () => {
  it("T36: one that was taken out of the chain is missed", async () => {
    await deliver(deployment(1, 10));
    const lost = signMachineStatement(toDeploymentStatement(deployment(2, 15)), pipeline);
    await add(
      signMachineStatement(toDeploymentStatement(deployment(3, 20, { previous: sha256Hex(lost) })), pipeline),
    );
    const { deployments } = await read();
    expect(deployments.map(({ problem }) => problem)).toEqual([
      null,
      expect.stringContaining(
        `it names ${sha256Hex(lost).slice(0, 12)} as the delivery before it, and that was`,
      ),
    ]);
  });

  it("a machine that may not deliver, and one that nobody knows", async () => {
    await deliver(deployment(1, 10));
    await add(signMachineStatement(toDeploymentStatement(deployment(5, 11)), gateOnly));
    await add(signMachineStatement(toDeploymentStatement(deployment(5, 12)), stranger));
    const { deployments, problems } = await read();
    expect(deployments.map(({ problem }) => problem)).toEqual([
      null,
      "ci signed it, and the policy does not let it deploy",
    ]);
    expect(problems).toMatchObject([{ code: "SIGNER_UNKNOWN" }]);
  });

  it("T48: one that was refused when it was recorded", async () => {
    const { deployments } = await deliver(
      deployment(5, 10, {
        verdict: "denied",
        reasons: [{ rule: "continuity", reason: "2 commits without a verdict" }],
      }),
    );
    expect(deployments[0]?.problem).toBe(
      "it was recorded as denied: continuity: 2 commits without a verdict",
    );
    const { report } = await titlesIn(await read(), at(0), at(20));
    expect(report?.gaps.find(({ code }) => code === "deployment-unsound")).toMatchObject({
      severity: "high",
      count: 1,
    });
  });
});

describe("the time of a delivery", () => {
  const proof = (hours: number) => ({ index: 1, loggedAt: at(hours), isRedacted: false });

  it("is the pipeline's, however late the log was brought up to date, and never after the log had it", () => {
    expect(timeOf({ at: at(10), proof: null })).toBe(at(10));
    expect(timeOf({ at: at(10), proof: proof(34) })).toBe(at(10));
    expect(timeOf({ at: at(10), proof: proof(9) })).toBe(at(9));
  });

  it("is doubted aloud where only the claim lies before the span", async () => {
    const { deployments } = await deliver(deployment(1, 10), deployment(3, 20));
    const logged = deployments.map((one) => ({ ...one, proof: proof(34) }));
    const span = { from: at(15), until: at(30) };
    const delivered = await findDelivered(await open(), logged, "production", span);
    expect(delivered).toMatchObject({ base: id(1), head: id(3) });
    expect(delivered.notes).toMatchObject([
      { code: "logged-late", message: expect.stringContaining(id(1).slice(0, 12)) },
    ]);
    expect(delivered.deployedAt(id(3))).toBe(at(34));
  });
});
