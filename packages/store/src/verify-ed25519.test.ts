// SPDX-License-Identifier: Apache-2.0
import { generateKeyPairSync, sign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { verifyEd25519 } from "./verify-ed25519.ts";

const DATA = new TextEncoder().encode("a checkpoint\n");

function createSigner() {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = new Uint8Array(Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url"));
  return { raw, signature: new Uint8Array(sign(null, DATA, privateKey)) };
}

describe("verifyEd25519, which keeps the keys that it has seen", () => {
  it("asks each signature anew: a key that signed once vouches for nothing else", () => {
    const { raw, signature } = createSigner();
    expect(verifyEd25519(raw, DATA, signature)).toBe(true);
    expect(verifyEd25519(raw, Uint8Array.of(...DATA, 0), signature)).toBe(false);
    expect(verifyEd25519(raw, DATA, signature.with(0, (signature[0] ?? 0) ^ 1))).toBe(false);
    expect(verifyEd25519(createSigner().raw, DATA, signature)).toBe(false);
    expect(verifyEd25519(raw, DATA, signature)).toBe(true);
  });

  it("knows a key by its bytes, and not by the array they came in", () => {
    const [first, second] = [createSigner(), createSigner()];
    const array = new Uint8Array(first.raw);
    expect(verifyEd25519(array, DATA, first.signature)).toBe(true);
    array.set(second.raw);
    expect(verifyEd25519(array, DATA, first.signature)).toBe(false);
    expect(verifyEd25519(array, DATA, second.signature)).toBe(true);
  });

  it("takes any number of keys, and no key that is none", () => {
    const signers = Array.from({ length: 150 }, createSigner);
    for (const { raw, signature } of [...signers, ...signers])
      expect(verifyEd25519(raw, DATA, signature)).toBe(true);
    const [one] = signers;
    for (const length of [0, 31, 33])
      expect(verifyEd25519(new Uint8Array(length), DATA, one?.signature ?? DATA)).toBe(false);
  });
});
