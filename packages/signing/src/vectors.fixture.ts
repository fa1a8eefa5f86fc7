// SPDX-License-Identifier: Apache-2.0
import {
  type CodeReviewPredicate,
  digestChangeRecord,
  formatChangeRecord,
  formatRawStatement,
  MAX_STATEMENT_BYTES,
  type RawStatement,
  toAssistanceAmendmentStatement,
  toCanonicalEnvelope,
  toChangeRecord,
  toCodeReviewStatement,
  toPreAuthEncoding,
  verifyEnvelope,
} from "@countersign/core/attestation";
import { CoreError, toText, toUtf8 } from "@countersign/core/ids";
import {
  makeEnvelope,
  makeSshsig,
  makeTestKey,
  type SshsigParts,
  TEST_KEY_TYPES,
  type TestKey,
  wire,
  wrapEnvelope,
} from "./keys.fixture.ts";
import { TEST_REVIEW, TEST_STATEMENT } from "./review.fixture.ts";
import { verifyRawSignature } from "./verify-raw-signature.ts";

// Makes specs/vectors anew, with new keys whose private halves are never written anywhere.

export interface ValidVector {
  readonly name: string;
  readonly envelope: string;
  readonly path: string;
  readonly payload: string;
  readonly signer: unknown;
  readonly statement: unknown;
}

export interface InvalidVector {
  readonly name: string;
  readonly envelope: string;
  readonly code: string;
}

export interface ImportVector {
  readonly name: string;
  readonly envelope: string;
  readonly canonical: string;
}

export interface RecordVector {
  readonly record: unknown;
  readonly canonical: string;
  readonly sha256: string;
}

const AMENDED = { commit: TEST_REVIEW.change.head, tree: TEST_REVIEW.change.headTree };
export const TEST_AMENDMENT: RawStatement = toAssistanceAmendmentStatement(AMENDED, {
  principal: "author",
  assistance: [
    { tool: "claude-code", model: "claude-opus-4-8", extent: "generated" },
    { tool: "unspecified", model: null, extent: null },
  ],
  reason: "the trailers were lost when the branch was squashed",
  nonce: "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
  issuedAt: "2026-03-02T09:30:00Z",
});

const SHA256_CHANGE: CodeReviewPredicate["change"] = {
  ...TEST_REVIEW.change,
  mergeBase: "1".repeat(64),
  mergeBaseTree: "2".repeat(64),
  head: "3".repeat(64),
  headTree: "4".repeat(64),
  objectFormat: "sha256",
};

export function makeValidVectors(): readonly ValidVector[] {
  const keys = new Map(TEST_KEY_TYPES.map((type) => [type, makeTestKey(type)] as const));
  const ed25519 = keys.get("ssh-ed25519") as TestKey;
  const review = (changes: Partial<CodeReviewPredicate>): Uint8Array =>
    formatRawStatement(toCodeReviewStatement({ ...TEST_REVIEW, ...changes }));
  const pretty = toUtf8(JSON.stringify(JSON.parse(toText(review({}))), null, 2));
  return [
    ...[...keys].map(([type, key]) => toValid(type, key, review({}))),
    toValid("rsa-sha2-256", keys.get("ssh-rsa") as TestKey, review({}), { algorithm: "rsa-sha2-256" }),
    toValid("message hash sha256", ed25519, review({}), { hash: "sha256" }),
    toValid("security key without a touch", keys.get("sk-ssh-ed25519@openssh.com") as TestKey, review({}), {
      flags: 0,
    }),
    toValid(
      "security key with user verification",
      keys.get("sk-ssh-ed25519@openssh.com") as TestKey,
      review({}),
      { flags: 5 },
    ),
    toValid("SHA-256 repository", ed25519, review({ change: SHA256_CHANGE })),
    toValid(
      "reject with a reason beyond ASCII",
      ed25519,
      review({ decision: "reject", reason: "größer als nötig 😀\nsecond line" }),
    ),
    toValid("revoke", ed25519, review({ decision: "revoke", revokes: ["a".repeat(64)] })),
    toValid(
      "override that expires",
      ed25519,
      review({
        decision: "override",
        changeKind: "override",
        reason: "outage 4711",
        expiresAt: "2026-03-02T12:00:00Z",
      }),
    ),
    toValid("payload with white space", ed25519, pretty),
  ];
}

export function makeAmendmentVectors(): readonly ValidVector[] {
  return [toValid("assistance amendment", makeTestKey("ssh-ed25519"), formatRawStatement(TEST_AMENDMENT))];
}

export function makeRecordVectors(): readonly RecordVector[] {
  const unnamed = { ...TEST_REVIEW.change, repository: "", target: "refs/heads/größe" };
  return [TEST_REVIEW.change, SHA256_CHANGE, unnamed].map((change) => {
    const record = toChangeRecord(change);
    return { record, canonical: toText(formatChangeRecord(record)), sha256: digestChangeRecord(record) };
  });
}

export function makeImportVectors(): readonly ImportVector[] {
  const key = makeTestKey("ssh-ed25519");
  const payload = formatRawStatement(TEST_STATEMENT);
  const canonical = makeEnvelope(key, payload);
  const json = JSON.parse(toText(canonical)) as {
    readonly payload: string;
    readonly payloadType: string;
    readonly signatures: [{ readonly sig: string }];
  };
  const { sig } = json.signatures[0];
  const armor = `-----BEGIN SSH SIGNATURE-----\n${sig.match(/.{1,70}/g)?.join("\n")}\n-----END SSH SIGNATURE-----\n`;
  const dress = (signature: string, extra = {}): string =>
    JSON.stringify({ ...extra, ...json, signatures: [{ sig: signature }] });
  return (
    [
      ["armored signature", dress(Buffer.from(armor).toString("base64"))],
      ["URL-safe alphabet without padding", dress(Buffer.from(sig, "base64").toString("base64url"))],
      ["no keyid", dress(sig)],
      ["unknown members", dress(sig, { note: "unsigned" })],
      [
        "white space and another order",
        JSON.stringify(
          { signatures: [{ sig, keyid: "x" }], payloadType: json.payloadType, payload: json.payload },
          null,
          2,
        ),
      ],
    ] as const
  ).map(([name, envelope]) => ({ name, envelope, canonical: toText(canonical) }));
}

export function makeInvalidVectors(): readonly InvalidVector[] {
  const key = makeTestKey("ssh-ed25519");
  return [...makeInvalidSignatures(key), ...makeInvalidPayloads(key), ...makeInvalidEnvelopes(key)].map(
    ([name, envelope]) => {
      return { name, envelope: toText(envelope), code: codeOf(envelope) };
    },
  );
}

type Named = readonly [name: string, envelope: Uint8Array];

/** Sealed in canonical form as far as the parser lets us, else as they are. */
function makeInvalidSignatures(key: TestKey): readonly Named[] {
  const payload = formatRawStatement(TEST_STATEMENT);
  const [rsa, sk] = [makeTestKey("ssh-rsa"), makeTestKey("sk-ssh-ed25519@openssh.com")];
  const seal = (name: string, parts: SshsigParts, signer = key): Named => {
    const envelope = wrapEnvelope(payload, makeSshsig(signer, toPreAuthEncoding(payload), parts));
    return [name, toCanonicalOrAsIs(envelope)];
  };
  const weak = wire("ssh-ed25519", Buffer.concat([Buffer.of(1), Buffer.alloc(31)]));
  return [
    seal("namespace git: a commit signature", { namespace: "git" }),
    seal("namespace file", { namespace: "file" }),
    seal("another namespace signed than written", { signedNamespace: "git" }),
    seal("version 2", { version: 2 }),
    seal("wrong magic", { magic: "SSHSIX" }),
    seal("reserved field in use", { reserved: "x" }),
    seal("message hash sha1", { hash: "sha1" }),
    seal("bytes after the signature", { trailer: Buffer.of(0) }),
    seal("another key than the one that signed", { publicKey: makeTestKey("ssh-ed25519").blob }),
    seal("Ed25519 key of small order", { publicKey: weak }),
    seal("RSA with SHA-1", { algorithm: "ssh-rsa" }, rsa),
    seal("RSA key of 1024 bits", {}, rsa1024()),
    seal("touch written in after signing", { flags: 0, writtenFlags: 1 }, sk),
    [
      "payload signed without pre-authentication encoding",
      toCanonicalOrAsIs(wrapEnvelope(payload, makeSshsig(key, payload))),
    ],
  ];
}

/** The parser refuses such a key, so it is made without it. */
function rsa1024(): TestKey {
  const { privateKey } = makeTestKey("ssh-rsa");
  const modulus = Buffer.alloc(128, 0xab);
  return {
    type: "ssh-rsa",
    privateKey,
    blob: wire("ssh-rsa", Buffer.of(1, 0, 1), Buffer.concat([Buffer.of(0), modulus])),
    publicKey: makeTestKey("ssh-rsa").publicKey,
  };
}

function makeInvalidPayloads(key: TestKey): readonly Named[] {
  const text = toText(formatRawStatement(TEST_STATEMENT));
  const seal = (name: string, from: string, to: string): Named => {
    if (!text.includes(from)) throw new Error(`the statement has no ${from}`);
    return [name, makeEnvelope(key, toUtf8(text.replace(from, to)))];
  };
  return [
    seal("duplicate key", '"decision":"approve"', '"decision":"reject","decision":"approve"'),
    seal("duplicate key by escape", '"decision":"approve"', '"d\\u0065cision":"reject","decision":"approve"'),
    seal("unknown member of the predicate", '"decision"', '"condition":"if green","decision"'),
    seal("unknown member of the statement", '"predicateType"', '"extra":1,"predicateType"'),
    seal("unknown predicate type", "code-review/v0.1", "code-review/v9"),
    seal("another statement type", "Statement/v1", "Statement/v0.1"),
    seal("head differs from the subject", `"head":"${"3".repeat(40)}"`, `"head":"${"9".repeat(40)}"`),
    seal("target differs from the digest of the change record", "refs/heads/main", "refs/heads/dev"),
    seal("policy differs from the digest of the change record", "5".repeat(64), "6".repeat(64)),
    seal("upper-case digest", `"gitTree":"${"4".repeat(40)}"`, `"gitTree":"${"A".repeat(40)}"`),
    seal("lone surrogate", "read line by line", "\\ud800"),
    seal("escape sequence in the reason", "read line by line", "\\u001b[2J"),
    seal("fraction of a second", "12:00:00Z", "12:00:00.5Z"),
    seal("30 February", "2026-03-01", "2026-02-30"),
    seal("path for a principal", '"principal":"senior"', '"principal":"../senior"'),
    ["payload that is no JSON", makeEnvelope(key, toUtf8("approve"))],
  ];
}

function makeInvalidEnvelopes(key: TestKey): readonly Named[] {
  const payload = formatRawStatement(TEST_STATEMENT);
  const good = makeEnvelope(key, payload);
  const json = JSON.parse(toText(good)) as {
    readonly payload: string;
    readonly signatures: readonly unknown[];
  };
  const change = (name: string, members: object): Named => [
    name,
    toUtf8(JSON.stringify({ ...json, ...members })),
  ];
  return [
    change("no signature", { signatures: [] }),
    change("two signatures", { signatures: [...json.signatures, ...json.signatures] }),
    change("another payload type", { payloadType: "application/json" }),
    change("payload that is not base64", { payload: "{}" }),
    change("payload too large", { payload: Buffer.alloc(MAX_STATEMENT_BYTES + 1, 0x20).toString("base64") }),
    change("not canonical: another keyid", {
      signatures: [{ ...(json.signatures[0] as object), keyid: "senior" }],
    }),
    ["not canonical: white space", toUtf8(JSON.stringify(json, null, 1))],
    ["payload twice", toUtf8(toText(good).replace("{", '{"payload":"e30=",'))],
    ["cut in the middle", good.subarray(0, good.length / 2)],
  ];
}

function toValid(name: string, key: TestKey, payload: Uint8Array, parts: SshsigParts = {}): ValidVector {
  const bytes = makeEnvelope(key, payload, parts);
  const { digest, signer, statement } = verifyEnvelope(bytes, verifyRawSignature);
  const path = `${digest.slice(0, 2)}/${digest}.json`;
  return { name, envelope: toText(bytes), path, payload: toText(payload), signer, statement };
}

function toCanonicalOrAsIs(envelope: Uint8Array): Uint8Array {
  try {
    return toCanonicalEnvelope(envelope);
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return envelope;
  }
}

function codeOf(envelope: Uint8Array): string {
  try {
    verifyEnvelope(envelope, verifyRawSignature);
  } catch (error) {
    if (error instanceof CoreError) return error.code;
    throw error;
  }
  throw new Error("a vector that should be invalid verifies");
}
