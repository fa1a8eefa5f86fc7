// SPDX-License-Identifier: Apache-2.0
import { constants, sign as signData } from "node:crypto";
import {
  parseSshsig,
  toCanonicalEnvelope,
  toPreAuthEncoding,
  verifyEnvelope,
} from "@countersign/core/attestation";
import { CoreError } from "@countersign/core/ids";
import { describe, expect, it } from "vitest";
import {
  makeEnvelope,
  makeSshsig,
  makeTestKey,
  TEST_KEY_TYPES,
  type TestKey,
  wire,
  wrapEnvelope,
} from "./keys.fixture.ts";
import { TEST_PAYLOAD } from "./review.fixture.ts";
import { verifyRawSignature } from "./verify-raw-signature.ts";

const KEYS = new Map(TEST_KEY_TYPES.map((type) => [type, makeTestKey(type)]));
const PAE = toPreAuthEncoding(TEST_PAYLOAD);

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

describe("an RSA signature", () => {
  const key = keyOf("ssh-rsa");
  it("takes rsa-sha2-256 too", () =>
    expect(codeOfSshsig(makeSshsig(key, PAE, { algorithm: "rsa-sha2-256" }))).toBe("accepted"));
  it("refuses SHA-1, and says why", () => {
    expect(() => parseSshsig(makeSshsig(key, PAE, { algorithm: "ssh-rsa" }))).toThrow("SHA-1");
  });
  it("refuses rsa-sha2-512 written over a rsa-sha2-256 signature", () => {
    const text = makeSshsig(key, PAE, { algorithm: "rsa-sha2-256" })
      .toString("latin1")
      .replace("rsa-sha2-256", "rsa-sha2-512");
    expect(codeOfSshsig(Buffer.from(text, "latin1"))).toBe("SIGNATURE_INVALID");
  });
  it("refuses PSS padding", () => {
    const pss = makeSshsig(key, PAE, {
      changeRaw: (raw) =>
        signData("sha512", raw, { key: key.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING }),
    });
    expect(codeOfSshsig(pss)).toBe("SIGNATURE_INVALID");
  });
  it("refuses a signature shorter or longer than the modulus", () => {
    expect(
      codeOfSshsig(makeSshsig(key, PAE, { changeRaw: (raw) => Buffer.concat([Buffer.of(0), raw]) })),
    ).toBe("SIGNATURE_MALFORMED");
    expect(codeOfSshsig(makeSshsig(key, PAE, { changeRaw: (raw) => raw.subarray(1) }))).toBe(
      "SIGNATURE_MALFORMED",
    );
  });
});

describe("an ECDSA signature", () => {
  it.each(["ecdsa-sha2-nistp256", "ecdsa-sha2-nistp521"] as const)(
    "of %s with r or s zero, or not below the order, is refused",
    (type) => {
      const width = type.endsWith("256") ? 32 : 66;
      for (const raw of [Buffer.alloc(2 * width), Buffer.alloc(2 * width, 0xff)]) {
        expect(codeOfSshsig(makeSshsig(keyOf(type), PAE, { changeRaw: () => raw }))).toBe(
          "SIGNATURE_MALFORMED",
        );
      }
    },
  );

  it("is accepted whatever the length of its r and s", () => {
    const lengths = new Set<number>();
    for (let i = 0; i < 600 && lengths.size < 3; i++) {
      const blob = makeSshsig(keyOf("ecdsa-sha2-nistp256"), PAE);
      lengths.add(blob.length);
      expect(codeOfSshsig(blob)).toBe("accepted");
    }
    expect(lengths.size).toBeGreaterThanOrEqual(3);
  });

  it("by a point that is not on its curve is not accepted", () => {
    const point = Buffer.concat([Buffer.of(4), Buffer.alloc(32, 1), Buffer.alloc(32, 2)]);
    const publicKey = wire("ecdsa-sha2-nistp256", "nistp256", point);
    expect(codeOfSshsig(makeSshsig(keyOf("ecdsa-sha2-nistp256"), PAE, { publicKey }))).toBe(
      "SIGNATURE_INVALID",
    );
  });
});

describe("a security key's signature", () => {
  it.each(["sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"] as const)(
    "of %s reports touch and user verification as signed",
    (type) => {
      for (const [flags, isTouched, isUserVerified] of [
        [0, false, false],
        [1, true, false],
        [4, false, true],
        [5, true, true],
      ] as const) {
        expect(verify(makeEnvelope(keyOf(type), TEST_PAYLOAD, { flags })).signer).toMatchObject({
          isTouched,
          isUserVerified,
        });
      }
    },
  );

  it.each(["sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"] as const)(
    "of %s cannot have a touch written in afterwards (T17)",
    (type) => {
      expect(codeOfSshsig(makeSshsig(keyOf(type), PAE, { flags: 0, writtenFlags: 1 }))).toBe(
        "SIGNATURE_INVALID",
      );
    },
  );

  it("does not pass for a plain key's, nor a plain one for it", () => {
    const sk = keyOf("sk-ssh-ed25519@openssh.com");
    const plainBlob = wire(
      "ssh-ed25519",
      sk.blob.subarray(4 + sk.type.length + 4, 4 + sk.type.length + 4 + 32),
    );
    const plain: TestKey = { ...sk, type: "ssh-ed25519", blob: plainBlob };
    expect(codeOfSshsig(makeSshsig(plain, PAE)), "the same secret as a file").toBe("accepted");
    expect(codeOfSshsig(makeSshsig(plain, PAE, { publicKey: sk.blob, algorithm: sk.type }))).toBe(
      "SIGNATURE_MALFORMED",
    );
    expect(codeOfSshsig(makeSshsig(sk, PAE, { publicKey: plainBlob, algorithm: "ssh-ed25519" }))).toBe(
      "SIGNATURE_MALFORMED",
    );
  });

  it("of a website's login key is refused", () => {
    const sk = keyOf("sk-ssh-ed25519@openssh.com");
    const publicKey = wire(
      sk.type,
      sk.blob.subarray(4 + sk.type.length + 4, 4 + sk.type.length + 4 + 32),
      "login.example",
    );
    expect(codeOfSshsig(makeSshsig(sk, PAE, { publicKey }))).toBe("KEY_MALFORMED");
  });
});
