// SPDX-License-Identifier: Apache-2.0
import { constants, createPublicKey, type JsonWebKey, type KeyObject, verify } from "node:crypto";
import type { RawSignatureAlgorithm, SshKeyMaterial, SshPublicKey } from "@countersign/core/attestation";

const HASH: Readonly<Record<RawSignatureAlgorithm, string | null>> = {
  ed25519: null,
  "ecdsa-nistp256": "sha256",
  "ecdsa-nistp384": "sha384",
  "ecdsa-nistp521": "sha512",
  "rsa-sha2-256": "sha256",
  "rsa-sha2-512": "sha512",
};

const CURVE = { nistp256: "P-256", nistp384: "P-384", nistp521: "P-521" } as const;

/** The VerifyRawSignature of core, done by OpenSSL. Never throws on any key or signature that core could parse. */
export function verifyRawSignature(
  key: SshPublicKey,
  algorithm: RawSignatureAlgorithm,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  const publicKey = importKey(key.material);
  if (publicKey === undefined || !isAlgorithmOf(key.material, algorithm)) return false;
  const options = {
    key: publicKey,
    ...(key.material.kind === "ecdsa" ? { dsaEncoding: "ieee-p1363" as const } : {}),
    ...(key.material.kind === "rsa" ? { padding: constants.RSA_PKCS1_PADDING } : {}),
  };
  return verify(HASH[algorithm], data, options, signature);
}

/** Undefined where OpenSSL refuses the key, such as a point that is not on its curve. */
function importKey(material: SshKeyMaterial): KeyObject | undefined {
  try {
    return createPublicKey({ key: toJwk(material), format: "jwk" });
  } catch {
    return undefined;
  }
}

function toJwk(material: SshKeyMaterial): JsonWebKey {
  switch (material.kind) {
    case "ed25519":
      return { kty: "OKP", crv: "Ed25519", x: toBase64Url(material.point) };
    case "ecdsa": {
      const width = (material.point.length - 1) / 2;
      return {
        kty: "EC",
        crv: CURVE[material.curve],
        x: toBase64Url(material.point.subarray(1, 1 + width)),
        y: toBase64Url(material.point.subarray(1 + width)),
      };
    }
    case "rsa":
      return { kty: "RSA", e: toBase64Url(material.exponent), n: toBase64Url(material.modulus) };
  }
}

function isAlgorithmOf(material: SshKeyMaterial, algorithm: RawSignatureAlgorithm): boolean {
  switch (material.kind) {
    case "ed25519":
      return algorithm === "ed25519";
    case "ecdsa":
      return algorithm === `ecdsa-${material.curve}`;
    case "rsa":
      return algorithm === "rsa-sha2-256" || algorithm === "rsa-sha2-512";
  }
}

function toBase64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64url");
}
