// SPDX-License-Identifier: Apache-2.0
import { createHash, createPublicKey, verify } from "node:crypto";
import { parsePublicKeyBlob } from "@countersign/core/attestation";
import { describe, expect, it } from "vitest";
import { makeTestKey, wire } from "./keys.fixture.ts";
import { verifyRawSignature } from "./verify-raw-signature.ts";

/** The eight points of small order, y little-endian with the sign of x in the top bit, and their non-canonical twins. */
const WEAK = [
  `01${"00".repeat(31)}`,
  `ec${"ff".repeat(30)}7f`,
  "00".repeat(32),
  `${"00".repeat(31)}80`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
];
const BEYOND_THE_FIELD = [
  `ed${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}ff`,
  "ff".repeat(32),
  `01${"00".repeat(30)}80`,
];

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/**
 * A signature that needs no private key of the victim: R is the public key of any key at hand, S its secret scalar. It
 * verifies for a key A of small order whenever the hash times A is zero: for one message in eight, or in fewer.
 */
function forgeSignature(): Buffer {
  const { privateKey, blob } = makeTestKey("ssh-ed25519");
  const seed = Buffer.from(privateKey.export({ format: "jwk" }).d ?? "", "base64url");
  const scalar = createHash("sha512").update(seed).digest().subarray(0, 32);
  scalar[0] = (scalar[0] ?? 0) & 0xf8;
  scalar[31] = ((scalar[31] ?? 0) & 0x7f) | 0x40;
  const s = BigInt(`0x${scalar.reverse().toString("hex")}`) % ORDER;
  const low = Buffer.from(s.toString(16).padStart(64, "0"), "hex").reverse();
  return Buffer.concat([blob.subarray(-32), low]);
}

describe("an Ed25519 key of small order", () => {
  it.each(WEAK)("%s is refused, whatever this OpenSSL thinks of a signature that nobody made", (hex) => {
    const point = Buffer.from(hex, "hex");
    const key = createPublicKey({
      key: { kty: "OKP", crv: "Ed25519", x: point.toString("base64url") },
      format: "jwk",
    });
    const signature = forgeSignature();
    const forged = Array.from({ length: 200 }, (_, i) =>
      verify(null, Buffer.from(`approve ${i}`), key, signature),
    );
    // OpenSSL 3.0 (Node 20) accepts one in eight or more, OpenSSL 3.5 (Node 24) none: the check must be ours.
    if (process.versions.openssl.startsWith("3.0.")) expect(forged).toContain(true);
    expect(() => parsePublicKeyBlob(wire("ssh-ed25519", point))).toThrow("small order");
    expect(() => parsePublicKeyBlob(wire("sk-ssh-ed25519@openssh.com", point, "ssh:"))).toThrow(
      "small order",
    );
  });

  it.each(BEYOND_THE_FIELD)("or beyond the field, %s, is refused", (hex) => {
    expect(() => parsePublicKeyBlob(wire("ssh-ed25519", Buffer.from(hex, "hex")))).toThrow("small order");
  });
});

describe("verifyRawSignature", () => {
  it("says no, and throws nothing, for an algorithm that is not the key's and for lengths that are wrong", () => {
    const keys = [makeTestKey("ssh-ed25519"), makeTestKey("ecdsa-sha2-nistp384"), makeTestKey("ssh-rsa")];
    for (const { publicKey } of keys) {
      for (const algorithm of [
        "ed25519",
        "ecdsa-nistp256",
        "ecdsa-nistp384",
        "rsa-sha2-256",
        "rsa-sha2-512",
      ] as const) {
        for (const length of [0, 1, 64, 96, 256, 5000]) {
          expect(verifyRawSignature(publicKey, algorithm, Buffer.from("x"), Buffer.alloc(length, 1))).toBe(
            false,
          );
        }
      }
    }
  });

  it("says no for an Ed25519 key that is no point of the curve", () => {
    const notOnCurve = Array.from({ length: 40 }, (_, i) => Buffer.alloc(32, i + 2));
    for (const point of notOnCurve) {
      const publicKey = parsePublicKeyBlob(wire("ssh-ed25519", point.fill(0x11, 31)));
      expect(verifyRawSignature(publicKey, "ed25519", Buffer.from("x"), Buffer.alloc(64, 1))).toBe(false);
    }
  });
});
