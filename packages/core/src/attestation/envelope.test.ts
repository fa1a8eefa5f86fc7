// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CoreError, toBase64, toText, toUtf8 } from "../ids/index.ts";
import {
  formatEnvelope,
  MAX_ENVELOPE_BYTES,
  parseEnvelope,
  toCanonicalEnvelope,
  toPreAuthEncoding,
} from "./envelope.ts";
import { PUBLIC_KEYS } from "./public-keys.fixture.ts";
import { parsePublicKey } from "./ssh-public-key.ts";
import { formatSshsig, type Sshsig } from "./sshsig.ts";
import { MAX_STATEMENT_BYTES } from "./statement.ts";

const publicKey = parsePublicKey(
  PUBLIC_KEYS.map(([line]) => line).find((line) => line.startsWith("ssh-rsa")) ?? "",
);
const sshsigs: fc.Arbitrary<Sshsig> = fc.record({
  publicKey: fc.constant(publicKey),
  namespace: fc.constant("countersign"),
  hashAlgorithm: fc.constantFrom("sha256", "sha512"),
  signature: fc.record({
    algorithm: fc.constant("rsa-sha2-512"),
    raw: fc.uint8Array({ minLength: 256, maxLength: 256 }),
    securityKey: fc.constant(null),
  }),
});
const envelopes = fc.record({ payload: fc.uint8Array({ maxLength: 300 }), sshsig: sshsigs });

describe("an envelope", () => {
  it("round-trips, and its canonical form is its own canonical form", () => {
    fc.assert(
      fc.property(envelopes, (envelope) => {
        const bytes = formatEnvelope(envelope);
        expect(parseEnvelope(bytes)).toEqual(envelope);
        expect(toCanonicalEnvelope(bytes)).toEqual(bytes);
      }),
    );
  });

  it("in any JSON dress comes back to the same canonical bytes", () => {
    fc.assert(
      fc.property(
        envelopes,
        fc.nat(4),
        fc.boolean(),
        fc.string({ maxLength: 20 }),
        (envelope, indent, isUrlSafe, keyid) => {
          const encode = (bytes: Uint8Array): string =>
            isUrlSafe
              ? toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "")
              : toBase64(bytes);
          const sig = encode(formatSshsig(envelope.sshsig));
          const text = JSON.stringify(
            {
              signatures: [{ sig, keyid, cert: null }],
              payload: encode(envelope.payload),
              payloadType: "application/vnd.in-toto+json",
            },
            null,
            indent,
          );
          expect(toCanonicalEnvelope(toUtf8(text))).toEqual(formatEnvelope(envelope));
        },
      ),
    );
  });

  it("of the largest statement and the largest key fits", () => {
    const [sshsig] = fc.sample(sshsigs, 1) as [Sshsig];
    const bytes = formatEnvelope({ payload: new Uint8Array(MAX_STATEMENT_BYTES), sshsig });
    expect(bytes.length + 8192).toBeLessThan(MAX_ENVELOPE_BYTES);
    expect(parseEnvelope(bytes).payload).toHaveLength(MAX_STATEMENT_BYTES);
  });

  it("throws nothing but CoreError on any bytes or any JSON", () => {
    const shaped = fc.record({
      payloadType: fc.constant("application/vnd.in-toto+json"),
      payload: fc.oneof(fc.base64String(), fc.jsonValue()),
      signatures: fc.array(fc.record({ sig: fc.oneof(fc.base64String(), fc.jsonValue()) }), { maxLength: 2 }),
    });
    const inputs = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.json().map(toUtf8),
      shaped.map((value) => toUtf8(JSON.stringify(value))),
    );
    fc.assert(
      fc.property(inputs, (bytes) => {
        try {
          parseEnvelope(bytes);
        } catch (error) {
          if (!(error instanceof CoreError)) throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the pre-authentication encoding", () => {
  it("is the one of the DSSE document, with lengths in bytes", () => {
    expect(toText(toPreAuthEncoding(toUtf8("größer")))).toBe(
      "DSSEv1 28 application/vnd.in-toto+json 8 größer",
    );
    expect(toText(toPreAuthEncoding(new Uint8Array()))).toBe("DSSEv1 28 application/vnd.in-toto+json 0 ");
  });
});
