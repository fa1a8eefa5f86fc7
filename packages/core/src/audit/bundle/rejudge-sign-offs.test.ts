// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import type { CodeReviewPredicate } from "../../attestation/index.ts";
import { REVIEW } from "../../attestation/statements.fixture.ts";
import { toUtf8 } from "../../ids/index.ts";
import { parsePolicy } from "../../policy/index.ts";
import { sampleChange } from "../../render/audit/sample-audit.fixture.ts";
import type { ShippedChange } from "../report/shipped-change.ts";
import type { SignOffContext } from "./check-sign-off.ts";
import { rejudgeSignOffs } from "./rejudge-sign-offs.ts";

const LOG_KEY = "log.example/team+d790bb77+AZ+4HlIX3Rb8fOt+UHQrZnGeubKGNs4ALFakv/zf78cE";
/** Public keys of nobody: the signatures were checked before. */
const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA/n8hdMUcJYwrA1QpwAJpLnqu6Dss/ZXqbTRxdRMhnq";
const NAME = "e".repeat(64);
const HEAD = "3".repeat(40);

const POLICY = `version: 1
repository: https://git.example/acme/shop
people:
  senior: { emails: [senior@example.com], keys: ["${KEY}"] }
  second: { emails: [second@example.com] }
roles:
  senior: { members: [senior, second] }
  owner: { members: [second] }
rules:
  - { id: two, when: change.ai.assisted, require: { role: senior, count: 1 } }
`;

interface Case {
  readonly policy?: string;
  readonly review?: Partial<CodeReviewPredicate>;
  readonly row?: Partial<ShippedChange>;
  readonly loggedAt?: string | null;
  readonly author?: string;
}

/** What is wrong with a row whose only sign-off the report counts. */
function rejudge({
  policy = POLICY,
  review = {},
  row = {},
  loggedAt = null,
  author = "a@example.com",
}: Case) {
  const [signOff] = sampleChange(12).signOffs;
  if (signOff === undefined) throw new Error("the sample is approved");
  const change: ShippedChange = {
    ...sampleChange(12),
    judgedAt: "2026-03-02T12:00:00Z",
    policyDigest: "p",
    conditions: [{ rule: "two", status: "pass", reason: "1 sign-off by senior" }],
    signOffs: [{ ...signOff, envelope: NAME, counted: true, cover: "exact" }],
    ...row,
  };
  const identity = { name: "", email: author };
  const commit = { id: HEAD, tree: "", parents: ["1".repeat(40)], author: identity, committer: identity };
  const envelope = {
    statement: {
      predicateType: "https://countersign.dev/code-review/v0.1",
      predicate: { ...REVIEW, ...review },
    },
    signer: { publicKey: KEY, isTouched: false },
  };
  const context = {
    evidence: {
      policies: new Map([["p", parsePolicy(toUtf8(policy), "policy.yml")]]),
      statements: new Map([[NAME, { by: "person", envelope }]]),
    },
    entries: { byObject: new Map(loggedAt === null ? [] : [[NAME, { index: 0, entry: { loggedAt } }]]) },
    history: { commitsOf: () => [commit] },
  } as unknown as SignOffContext;
  return rejudgeSignOffs(context, change, LOG_KEY).map(({ message }) => message);
}

const withKey = (interval: string) => POLICY.replace(`["${KEY}"]`, `[{ key: "${KEY}", ${interval} }]`);
const logged = (policy: string) => `${policy}ledger: { verifierKey: ${LOG_KEY}, required: true }\n`;

describe("a sign-off that a report counts", () => {
  it("is let stand where the policy lets it", () => {
    expect(rejudge({})).toEqual([]);
    expect(rejudge({ policy: logged(POLICY), loggedAt: "2026-03-01T12:00:01Z" })).toEqual([]);
  });

  it.each<[string, Case, string]>([
    ["the author's own", { author: "Senior@example.com" }, "cannot sign off their own change"],
    ["by a key that was not valid yet", { policy: withKey("from: 2026-04-01") }, "key is not valid now"],
    [
      "by a key that was not valid any more when it was logged",
      { policy: logged(withKey("until: 2026-02-01")), loggedAt: "2026-03-01T12:00:01Z" },
      "key was not valid at 2026-03-01T12:00:01Z",
    ],
    [
      "by somebody without any role that is asked for",
      { policy: POLICY.replace("role: senior", "role: owner") },
      "senior held no role that the policy asks for",
    ],
    [
      "by somebody whose role had ended when it was used",
      { policy: POLICY.replace("[senior, second]", "[{ person: senior, until: 2026-03-01 }]") },
      "held no role",
    ],
    ["not logged, where that is required", { policy: logged(POLICY) }, "not in the ledger"],
    [
      "issued after it was logged",
      { policy: logged(POLICY), loggedAt: "2026-03-01T11:00:00Z" },
      "issued in the future",
    ],
    ["issued after it was used", { row: { judgedAt: "2026-02-01T00:00:00Z" } }, "issued in the future"],
    ["expired", { review: { expiresAt: "2026-03-01T13:00:00Z" } }, "expired at"],
    ["in somebody else's name", { review: { principal: "second" } }, "the key is senior's"],
    [
      "for a rule that asks for two",
      { policy: POLICY.replace("count: 1", "count: 2") },
      "two is called kept; it asks for 2 by senior, and statements of 1 are here",
    ],
    ["judged at no time", { row: { judgedAt: "soon" } }, "judgedAt is no time"],
  ])("%s", (_name, wrong, reason) => {
    expect(rejudge(wrong).join("\n")).toContain(reason);
  });

  it("is left to the log that the policy names, where the bundle has another", () => {
    const other = logged(POLICY).replace(LOG_KEY, LOG_KEY.replace("team", "other"));
    expect(rejudge({ policy: other })).toEqual([]);
  });
});
