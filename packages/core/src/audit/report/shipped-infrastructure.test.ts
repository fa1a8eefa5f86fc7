// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { ImpactResource } from "../../infrastructure/index.ts";
import { sampleChange, toReport } from "../../render/audit/sample-audit.fixture.ts";
import { findGaps } from "./find-gaps.ts";
import { pseudonymise } from "./pseudonymise.ts";
import type { ShippedChange } from "./shipped-change.ts";
import { createShippedTally } from "./tally-shipped.ts";
import { toShippedInfrastructure } from "./to-shipped-infrastructure.ts";

const toResource = (more: Partial<ImpactResource>): ImpactResource => ({
  path: "infra/iam.tf",
  oldPath: null,
  kind: "terraform",
  type: "aws_iam_policy",
  name: "admin",
  category: "iam",
  action: "update",
  attributes: ["policy"],
  lines: [[1, 3]],
  dangers: [{ code: "privilege-widened", reason: "newly allows s3:* on *" }],
  ai: { lines: 2, of: 3 },
  tested: "no",
  testedBy: [],
  ...more,
});
const human = toResource({ name: "by_hand", ai: { lines: 0, of: 4 } });

const IMPACT = {
  resources: [
    toResource({ type: "aws_route", name: "peer", category: "routing", dangers: [] }),
    human,
    toResource({}),
  ],
  unparsed: [{ path: "infra/x.tf", reason: "only its mode changed", ai: { lines: 0, of: 0 } }],
};

/** A recorded change of infrastructure with these statements. */
function toChange(signOffs: ShippedChange["signOffs"], more: Partial<ShippedChange> = {}): ShippedChange {
  return { ...sampleChange(12), infrastructure: toShippedInfrastructure(IMPACT), signOffs, ...more };
}
const SIGNED = sampleChange(12).signOffs;
const codes = (change: ShippedChange) =>
  findGaps(change, { isLogged: false, isAttested: false }).map(({ code }) => code);

describe("what a change with AI did to infrastructure", () => {
  it("is told by category, with the dangers of what the AI wrote and not of what a person wrote beside it", () => {
    expect(toShippedInfrastructure(IMPACT)).toEqual([
      {
        category: "iam",
        resources: 2,
        byAi: 1,
        lines: { ai: 2, of: 7 },
        dangers: [
          {
            code: "privilege-widened",
            resource: "aws_iam_policy.admin",
            path: "infra/iam.tf",
            reason: "newly allows s3:* on *",
          },
        ],
        moreDangers: 0,
      },
      { category: "routing", resources: 1, byAi: 1, lines: { ai: 2, of: 3 }, dangers: [], moreDangers: 0 },
      {
        category: "unparsed",
        resources: 1,
        byAi: 1,
        lines: { ai: 0, of: 0 },
        dangers: [
          { code: "unparsed", resource: "infra/x.tf", path: "infra/x.tf", reason: "only its mode changed" },
        ],
        moreDangers: 0,
      },
    ]);
  });

  it("stays small whatever it touches, and counts what it leaves out", () => {
    const resources = Array.from({ length: 1000 }, () => toResource({ name: "n".repeat(9999) }));
    const [group] = toShippedInfrastructure({ resources, unparsed: [] });
    expect(group).toMatchObject({ resources: 1000, byAi: 1000, moreDangers: 984 });
    expect(JSON.stringify(group).length).toBeLessThan(10_000);
  });
});

describe("dangers of what shipped", () => {
  it("are the first gap where the sign-off is missing, also where one of two signed, and none where it is there", () => {
    expect(codes(toChange([]))).toEqual(["danger-unsigned", "no-sign-off"]);
    const waiting = {
      verdict: "pending",
      conditions: [{ rule: "two", status: "pending", reason: "1 of 2" }],
    } as const;
    expect(codes(toChange(SIGNED, waiting))).toEqual(["danger-unsigned", "no-sign-off"]);
    expect(codes(toChange(SIGNED, { recorderGaps: [] }))).toEqual([]);
    // What a policy asked about and no AI had a hand in is no AI's danger.
    expect(codes(toChange([], { isAssisted: false, state: "cleared" }))).toEqual([]);
  });

  it("name in the gap what is dangerous, and add up by category", () => {
    const [gap] = findGaps(toChange([]), { isLogged: false, isAttested: false });
    expect(gap?.reason).toBe(
      "iam, aws_iam_policy.admin: privilege-widened, newly allows s3:* on *; infra/x.tf: not understood, only its mode changed",
    );
    const tally = createShippedTally();
    for (const change of [toChange([]), toChange(SIGNED)]) tally.add(change);
    expect(tally.totals().byCategory[0]).toEqual({
      category: "iam",
      changes: 2,
      resources: 4,
      byAi: 2,
      lines: { ai: 4, of: 14 },
      dangers: 2,
      unsigned: 1,
    });
    expect(tally.totals().byCategory.map(({ category }) => category)).toEqual(["iam", "routing", "unparsed"]);
  });

  it("lose the names of people with the rest of the report", () => {
    const named = toResource({ type: "aws_iam_user", name: "gerda", path: "infra/gerda.tf" });
    const infrastructure = toShippedInfrastructure({ resources: [named], unparsed: [] });
    const report = toReport([toChange([], { infrastructure })]);
    const clean = pseudonymise(report, { nameOf: () => "person-1", known: ["gerda"] });
    expect(JSON.stringify([...clean.changes, clean.gaps])).not.toContain("gerda");
  });
});
