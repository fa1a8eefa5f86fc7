// SPDX-License-Identifier: Apache-2.0
import {
  formatRawStatement,
  parseSshsig,
  toCanonicalEnvelope,
  toCodeReviewStatement,
  toPreAuthEncoding,
  verifyEnvelope,
} from "@countersign/core/attestation";
import { CoreError, sha256Hex, toText, toUtf8 } from "@countersign/core/ids";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  makeEnvelope,
  makeSshsig,
  makeTestKey,
  mpint,
  type SshsigParts,
  TEST_KEY_TYPES,
  type TestKey,
  uint32,
  wire,
  wrapEnvelope,
} from "./keys.fixture.ts";
import { TEST_PAYLOAD, TEST_REVIEW } from "./review.fixture.ts";
import { verifyRawSignature } from "./verify-raw-signature.ts";

const KEYS = new Map(TEST_KEY_TYPES.map((type) => [type, makeTestKey(type)]));
const PAE = toPreAuthEncoding(TEST_PAYLOAD);
const ED25519 = keyOf("ssh-ed25519");

function keyOf(type: (typeof TEST_KEY_TYPES)[number]): TestKey {
  return KEYS.get(type) as TestKey;
}

function verify(bytes: Uint8Array) {
  return verifyEnvelope(bytes, verifyRawSignature);
}

/** The code of the CoreError thrown, or "accepted"; any other error fails the test. */
function codeOf(run: () => unknown): string {
  try {
    run();
    return "accepted";
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return error.code;
  }
}

/** Imports the signature into canonical form where that is possible, so that only the signature itself decides. */
function codeOfSshsig(sshsig: Uint8Array, payload = TEST_PAYLOAD): string {
  return codeOf(() => verify(toCanonicalEnvelope(wrapEnvelope(payload, sshsig))));
}

describe("verifyEnvelope", () => {
  it.each(TEST_KEY_TYPES)("accepts a %s signature and says who signed", (type) => {
    const bytes = makeEnvelope(keyOf(type), TEST_PAYLOAD);
    const verified = verify(bytes);
    expect(verified.digest).toBe(sha256Hex(bytes));
    expect(verified.statement.predicate).toEqual(TEST_REVIEW);
    expect(verified.signer.publicKey).toBe(`${type} ${keyOf(type).blob.toString("base64")}`);
    expect(verified.signer.isTouched).toBe(type.startsWith("sk-"));
    expect(verified.signer.application).toBe(type.startsWith("sk-") ? "ssh:" : null);
  });

  it.each(TEST_KEY_TYPES)("refuses a %s signature made for something else", (type) => {
    const key = keyOf(type);
    const parts: Record<string, SshsigParts> = {
      "namespace git, a commit signature (T33)": { namespace: "git" },
      "namespace file": { namespace: "file" },
      "namespace Countersign": { namespace: "Countersign" },
      "namespace with a NUL": { namespace: "countersign\0" },
      "an empty namespace": { namespace: "" },
      "the right namespace written over another": { signedNamespace: "git" },
      "another magic": { magic: "SSHSIH" },
      "version 2": { version: 2 },
      "version 0": { version: 0 },
      "a reserved field, which nobody signs": { reserved: "x" },
      "the hash sha1": { hash: "sha1" },
      "bytes after the end": { trailer: Buffer.of(0) },
      "another key of the kind": { publicKey: makeTestKey(type).blob },
      "the algorithm of another key": { algorithm: type === "ssh-rsa" ? "ssh-rsa" : "ssh-dss" },
    };
    for (const [name, part] of Object.entries(parts)) {
      expect(codeOfSshsig(makeSshsig(key, PAE, part)), name).toMatch(/^SIGNATURE_/);
    }
    expect(codeOfSshsig(makeSshsig(key, TEST_PAYLOAD)), "the payload instead of the PAE").toBe(
      "SIGNATURE_INVALID",
    );
    expect(
      codeOfSshsig(
        makeSshsig(key, PAE),
        formatRawStatement(toCodeReviewStatement({ ...TEST_REVIEW, decision: "reject" })),
      ),
    ).toBe("SIGNATURE_INVALID");
  });

  it("names a commit signature for what it is (T33)", () => {
    const bytes = makeEnvelope(ED25519, TEST_PAYLOAD, { namespace: "git" });
    expect(() => verify(bytes)).toThrow("signature of a commit or tag");
  });

  it.each(TEST_KEY_TYPES)(
    "takes a %s signature over SHA-256 as well as SHA-512, and nothing between",
    (type) => {
      expect(codeOfSshsig(makeSshsig(keyOf(type), PAE, { hash: "sha256" }))).toBe("accepted");
      const swapped = makeSshsig(keyOf(type), PAE, { hash: "sha256" })
        .toString("latin1")
        .replace("sha256", "sha512");
      expect(codeOfSshsig(Buffer.from(swapped, "latin1"))).toBe("SIGNATURE_INVALID");
    },
  );

  it.each(TEST_KEY_TYPES)("accepts no %s envelope with a bit flipped in any of its bytes", (type) => {
    const bytes = makeEnvelope(keyOf(type), TEST_PAYLOAD);
    for (let at = 0; at < bytes.length; at++) {
      const copy = bytes.slice();
      copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8));
      expect(
        codeOf(() => verify(copy)),
        `byte ${at}`,
      ).not.toBe("accepted");
    }
  });

  it.each(TEST_KEY_TYPES)(
    "accepts no %s signature blob with a bit flipped in any of its bytes, nor cut at any of them",
    (type) => {
      const blob = makeSshsig(keyOf(type), PAE);
      for (let at = 0; at < blob.length; at++) {
        const copy = Buffer.from(blob);
        copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8));
        expect(codeOfSshsig(copy), `flip ${at}`).not.toBe("accepted");
        expect(codeOfSshsig(blob.subarray(0, at)), `cut ${at}`).not.toBe("accepted");
      }
    },
  );

  it("accepts no envelope cut at any byte or with a byte added", () => {
    const bytes = makeEnvelope(ED25519, TEST_PAYLOAD);
    for (let at = 0; at < bytes.length; at++)
      expect(codeOf(() => verify(bytes.subarray(0, at)))).not.toBe("accepted");
    for (const added of ["\n", " ", "\0", "}", "{}"]) {
      expect(codeOf(() => verify(toUtf8(toText(bytes) + added)))).toBe("ENVELOPE_MALFORMED");
    }
  });

  it("throws nothing but CoreError, whatever bytes replace a stretch of the envelope", () => {
    const bytes = makeEnvelope(ED25519, TEST_PAYLOAD);
    fc.assert(
      fc.property(fc.nat(bytes.length), fc.nat(40), fc.uint8Array({ maxLength: 40 }), (at, cut, patch) => {
        const copy = Buffer.concat([bytes.subarray(0, at), patch, bytes.subarray(at + cut)]);
        if (!copy.equals(bytes)) expect(codeOf(() => verify(copy))).not.toBe("accepted");
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the canonical form", () => {
  const bytes = makeEnvelope(ED25519, TEST_PAYLOAD);
  const text = toText(bytes);
  const json = JSON.parse(text) as {
    payload: string;
    payloadType: string;
    signatures: [{ keyid: string; sig: string }];
  };

  it.each<[string, string]>([
    ["white space", JSON.stringify(json, null, 1)],
    [
      "other key order",
      JSON.stringify({ signatures: json.signatures, payloadType: json.payloadType, payload: json.payload }),
    ],
    ["another keyid", JSON.stringify({ ...json, signatures: [{ ...json.signatures[0], keyid: "alice" }] })],
    ["no keyid", JSON.stringify({ ...json, signatures: [{ sig: json.signatures[0].sig }] })],
    ["an unsigned extra member", text.replace("{", '{"_note":"x",')],
    [
      "the URL-safe alphabet, unpadded",
      text.replace(
        json.signatures[0].sig,
        Buffer.from(json.signatures[0].sig, "base64").toString("base64url"),
      ),
    ],
    [
      "an armored signature",
      text.replace(json.signatures[0].sig, Buffer.from(armor(json.signatures[0].sig)).toString("base64")),
    ],
    ["a key written with an escape", text.replace('"payload"', '"p\\u0061yload"')],
  ])("is reached from %s, which is refused as it stands", (_, variant) => {
    expect(variant).not.toBe(text);
    expect(codeOf(() => verify(toUtf8(variant)))).toBe("ENVELOPE_MALFORMED");
    expect(toText(toCanonicalEnvelope(toUtf8(variant)))).toBe(text);
  });

  it.each([
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ecdsa-sha2-nistp256@openssh.com",
  ] as const)(
    "of %s folds the two valid values of s into one name, so that no revoked envelope has a twin",
    (type) => {
      const original = makeSshsig(keyOf(type), PAE, { changeRaw: (raw) => raw });
      const low = parseSshsig(original).signature.raw;
      const twin = twinOf(original, low);
      expect(twin.equals(original)).toBe(false);
      const names = [original, twin].map(
        (blob) => verify(toCanonicalEnvelope(wrapEnvelope(TEST_PAYLOAD, blob))).digest,
      );
      expect(names[0]).toBe(names[1]);
    },
  );

  it("refuses an Ed25519 S beyond the group order, the same signature in another spelling", () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const sig = makeSshsig(ED25519, PAE, {
      changeRaw: (raw) => Buffer.concat([raw.subarray(0, 32), addLittleEndian(raw.subarray(32), order)]),
    });
    expect(codeOfSshsig(sig)).toBe("SIGNATURE_MALFORMED");
  });
});

describe("an envelope", () => {
  const good = wrapEnvelope(TEST_PAYLOAD, makeSshsig(ED25519, PAE)).toString();
  const json = JSON.parse(good) as {
    payload: string;
    payloadType: string;
    signatures: [{ keyid: string; sig: string }];
  };
  const [first] = json.signatures;
  it.each<[string, string]>([
    ["no signature", JSON.stringify({ ...json, signatures: [] })],
    ["two signatures, even equal ones", JSON.stringify({ ...json, signatures: [first, first] })],
    [
      "a bad signature before a good one",
      JSON.stringify({ ...json, signatures: [{ keyid: "", sig: "AAAA" }, first] }),
    ],
    ["another payload type", JSON.stringify({ ...json, payloadType: "application/json" })],
    ["a payload type in capitals", JSON.stringify({ ...json, payloadType: "application/vnd.in-toto+JSON" })],
    ["a payload that is not base64", JSON.stringify({ ...json, payload: "{}" })],
    [
      "a payload with a line break",
      JSON.stringify({ ...json, payload: `${json.payload.slice(0, 76)}\n${json.payload.slice(76)}` }),
    ],
    ["a payload that is an object", JSON.stringify({ ...json, payload: {} })],
    ["the payload twice", good.replace("{", `{"payload":"e30=",`)],
    ["the signatures twice", good.replace("{", '{"signatures":[],')],
    [
      "a payload beyond 65,535 bytes",
      JSON.stringify({ ...json, payload: Buffer.alloc(65_536, 32).toString("base64") }),
    ],
    ["100 MB", `"${"a".repeat(100_000_000)}"`],
    ["deep nesting", "[".repeat(100_000)],
    ["a list at the top", `[${good}]`],
    ["null", "null"],
    ["nothing", ""],
  ])("with %s is malformed", (_, text) => {
    expect(codeOf(() => toCanonicalEnvelope(toUtf8(text)))).toBe("ENVELOPE_MALFORMED");
    expect(codeOf(() => verify(toUtf8(text)))).toBe("ENVELOPE_MALFORMED");
  });

  it("signed correctly over a statement with duplicate keys is refused", () => {
    const payload = toUtf8(
      toText(TEST_PAYLOAD).replace('"decision":"approve"', '"decision":"reject","decision":"approve"'),
    );
    expect(toText(payload)).toContain('"reject"');
    expect(codeOf(() => verify(makeEnvelope(ED25519, payload)))).toBe("STATEMENT_MALFORMED");
  });

  it("signed correctly over a payload that is no statement is refused", () => {
    for (const payload of ["", "null", "{}", "approve", '{"_type":"https://in-toto.io/Statement/v1"}']) {
      expect(codeOf(() => verify(makeEnvelope(ED25519, toUtf8(payload))))).toBe("STATEMENT_MALFORMED");
    }
  });

  it("with multi-byte text has its length counted in bytes", () => {
    const payload = formatRawStatement(toCodeReviewStatement({ ...TEST_REVIEW, reason: "größer 😀" }));
    expect(
      toText(toPreAuthEncoding(payload)).startsWith(
        `DSSEv1 28 application/vnd.in-toto+json ${payload.length} {`,
      ),
    ).toBe(true);
    expect(codeOf(() => verify(makeEnvelope(ED25519, payload)))).toBe("accepted");
  });
});

function armor(base64: string): string {
  return `-----BEGIN SSH SIGNATURE-----\n${base64.match(/.{1,70}/g)?.join("\n")}\n-----END SSH SIGNATURE-----\n`;
}

/** The SSHSIG with s replaced by order − s: a second valid signature that anybody can compute. */
function twinOf(blob: Buffer, low: Uint8Array): Buffer {
  const { publicKey, hashAlgorithm, signature } = parseSshsig(blob);
  const order = { "ecdsa-nistp256": P256, "ecdsa-nistp384": P384, "ecdsa-nistp521": P521 }[
    signature.algorithm as string
  ] as bigint;
  const half = low.length / 2;
  const s = BigInt(`0x${Buffer.from(low.subarray(half)).toString("hex")}`);
  const high = Buffer.from((order - s).toString(16).padStart(2 * half, "0"), "hex");
  const original = wire(mpint(low.subarray(0, half)), mpint(low.subarray(half)));
  const isHigh = !blob.includes(original);
  const fields = wire(mpint(low.subarray(0, half)), mpint(isHigh ? low.subarray(half) : high));
  const state =
    signature.securityKey === null
      ? Buffer.of()
      : Buffer.concat([Buffer.of(signature.securityKey.flags), uint32(signature.securityKey.counter)]);
  const packed = Buffer.concat([wire(publicKey.type, fields), state]);
  return Buffer.concat([
    Buffer.from("SSHSIG"),
    uint32(1),
    wire(publicKey.blob, "countersign", "", hashAlgorithm, packed),
  ]);
}

const P256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const P384 =
  0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n;
const P521 =
  0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n;

function addLittleEndian(bytes: Buffer, value: bigint): Buffer {
  const sum = BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`) + value;
  return Buffer.from(sum.toString(16).padStart(64, "0"), "hex").reverse();
}
