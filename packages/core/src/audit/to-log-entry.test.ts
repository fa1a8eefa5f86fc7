// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import {
  formatRawStatement,
  parseStatement,
  type RawStatement,
  toAssistanceAmendmentStatement,
  toCodeReviewStatement,
  type VerifiedEnvelope,
} from "../attestation/index.ts";
import { AMENDED, AMENDMENT, CHANGE, REVIEW } from "../attestation/statements.fixture.ts";
import type { AssistanceRecord } from "../attribution/index.ts";
import { formatLogEntry } from "./log-entry.ts";
import { blindSigner, toLogEntry } from "./to-log-entry.ts";

const AT = "2026-03-05T00:00:00Z";
const FINGERPRINT = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU";

function envelopeOf(statement: RawStatement): VerifiedEnvelope {
  return {
    digest: "e".repeat(64),
    statement: parseStatement(formatRawStatement(statement)),
    signer: {
      publicKey: "ssh-ed25519 AAAA",
      fingerprint: FINGERPRINT,
      isTouched: false,
      isUserVerified: false,
      application: null,
    },
  };
}

const toEntry = (statement: RawStatement) =>
  toLogEntry({ type: "envelope", envelope: envelopeOf(statement) }, AT);

describe("toLogEntry", () => {
  it.each([
    ["approve", "sign-off"],
    ["reject", "rejection"],
    ["revoke", "revocation"],
    ["override", "override"],
  ] as const)("logs a decision to %s as a %s, with its change and without its person", (decision, kind) => {
    const entry = toEntry(toCodeReviewStatement({ ...REVIEW, decision }));
    expect(entry).toMatchObject({
      kind,
      decision,
      commit: CHANGE.head,
      loggedAt: AT,
      object: "e".repeat(64),
    });
    expect(entry.change).toMatch(/^[0-9a-f]{64}$/);
    expect(Buffer.from(formatLogEntry(entry)).toString()).not.toContain(REVIEW.principal);
  });

  it("shows two signatures of one key as two signers to who lacks the envelopes", () => {
    const one = toEntry(toCodeReviewStatement(REVIEW));
    const two = toEntry(toCodeReviewStatement({ ...REVIEW, nonce: "1".repeat(32) }));
    expect(one.signer).not.toBe(two.signer);
    expect(one.signer).toBe(blindSigner(REVIEW.nonce, FINGERPRINT));
  });

  it("logs an amendment with the commit it labels", () => {
    expect(toEntry(toAssistanceAmendmentStatement(AMENDED, AMENDMENT))).toMatchObject({
      kind: "amendment",
      commit: AMENDED.commit,
      change: null,
      decision: null,
    });
  });

  it("logs an assistance record with its commit", () => {
    const record: AssistanceRecord = {
      version: 1,
      commit: "c".repeat(40),
      tree: "d".repeat(40),
      grade: "observed",
      recorder: { name: "countersign", version: "1" },
      coverage: { isWhole: true, from: null, to: null, gaps: [] },
      agents: [],
      files: [],
      derivedFrom: [],
    };
    const entry = toLogEntry({ type: "record", object: "f".repeat(64), record }, AT);
    expect(entry).toMatchObject({
      kind: "assistance",
      commit: record.commit,
      signer: null,
      predicateType: null,
    });
    expect(() => formatLogEntry(entry)).not.toThrow();
  });
});
