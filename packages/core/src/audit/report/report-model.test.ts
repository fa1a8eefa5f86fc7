// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { sampleChange, toReport } from "../../render/audit/sample-audit.fixture.ts";
import { createGapCollector, findGaps, MOST_GAP_ITEMS, NO_FAULTS } from "./find-gaps.ts";
import { GAP_CODES, type GapCode } from "./gap-codes.ts";
import { pseudonymise } from "./pseudonymise.ts";
import type { ShippedChange } from "./shipped-change.ts";
import { createShippedTally } from "./tally-shipped.ts";

/** A recorded change that a senior approved, and that nothing is missing of. */
const SOUND: ShippedChange = {
  ...sampleChange(12),
  infrastructure: [],
  gaps: [],
  afterwards: { revertedBy: [], editedLines: 0 },
};
const [APPROVAL] = SOUND.signOffs;
if (APPROVAL === undefined) throw new Error("the sample is approved");
const refused = (reason: string, cover: "none" | "landed" = "none") => [
  { ...APPROVAL, counted: false, cover, reason },
];
const pending = {
  verdict: "pending",
  conditions: [{ rule: "r", status: "pending", reason: "0 of 1" }],
} as const;
const EXPECTED = { isLogged: true, isAttested: false };

describe("gaps of one change", () => {
  it("are none where nothing is missing", () => {
    expect(findGaps(SOUND, EXPECTED)).toEqual([]);
  });

  it.each<[string, Partial<ShippedChange>, readonly GapCode[]]>([
    [
      "against the policy",
      { verdict: "denied", conditions: [{ rule: "r", status: "fail", reason: "no" }] },
      ["denied"],
    ],
    [
      "facts incomplete",
      { verdict: "error", conditions: [{ rule: "r", status: "error", reason: "?" }] },
      ["cannot-tell"],
    ],
    ["an AI, and nobody signed", { ...pending, signOffs: [] }, ["no-sign-off"]],
    ["an AI, nothing asked, nobody signed", { signOffs: [] }, ["no-sign-off"]],
    [
      "no policy, nobody signed",
      { verdict: null, unjudged: "none", signOffs: [] },
      ["no-policy", "no-sign-off"],
    ],
    [
      "T58: taken back",
      { ...pending, signOffs: refused("revoked at 2026-01-01T00:00:00Z") },
      ["sign-off-revoked"],
    ],
    [
      "T18: changed after signing",
      { ...pending, signOffs: refused("the content changed after signing") },
      ["sign-off-void"],
    ],
    [
      "T35: signed by the wrong role",
      { ...pending, signOffs: refused("does not hold the role", "landed") },
      ["no-sign-off"],
    ],
    [
      "break-glass",
      { conditions: [{ rule: "break-glass", status: "warning", reason: "break-glass by a: down" }] },
      ["override"],
    ],
    ["signs of AI", { state: "signalled", isAssisted: false }, ["signalled"]],
    ["unknown", { state: "unknown", isAssisted: false }, ["unknown-provenance"]],
    [
      "a recorder that lost something",
      { recorderGaps: [{ code: "event-lost", message: "x" }] },
      ["recorder-gap"],
    ],
    ["T36: a sign-off that no log has", { signOffs: [{ ...APPROVAL, proof: null }] }, ["not-logged"]],
    [
      "redacted",
      { signOffs: [{ ...APPROVAL, proof: { index: 1, loggedAt: "x", isRedacted: true } }] },
      ["redacted"],
    ],
  ])("%s", (_name, fields, codes) => {
    const found = findGaps({ ...SOUND, ...fields }, EXPECTED);
    expect(found.map(({ code }) => code)).toEqual(codes);
    for (const { reason } of found) expect(reason).not.toBe("");
  });

  it("T48: a change without a verdict is one only where gates sign theirs", () => {
    expect(findGaps(SOUND, { ...EXPECTED, isAttested: true })).toMatchObject([{ code: "no-verdict" }]);
  });

  it("a break-glass that was refused is no override", () => {
    const conditions = [
      { rule: "break-glass", status: "warning" as const, reason: "1 of 2 break-glass seats" },
    ];
    expect(findGaps({ ...SOUND, conditions }, EXPECTED)).toEqual([]);
  });
});

describe("gaps of a report", () => {
  it("come worst first, the newest of each kind in front, and none goes uncounted", () => {
    const gaps = createGapCollector(EXPECTED);
    const count = 2 * MOST_GAP_ITEMS + 7;
    for (let n = 0; n < count; n++)
      gaps.add({ ...SOUND, state: "unknown", isAssisted: false, title: `change ${n}` });
    gaps.add({ ...SOUND, verdict: "denied", conditions: [] });
    const overdue = [{ change: null, title: "t", reason: "r" }];
    const groups = gaps.groups({ ...NO_FAULTS, overdue });
    expect(groups.map(({ code, severity }) => `${severity} ${code}`)).toEqual([
      "high denied",
      "high override-overdue",
      "medium unknown-provenance",
    ]);
    expect(groups[2]).toMatchObject({ count, items: expect.objectContaining({ length: MOST_GAP_ITEMS }) });
    expect(groups[2]?.items[0]?.title).toBe(`change ${count - 1}`);
  });

  it("has a meaning for every kind", () => {
    expect(new Set(GAP_CODES).size).toBe(GAP_CODES.length);
  });
});

describe("totals", () => {
  it("add up: states, verdicts, and the four kinds of lines", () => {
    const changes = Array.from({ length: 80 }, (_, n) => sampleChange(n));
    const { totals } = toReport(changes);
    const sum = (counts: object) => Object.values(counts).reduce((all, one) => all + one, 0);
    expect(sum(totals.byState)).toBe(80);
    expect(sum(totals.byVerdict)).toBe(80);
    const { added, ...parts } = totals.lines;
    expect(sum(parts)).toBe(added);
    expect(totals.assisted).toBe(totals.byState.recorded + totals.byState.declared);
    expect(totals.byMonth.reduce((all, row) => all + row.changes, 0)).toBe(80);
  });

  it("T59: say how many approvals somebody gave within five minutes", () => {
    const tally = createShippedTally();
    const at = (minute: number, second = 0) =>
      `2026-03-01T12:${String(minute).padStart(2, "0")}:${String(second).padStart(2, "0")}Z`;
    for (const issuedAt of [at(0), at(4), at(5), at(5, 1), at(20)])
      tally.add({ ...SOUND, signOffs: [{ ...APPROVAL, issuedAt }] });
    expect(tally.totals().reviewers).toMatchObject([{ approvals: 5, busiest: 3 }]);
  });

  it("stay small, whatever a history names", () => {
    const tally = createShippedTally();
    for (let n = 0; n < 10_050; n++) tally.add({ ...SOUND, paths: [`folder-${n}/`] });
    const { byPath } = tally.totals();
    expect(byPath).toHaveLength(10_001);
    expect(byPath.find(({ name }) => name === "(others)")?.changes).toBe(50);
  });
});

describe("pseudonyms", () => {
  const known = ["senior", "author", "author@example.com", "second", "The Author"];
  const numbers = new Map([
    ["senior", 1],
    ["second", 2],
    ["author", 3],
    ["author@example.com", 3],
    ["The Author", 3],
  ]);
  const pseudonyms = { known, nameOf: (name: string) => `person-${numbers.get(name) ?? 0}` };

  it("replace people in every field and in free text, whatever its case", () => {
    const change = {
      ...SOUND,
      title: "net: by THE AUTHOR, seconded by author@example.com",
      unjudged: "asked Senior",
      conditions: [
        { rule: "senior-sign-off", status: "pass" as const, reason: "senior-sign-off: 1 by senior (senior)" },
      ],
    };
    const clean = pseudonymise(toReport([change]), pseudonyms);
    const text = JSON.stringify(clean);
    expect(clean.isPseudonymous).toBe(true);
    expect([...clean.changes][0]).toMatchObject({
      title: "net: by person-3, seconded by person-3",
      author: { name: "person-3", email: "" },
      unjudged: "asked person-1",
      conditions: [{ rule: "senior-sign-off", reason: "senior-sign-off: 1 by person-1 (person-1)" }],
      signOffs: [{ comment: null }],
    });
    expect(text).not.toMatch(/the author|author@example/i);
  });

  it("leave what only contains a name", () => {
    const change = { ...SOUND, title: "seniority of seconds and the authority" };
    expect([...pseudonymise(toReport([change]), pseudonyms).changes][0]?.title).toBe(change.title);
  });
});
