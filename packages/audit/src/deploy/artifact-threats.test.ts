// SPDX-License-Identifier: Apache-2.0
import type { RawStatement } from "@countersign/core/attestation";
import { type FindBlob, REVISION_LABEL } from "@countersign/core/audit";
import { sha256Hex, toUtf8 } from "@countersign/core/ids";
import { signMachineStatement } from "@countersign/signing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { addRecord, toRecord } from "../../../gate/src/threats/records.fixture.ts";
import { createTestSigstore } from "../../../signing/src/sigstore.fixture.ts";
import {
  artifact,
  createDeployScenario,
  DAY,
  type DeployScenario,
  HOUR,
  NOW,
  reasonOf,
} from "./deploy-scenario.fixture.ts";

let scenario: DeployScenario;
let tip: string;
beforeEach(async () => {
  scenario = await createDeployScenario();
  await scenario.record(scenario.start, { isBaseline: true, now: NOW - 5 * DAY });
  tip = await scenario.ship();
});
afterEach(() => scenario[Symbol.asyncDispose]());

/** An image whose configuration carries this label. */
function toImage(revision: string): { readonly digest: string; readonly findBlob: FindBlob } {
  const blobs = new Map<string, Uint8Array>();
  const put = (value: object): string => {
    const bytes = toUtf8(JSON.stringify(value));
    blobs.set(sha256Hex(bytes), bytes);
    return sha256Hex(bytes);
  };
  const config = put({ config: { Labels: { [REVISION_LABEL]: revision } } });
  const digest = put({ schemaVersion: 2, config: { digest: `sha256:${config}` }, layers: [] });
  return { digest, findBlob: (name) => blobs.get(name) };
}

const ask = (revision: string, commit: string | null = null, of = scenario) => {
  const { digest, findBlob } = toImage(revision);
  return of.check(commit, { artifacts: [artifact("shop", digest)], findBlob });
};

describe("T55: an artifact of something else than what was approved", () => {
  it("an image says its commit, which is judged, and that this is only its builder's word", async () => {
    const report = await ask(tip);
    expect(report).toMatchObject({ verdict: "pass", commit: tip });
    expect(reasonOf(report, "artifact")).toMatchObject({ status: "warning" });
    expect(reasonOf(report, "artifact").reason).toContain("the word of whoever built it");
  });

  it("built from another commit than the one that is asked about", async () => {
    const report = await ask(scenario.start, tip);
    expect(report.verdict).toBe("denied");
    expect(reasonOf(report, "artifact").reason).toMatch(/built from|says itself/);
    expect(report.findings.map(({ reason }) => reason).join("\n")).toContain(
      "built from another commit than the one that is asked about",
    );
  });

  it("built from a tree with changes that nobody committed", async () => {
    const report = await ask(`${tip}-dirty`);
    expect(report).toMatchObject({ verdict: "denied", commit: null });
    expect(reasonOf(report, "artifact").reason).toContain("changes that nobody committed");
  });

  it("built from an unapproved branch", async () => {
    const head = await scenario.propose({ from: tip });
    const report = await ask(head);
    expect(report.verdict).toBe("denied");
    expect(reasonOf(report, "target").reason).toMatch(/is not on refs\/heads\/main/);
  });

  it("built from the middle of a branch that was merged", async () => {
    const middle = await scenario.propose({ from: tip, message: "by hand\n" });
    const head = await scenario.propose({ from: middle, message: "by hand too\n" });
    const tree = await scenario.repo.id(`${head}^{tree}`);
    const merged = await scenario.repo.git(["commit-tree", tree, "-p", tip, "-p", head, "-m", "Merge\n"]);
    await scenario.attest(tip, head);
    await scenario.forcePush(merged);
    expect((await ask(merged)).verdict).toBe("pass");
    const report = await ask(middle);
    expect(report.verdict).toBe("denied");
    expect(reasonOf(report, "target").reason).toContain("never was its tip");
  });

  it("built from another repository", async () => {
    const report = await ask("9".repeat(40));
    expect(report.verdict).toBe("denied");
    expect(reasonOf(report, "target").reason).toContain("is no commit of this repository");
  });

  it("of which nothing says anything: nobody can tell, which is no yes", async () => {
    const report = await scenario.check(tip, { artifacts: [artifact("shop", "b".repeat(64))] });
    expect(report.verdict).toBe("error");
    expect(reasonOf(report, "artifact").reason).toContain("nothing says from which commit it was built");
  });

  it("that was never tried in staging, or was another build there", async () => {
    await using own = await createDeployScenario({
      policy: "deployments: { staging: {}, production: { after: staging, minimum: 2h } }\n",
    });
    for (const environment of ["staging", "production"])
      await own.record(own.start, { isBaseline: true, environment, now: NOW - 5 * DAY });
    const next = await own.ship({ at: NOW - DAY });
    const [first, second] = [toImage(next), toImage(next)];
    const with_ = ({ digest, findBlob }: typeof first) => ({
      artifacts: [artifact("shop", digest)],
      findBlob,
    });
    expect(reasonOf(await own.check(next, with_(first)), "after")).toMatchObject({ status: "fail" });
    await own.record(next, { environment: "staging", now: NOW - HOUR, ...with_(first) });
    const early = await own.check(next, with_(first));
    expect(early.verdict).toBe("pending");
    expect(reasonOf(early, "after").reason).toContain("the policy asks for 2h; wait 3600 s more");
    const later = { now: NOW + HOUR };
    expect(await own.check(next, { ...with_(second), ...later })).toMatchObject({
      verdict: "pass",
      after: { environment: "staging", commit: next },
    });
    const rebuilt = { ...toImage(next), digest: "c".repeat(64) };
    const other = await own.check(next, { ...with_(rebuilt), ...later });
    expect(reasonOf(other, "after").reason).toContain("with other artifacts");
  });
});

describe("T55: signed provenance", () => {
  const DIGEST = "b".repeat(64);
  const provenance = (
    commit: string,
    uri = "git+https://git.example/team/project@refs/heads/main",
  ): RawStatement => ({
    subject: [{ name: "shop.tar", digest: { sha256: DIGEST } }],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: "https://ci.example/v1",
        resolvedDependencies: [{ uri, digest: { gitCommit: commit } }],
      },
    },
  });
  const MAY = { ci: "verdict", deployer: "deployment", builder: "provenance" } as const;

  async function builderScenario() {
    const own = await createDeployScenario({ may: MAY });
    await own.record(own.start, { isBaseline: true, now: NOW - 5 * DAY });
    return { own, head: await own.ship() };
  }

  const asFile = (
    own: DeployScenario,
    statement: RawStatement,
    by: "builder" | "ci" | "stranger" = "builder",
  ) => signMachineStatement(statement, own.keyOfMachine(by));

  it("says the commit, and nothing needs to be taken on anybody's word", async () => {
    const { own, head } = await builderScenario();
    await using _ = own;
    const report = await own.check(null, {
      artifacts: [artifact("shop", DIGEST)],
      provenance: [asFile(own, provenance(head))],
    });
    expect(report).toMatchObject({ verdict: "pass", commit: head });
    expect(report.findings.filter(({ rule }) => rule === "artifact")).toEqual([]);
  });

  it("may stand in a file in any white space, as other tools write it", async () => {
    const { own, head } = await builderScenario();
    await using _ = own;
    const text = Buffer.from(asFile(own, provenance(head))).toString("utf8");
    const file = Buffer.from(JSON.stringify(JSON.parse(text), null, 2));
    const report = await own.check(null, { artifacts: [artifact("shop", DIGEST)], provenance: [file] });
    expect(report.verdict).toBe("pass");
  });

  it("where the policy names builders a label is not enough", async () => {
    const { own, head } = await builderScenario();
    await using _ = own;
    const report = await ask(head, null, own);
    expect(report.verdict).toBe("denied");
    expect(reasonOf(report, "artifact").reason).toContain("give signed provenance");
  });

  it.each([
    [
      "nobody signed",
      (_own: DeployScenario, head: string) => toUtf8(JSON.stringify(provenance(head))),
      "is not signed",
    ],
    [
      "a stranger signed",
      (own: DeployScenario, head: string) => asFile(own, provenance(head), "stranger"),
      "belongs to no machine that is known",
    ],
    [
      "a machine signed that may only give verdicts",
      (own: DeployScenario, head: string) => asFile(own, provenance(head), "ci"),
      "may not say where something was built from",
    ],
  ])("that %s proves nothing", async (_what, make, words) => {
    const { own, head } = await builderScenario();
    await using _ = own;
    const file = make(own, head);
    const report = await own.check(head, { artifacts: [artifact("shop", DIGEST)], provenance: [file] });
    expect(["denied", "error"]).toContain(report.verdict);
    expect(reasonOf(report, "provenance").reason).toContain(words);
  });

  it.each([
    [
      "another artifact",
      (head: string) => ({
        ...provenance(head),
        subject: [{ name: "x", digest: { sha256: "c".repeat(64) } }],
      }),
      "error",
    ],
    ["a fork", (head: string) => provenance(head, "git+https://git.example/mallory/project"), "denied"],
    ["another commit than its label", () => provenance("9".repeat(40)), "denied"],
  ] as const)("of %s does not do", async (_what, make, verdict) => {
    const { own, head } = await builderScenario();
    await using _ = own;
    const report = await own.check(head, {
      artifacts: [artifact("shop", DIGEST)],
      provenance: [asFile(own, make(head))],
    });
    expect(report.verdict).toBe(verdict);
  });
});

describe("T55: provenance signed without a key, by an identity", () => {
  const IDENTITY = { issuer: "https://ci.example", subject: "https://ci.example/acme/shop/release" };
  const DIGEST = "b".repeat(64);
  const provenance = (commit: string): RawStatement => ({
    subject: [{ name: "shop.tar", digest: { sha256: DIGEST } }],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        resolvedDependencies: [
          { uri: "git+https://git.example/team/project", digest: { gitCommit: commit } },
        ],
      },
    },
  });

  it("counts by the trusted root on the branch and by issuer and subject to the letter", async () => {
    await using sigstore = await createTestSigstore();
    await using other = await createTestSigstore();
    await using own = await createDeployScenario({
      machines: `  release: { sigstore: { issuer: "${IDENTITY.issuer}", subject: "${IDENTITY.subject}" }, may: [provenance] }\n`,
      files: { ".countersign/trusted-root.json": Buffer.from(sigstore.trustedRoot).toString("utf8") },
    });
    await own.record(own.start, { isBaseline: true });
    const head = await own.ship();
    const check = async (bundle: Uint8Array) =>
      own.check(null, { artifacts: [artifact("shop", DIGEST)], provenance: [bundle] });
    expect(await check(await sigstore.sign(provenance(head), IDENTITY))).toMatchObject({
      verdict: "pass",
      commit: head,
    });
    for (const bundle of [
      await other.sign(provenance(head), IDENTITY),
      await sigstore.sign(provenance(head), { ...IDENTITY, subject: `${IDENTITY.subject}/../evil` }),
      await sigstore.sign(provenance(head), { ...IDENTITY, issuer: "https://evil.example" }),
    ]) {
      const report = await check(bundle);
      expect(report.verdict).not.toBe("pass");
      expect(reasonOf(report, "provenance").reason).toContain("proves nothing");
    }
  });
});

describe("T01: trailers stripped although a recorder saw the session", () => {
  it("what was recorded as an AI's is asked for a sign-off when it is deployed, whatever the message says", async () => {
    await using own = await createDeployScenario({
      may: { deployer: "deployment" },
      policy: "undeclared: deny\n",
    });
    await own.record(own.start, { isBaseline: true });
    const head = await own.ship({
      message: "net: route the subnet\n",
      files: { "net.txt": "route\n" },
      signedBy: null,
      isAttested: false,
    });
    expect((await own.check(head)).verdict).toBe("pass");
    await addRecord(own.repo, [await toRecord(own.repo, head, { "net.txt": "ai" })]);
    const report = await own.check(head);
    expect(report).toMatchObject({ verdict: "denied", changes: [{ assisted: true }] });
    expect(reasonOf(report, "undeclared").reason).toContain("their messages do not say so");
    expect(reasonOf(report, "ai-senior-sign-off").reason).toContain("0 of 1 sign-off");
  });
});
