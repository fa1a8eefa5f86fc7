// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CoreError, concatBytes, toBase64, toUtf8 } from "../ids/index.ts";
import { PUBLIC_KEYS } from "./public-keys.fixture.ts";
import { toSignedData } from "./signed-data.ts";
import { parsePublicKey, type SshPublicKey, toCoordinateBytes } from "./ssh-public-key.ts";
import { readMpint, readWireStrings, toMpint, toUint32, toWireString } from "./ssh-wire.ts";
import { formatArmoredSshsig, formatSshsig, parseSshsig, type Sshsig } from "./sshsig.ts";
import type { RawSignatureAlgorithm, SshSignature } from "./sshsig-signature.ts";

const KEYS = PUBLIC_KEYS.map(([line]) => parsePublicKey(line));
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

/** Signatures of every kind in canonical form; not valid ones, which parsing need not know. */
const sshsigs: fc.Arbitrary<Sshsig> = fc.constantFrom(...KEYS).chain((publicKey) =>
  fc.record({
    publicKey: fc.constant(publicKey),
    namespace: fc.constantFrom("countersign", "git", "file"),
    hashAlgorithm: fc.constantFrom("sha256" as const, "sha512" as const),
    signature: signaturesOf(publicKey),
  }),
);

function signaturesOf(key: SshPublicKey): fc.Arbitrary<SshSignature> {
  const state = fc.record({ flags: fc.nat(255), counter: fc.nat(0xffff_ffff) });
  return fc.record({
    algorithm: algorithmsOf(key),
    raw: rawOf(key),
    securityKey: key.application === null ? fc.constant(null) : state,
  });
}

function algorithmsOf({ material }: SshPublicKey): fc.Arbitrary<RawSignatureAlgorithm> {
  if (material.kind === "rsa") return fc.constantFrom("rsa-sha2-256", "rsa-sha2-512");
  return fc.constant(material.kind === "ed25519" ? "ed25519" : `ecdsa-${material.curve}`);
}

function rawOf({ material }: SshPublicKey): fc.Arbitrary<Uint8Array> {
  if (material.kind === "rsa") return bytes(material.modulus.length);
  // The top byte is cleared: below the group order, and in the lower half of it.
  if (material.kind === "ed25519") return bytes(64).map((raw) => raw.with(63, 0x0f));
  const width = toCoordinateBytes(material.curve);
  return bytes(2 * width).map((raw) =>
    raw
      .with(0, 0)
      .with(width, 0)
      .with(width - 1, 1)
      .with(2 * width - 1, 1),
  );
}

describe("an SSHSIG", () => {
  it("round-trips bare and armored, for every kind of key", () => {
    fc.assert(
      fc.property(sshsigs, (sshsig) => {
        expect(parseSshsig(formatSshsig(sshsig))).toEqual(sshsig);
        expect(parseSshsig(toUtf8(formatArmoredSshsig(sshsig)))).toEqual(sshsig);
        expect(parseSshsig(toUtf8(formatArmoredSshsig(sshsig).replaceAll("\n", "\r\n")))).toEqual(sshsig);
      }),
    );
  });

  it("that parses has one canonical form, and that form is stable", () => {
    fc.assert(
      fc.property(sshsigs, fc.nat(), fc.integer({ min: 1, max: 255 }), (sshsig, where, mask) => {
        const blob = formatSshsig(sshsig);
        const at = where % blob.length;
        const changed = attempt(() => parseSshsig(blob.with(at, (blob[at] ?? 0) ^ mask)));
        if (changed === undefined) return;
        expect(formatSshsig(changed)).not.toEqual(blob);
        expect(parseSshsig(formatSshsig(changed))).toEqual(changed);
      }),
      { numRuns: 1000 },
    );
  });

  it("cut at any byte is refused", () => {
    for (const [sshsig] of KEYS.map((key) =>
      fc.sample(
        sshsigs.filter(({ publicKey }) => publicKey === key),
        1,
      ),
    )) {
      const blob = formatSshsig(sshsig as Sshsig);
      for (let length = 0; length < blob.length; length++) {
        expect(attempt(() => parseSshsig(blob.subarray(0, length)))).toBeUndefined();
      }
    }
  });

  const [sample] = fc.sample(
    sshsigs.filter(({ publicKey }) => publicKey.type === "ssh-ed25519"),
    1,
  ) as [Sshsig];
  const armored = formatArmoredSshsig(sample);
  it.each([
    ["text before it", `x\n${armored}`],
    ["text after it", `${armored}x`],
    ["a second block", armored + armored],
    ["PGP armor", armored.replaceAll("SSH", "PGP")],
    ["no end", armored.slice(0, -10)],
    ["no base64", "-----BEGIN SSH SIGNATURE-----\n====\n-----END SSH SIGNATURE-----\n"],
    ["nothing inside", "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n"],
    ["spaces inside", armored.replace("U1NI", "U1 NI")],
    ["endless armor", `-----BEGIN SSH SIGNATURE-----\n${"A".repeat(1_000_000)}`],
  ])("with %s is refused", (_, text) => {
    expect(text).not.toBe(armored);
    expect(() => parseSshsig(toUtf8(text))).toThrow(expect.objectContaining({ code: "SIGNATURE_MALFORMED" }));
  });

  it("whose inner lengths lie about 4 GiB is refused at once", () => {
    const blob = concatBytes(toUtf8("SSHSIG"), toUint32(1), toUint32(0xffff_ffff), new Uint8Array(50));
    expect(() => parseSshsig(blob)).toThrow("the data ends within number 1");
  });

  it("throws nothing but CoreError on any bytes", () => {
    const near = fc
      .array(fc.uint8Array({ maxLength: 80 }), { maxLength: 6 })
      .map((fields) => concatBytes(toUtf8("SSHSIG"), toUint32(1), ...fields.map(toWireString)));
    const armor = fc
      .uint8Array({ maxLength: 200 })
      .map((blob) =>
        toUtf8(`-----BEGIN SSH SIGNATURE-----\n${toBase64(blob)}\n-----END SSH SIGNATURE-----\n`),
      );
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 300 }), near, armor),
        (blob) => void attempt(() => parseSshsig(blob)),
      ),
      { numRuns: 1000 },
    );
  });
});

describe("the signed data", () => {
  it("of a plain key begins with SSHSIG and has no version; of a security key it is 32 + 1 + 4 + 32 bytes", () => {
    for (const key of KEYS) {
      const [sshsig] = fc.sample(
        sshsigs.filter(({ publicKey }) => publicKey === key),
        1,
      ) as [Sshsig];
      const data = toSignedData(sshsig, toUtf8("message"));
      if (key.application !== null) expect(data).toHaveLength(69);
      else
        expect(readWireStrings(data.subarray(6), 4, "SIGNATURE_MALFORMED")[0]).toEqual(
          toUtf8(sshsig.namespace),
        );
    }
  });
});

describe("an mpint", () => {
  it("round-trips every magnitude", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), (magnitude) => {
        fc.pre((magnitude[0] ?? 0) !== 0);
        expect(readMpint(toMpint(magnitude), "KEY_MALFORMED")).toEqual(magnitude);
      }),
    );
  });
  it.each([[[]], [[0]], [[0, 0x7f]], [[0, 0, 0x80]], [[0x80]], [[0xff, 0xff]]])(
    "of bytes %j is refused",
    (content) => {
      expect(() => readMpint(Uint8Array.from(content), "KEY_MALFORMED")).toThrow("shortest form");
    },
  );
});

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return undefined;
  }
}
