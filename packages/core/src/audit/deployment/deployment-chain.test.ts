// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { DeploymentPredicate } from "../../attestation/index.ts";
import { DEPLOYMENT } from "../../attestation/machine-statements.fixture.ts";
import { checkStage } from "./check-stage.ts";
import { sortFindings, toDeployVerdict } from "./deploy-report.ts";
import { type KnownDeployment, toDeploymentChain } from "./deployment-chain.ts";

const name = (digit: string) => digit.repeat(64);
const one = (
  envelope: string,
  previous: string | null,
  fields: Partial<DeploymentPredicate> = {},
): KnownDeployment => ({
  envelope: name(envelope),
  predicate: { ...DEPLOYMENT, previous: previous === null ? null : name(previous), ...fields },
});

describe("toDeploymentChain", () => {
  it("ends at the one that no other names, whatever the clocks said, and finds the last approved by the links", () => {
    const deployments = [
      one("c", "b", { verdict: "denied", at: "2026-03-01T00:00:00Z" }),
      one("a", null, { verdict: "baseline", at: "2026-03-03T00:00:00Z" }),
      one("b", "a", { at: "2026-03-02T00:00:00Z" }),
    ];
    const chain = toDeploymentChain(deployments, "production");
    expect(chain.last?.envelope).toBe(name("c"));
    expect(chain.approved?.envelope).toBe(name("b"));
    expect(chain.oddities).toEqual([]);
  });

  it("keeps environments apart", () => {
    const chain = toDeploymentChain([one("a", null, { environment: "staging" })], "production");
    expect(chain).toMatchObject({ all: [], last: undefined, approved: undefined });
  });

  it("says that it has two ends, and takes the later one", () => {
    const chain = toDeploymentChain(
      [
        one("a", null),
        one("b", "a", { at: "2026-03-04T00:00:00Z" }),
        one("c", "a", { at: "2026-03-03T00:00:00Z" }),
      ],
      "production",
    );
    expect(chain.last?.envelope).toBe(name("b"));
    expect(chain.oddities).toEqual(["the record of production has 2 ends; the later one is taken"]);
  });

  it("says that a link is gone, and approves nothing through it", () => {
    const chain = toDeploymentChain([one("c", "b", { verdict: "denied" }), one("a", null)], "production");
    expect(chain.oddities.join()).toMatch(
      /not in this evidence: it was not fetched, or somebody took it out/,
    );
    const alone = toDeploymentChain([one("c", "b", { verdict: "denied" })], "production");
    expect(alone.approved).toBeUndefined();
  });
});

describe("checkStage", () => {
  const NOW = Date.parse("2026-03-02T10:00:00Z") / 1000;
  const ENVIRONMENT = { id: "production", after: "staging", minimum: 7200, rollback: "allow" } as const;
  const COMMIT = "3".repeat(40);
  const ask = (deployments: readonly KnownDeployment[], artifacts = DEPLOYMENT.artifacts) =>
    checkStage({ environment: ENVIRONMENT, deployments, commit: COMMIT, artifacts, now: NOW })?.finding;
  const staged = (fields: Partial<DeploymentPredicate> = {}) =>
    one("a", null, { environment: "staging", ...fields });

  it("asks nothing of an environment that waits for none", () => {
    const environment = { ...ENVIRONMENT, after: null };
    expect(
      checkStage({ environment, deployments: [], commit: COMMIT, artifacts: [], now: NOW }),
    ).toBeUndefined();
  });

  it.each([
    ["for long enough", [staged()], "pass", "has been there since"],
    ["for a second less", [staged({ at: "2026-03-02T08:00:01Z" })], "pending", "wait 1 s more"],
    ["in another environment only", [one("a", null)], "fail", "never recorded there"],
    [
      "as another commit",
      [staged({ commits: { base: null, head: "9".repeat(40) } })],
      "fail",
      "never recorded there",
    ],
    ["without approval", [staged({ verdict: "denied" })], "fail", "without approval (denied)"],
    ["with other artifacts", [staged({ artifacts: [] })], "fail", "with other artifacts"],
    ["from the future", [staged({ at: "2027-01-01T00:00:00Z" })], "pending", "wait"],
  ] as const)("it was there %s", (_what, deployments, status, words) => {
    expect(ask(deployments)).toMatchObject({ rule: "after", status, reason: expect.stringContaining(words) });
  });

  it("a second deployment of the same does not start the clock anew", () => {
    const again = one("b", "a", { environment: "staging", at: "2026-03-02T09:59:00Z" });
    expect(ask([staged(), again])?.status).toBe("pass");
  });
});

describe("the verdict", () => {
  const of = (...statuses: readonly ("pass" | "pending" | "fail" | "error" | "warning")[]) =>
    statuses.map((status) => ({ rule: status, status, reason: "x", commits: [] }));

  it("is that of the worst finding, and a break-glass is no plain pass", () => {
    expect(toDeployVerdict([], false)).toBe("pass");
    expect(toDeployVerdict(of("warning", "pass"), true)).toBe("override");
    expect(toDeployVerdict(of("pending", "warning"), true)).toBe("pending");
    expect(toDeployVerdict(of("pending", "fail"), false)).toBe("denied");
    expect(toDeployVerdict(of("fail", "error"), false)).toBe("error");
    expect(sortFindings(of("pass", "warning", "fail", "error", "pending")).map(({ rule }) => rule)).toEqual([
      "error",
      "fail",
      "pending",
      "warning",
      "pass",
    ]);
  });
});
