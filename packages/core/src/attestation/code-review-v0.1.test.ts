// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CoreError, formatCanonicalJson, type Json, sha256Hex, toText, toUtf8 } from "../ids/index.ts";
import { digestChangeRecord } from "./change-record.ts";
import { type CodeReviewPredicate, toChangeRecord, toCodeReviewStatement } from "./code-review-v0.1.ts";
import { parseStatement } from "./parse-statement.ts";
import { formatRawStatement, MAX_STATEMENT_BYTES, type RawStatement, type Subject } from "./statement.ts";
import { CHANGE, REVIEW } from "./statements.fixture.ts";

const REFUSED = expect.objectContaining({ name: "CoreError", code: "STATEMENT_MALFORMED" });
const VALID = toCodeReviewStatement(REVIEW);

/** Bytes of a statement with members replaced without any check, as an attacker would write them. */
function forge(changes: Partial<Record<keyof RawStatement | "_type", unknown>>): Uint8Array {
  const whole = { _type: "https://in-toto.io/Statement/v1", ...VALID, ...changes };
  return toUtf8(formatCanonicalJson(whole as unknown as Json));
}

describe("a code-review statement", () => {
  it("reads back as it was written", () => {
    expect(parseStatement(formatRawStatement(VALID))).toEqual({
      predicateType: VALID.predicateType,
      predicate: REVIEW,
    });
  });

  it("names head commit, head tree and the digest of the change record, one digest a subject", () => {
    expect(VALID.subject).toEqual([
      { name: "head", digest: { gitCommit: CHANGE.head } },
      { name: "tree", digest: { gitTree: CHANGE.headTree } },
      { name: "change", digest: { sha256: digestChangeRecord(toChangeRecord(CHANGE)) } },
    ]);
  });

  it.each<[string, (subject: readonly Subject[]) => unknown]>([
    ["another head", (s) => [{ name: "head", digest: { gitCommit: "9".repeat(40) } }, s[1], s[2]]],
    ["another tree", (s) => [s[0], { name: "tree", digest: { gitTree: "9".repeat(40) } }, s[2]]],
    ["another record", (s) => [s[0], s[1], { name: "change", digest: { sha256: "9".repeat(64) } }]],
    ["one subject less", (s) => s.slice(0, 2)],
    ["one subject more", (s) => [...s, { name: "also", digest: { gitCommit: "9".repeat(40) } }]],
    ["another order", (s) => [s[1], s[0], s[2]]],
    ["other names", (s) => [{ ...s[0], name: "tip" }, s[1], s[2]]],
    [
      "two digests in one subject",
      (s) => [{ name: "head", digest: { gitCommit: CHANGE.head, gitTree: CHANGE.headTree } }, s[1], s[2]],
    ],
    ["upper-case hex", (s) => [{ name: "head", digest: { gitCommit: "A".repeat(40) } }, s[1], s[2]]],
    [
      "a digest with a prefix",
      (s) => [s[0], s[1], { name: "change", digest: { sha256: `sha256:${"9".repeat(64)}` } }],
    ],
    ["an unknown digest algorithm", (s) => [{ name: "head", digest: { sha1: CHANGE.head } }, s[1], s[2]]],
    ["an extra subject member", (s) => [{ ...s[0], uri: "git+https://x" }, s[1], s[2]]],
    ["no subject", () => []],
    ["a subject that is no list", (s) => s[0]],
  ])("is refused with %s as subject", (_, change) => {
    expect(() => parseStatement(forge({ subject: change(VALID.subject) }))).toThrow(REFUSED);
  });

  it.each<[string, Record<string, unknown>]>([
    ["an unknown decision", { decision: "maybe" }],
    ["an unknown member", { condition: "only if CI passes" }],
    ["an unknown member of the change", { change: { ...CHANGE, branch: "x" } }],
    ["a short nonce", { nonce: "00" }],
    ["an upper-case nonce", { nonce: "A".repeat(32) }],
    ["a local time", { issuedAt: "2026-03-01T12:00:00+01:00" }],
    ["an expiry before the issue", { expiresAt: "2026-03-01T11:59:59Z" }],
    ["an expiry at the issue", { expiresAt: REVIEW.issuedAt }],
    ["a short branch name", { change: { ...CHANGE, target: "main" } }],
    ["a path for a principal", { principal: "../../etc/passwd" }],
    ["an escape sequence for a principal", { principal: "senior\u001b[31m" }],
    ["an empty principal", { principal: "" }],
    ["a role with a slash", { role: "a/b" }],
    ["an escape sequence in the reason", { reason: "fine\u001b]8;;http://x\u0007" }],
    ["a bidirectional override in the reason", { reason: "ok \u202etxet" }],
    ["an empty reason", { reason: "" }],
    ["a reason of 1 MB", { reason: "x".repeat(1_000_000) }],
    ["a newline in the repository", { change: { ...CHANGE, repository: "https://x\ny" } }],
    ["a SHA-256 id in a SHA-1 change", { change: { ...CHANGE, mergeBase: "1".repeat(64) } }],
    ["SHA-1 ids in a SHA-256 change", { change: { ...CHANGE, objectFormat: "sha256" } }],
    ["revocations in an approval", { revokes: ["a".repeat(64)] }],
    ["one revocation twice", { decision: "revoke", revokes: ["a".repeat(64), "a".repeat(64)] }],
    ["an unknown method", { method: "e-mail" }],
    ["a number for a text", { principal: 7 }],
  ])("is refused with %s", (_, change) => {
    expect(() => parseStatement(forge({ predicate: { ...REVIEW, ...change } }))).toThrow(REFUSED);
    expect(() => toCodeReviewStatement({ ...REVIEW, ...change } as unknown as CodeReviewPredicate)).toThrow(
      REFUSED,
    );
  });

  it.each(Object.keys(REVIEW))("is refused without its member %s", (name) => {
    const { [name as keyof CodeReviewPredicate]: _, ...rest } = REVIEW;
    expect(() => parseStatement(forge({ predicate: rest }))).toThrow(REFUSED);
  });

  it("is refused when the predicate's change was exchanged below unchanged subjects (T32)", () => {
    for (const [name, value] of Object.entries({
      repository: "https://git.example/fork",
      target: "refs/heads/dev",
      contentDigest: "8".repeat(64),
      policyDigest: "6".repeat(64),
      mergeBase: "7".repeat(40),
      mergeBaseTree: "8".repeat(40),
      head: "9".repeat(40),
      headTree: "a".repeat(40),
    })) {
      expect(
        () => parseStatement(forge({ predicate: { ...REVIEW, change: { ...CHANGE, [name]: value } } })),
        name,
      ).toThrow(REFUSED);
    }
  });

  it("names every bad field in one message, and no control character reaches it", () => {
    const predicate = { ...REVIEW, decision: "maybe", nonce: "", "evil\u001b[2J": 1 };
    const message = messageOf(() => parseStatement(forge({ predicate })));
    expect(message).toContain("decision");
    expect(message).toContain("nonce");
    expect(message).toContain("evil\\u{1b}[2J");
    expect(message).not.toContain("\u001b");
  });

  it("is refused with another statement type or an unknown member beside it", () => {
    expect(() => parseStatement(forge({ _type: "https://in-toto.io/Statement/v0.1" }))).toThrow(REFUSED);
    expect(() => parseStatement(toUtf8(toText(forge({})).replace("{", '{"extra":1,')))).toThrow(REFUSED);
  });

  it("of an unknown type is told apart from a malformed one", () => {
    const unknown = expect.objectContaining({ code: "PREDICATE_UNKNOWN" });
    expect(() => parseStatement(forge({ predicateType: "https://countersign.dev/code-review/v9" }))).toThrow(
      unknown,
    );
  });

  it("keeps every decision, SHA-256 ids, expiry and revocations", () => {
    const wide = {
      ...CHANGE,
      objectFormat: "sha256",
      mergeBase: "1".repeat(64),
      mergeBaseTree: "2".repeat(64),
      head: "3".repeat(64),
      headTree: "4".repeat(64),
    } as const;
    for (const decision of ["approve", "reject", "revoke", "override"] as const) {
      const revokes = decision === "revoke" ? ["a".repeat(64)] : [];
      const predicate: CodeReviewPredicate = {
        ...REVIEW,
        decision,
        revokes,
        change: wide,
        reason: "two\nlines, <b>é</b>\t😀",
        expiresAt: "2026-03-04T12:00:00Z",
      };
      expect(parseStatement(formatRawStatement(toCodeReviewStatement(predicate)))).toMatchObject({
        predicate,
      });
    }
  });

  it("of one byte too many is refused, by the writer too", () => {
    const fill = (length: number): Uint8Array =>
      toUtf8(toText(forge({})).replace("{", `{${" ".repeat(length)}`));
    const room = MAX_STATEMENT_BYTES - forge({}).length;
    expect(parseStatement(fill(room))).toMatchObject({ predicate: REVIEW });
    expect(() => parseStatement(fill(room + 1))).toThrow("at most 65535 bytes");
    const long = { ...VALID, predicate: { text: "x".repeat(MAX_STATEMENT_BYTES) } };
    expect(() => formatRawStatement(long)).toThrow("at most 65535 fit");
  });

  it("survives any single-byte change only by being refused or by meaning what its subjects say", () => {
    const bytes = formatRawStatement(VALID);
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const copy = bytes.slice();
        copy[at] = (copy[at] ?? 0) ^ mask;
        const read = attempt(() => parseStatement(copy));
        if (read !== undefined) expect(read).toMatchObject({ predicate: { change: CHANGE } });
      }),
      { numRuns: 2000 },
    );
  });

  it("throws nothing but CoreError on any JSON in any place", () => {
    fc.assert(
      fc.property(fc.constantFrom("subject", "predicateType", "predicate"), fc.jsonValue(), (name, value) => {
        attempt(() =>
          parseStatement(
            toUtf8(JSON.stringify({ _type: "https://in-toto.io/Statement/v1", ...VALID, [name]: value })),
          ),
        );
        attempt(() =>
          parseStatement(
            toUtf8(
              JSON.stringify({
                _type: "https://in-toto.io/Statement/v1",
                ...VALID,
                predicate: { ...REVIEW, [name]: value },
              }),
            ),
          ),
        );
      }),
    );
  });
});

describe("a change record", () => {
  it("has the digest of its canonical JSON, which leaves the head commit out", () => {
    const text = `{"contentDigest":"${"7".repeat(64)}","headTree":"${"4".repeat(40)}","mergeBase":"${"1".repeat(40)}","mergeBaseTree":"${"2".repeat(40)}","objectFormat":"sha1","policyDigest":"${"5".repeat(64)}","repository":"https://git.example/acme/shop","target":"refs/heads/main","version":1}`;
    expect(digestChangeRecord(toChangeRecord(CHANGE))).toBe(sha256Hex(toUtf8(text)));
  });
});

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return undefined;
  }
}

function messageOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}
