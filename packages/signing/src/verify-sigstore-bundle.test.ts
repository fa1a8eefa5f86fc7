// SPDX-License-Identifier: Apache-2.0
import {
  formatMachineEnvelope,
  isMachineEnvelope,
  parseMachineEnvelope,
  verifyEnvelope,
  verifyMachineEnvelope,
} from "@countersign/core/attestation";
import { CoreError, toText, toUtf8 } from "@countersign/core/ids";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TEST_RESULT } from "./machine-vectors.fixture.ts";
import { createTestSigstore, type TestSigstore } from "./sigstore.fixture.ts";
import { verifyRawSignature } from "./verify-raw-signature.ts";
import { createBundleVerifier } from "./verify-sigstore-bundle.ts";

const IDENTITY = {
  issuer: "https://token.actions.githubusercontent.com",
  subject: "https://github.com/acme/shop/.github/workflows/release.yml@refs/heads/main",
};

let sigstore: TestSigstore;
let envelope: Uint8Array;
beforeAll(async () => {
  sigstore = await createTestSigstore();
  envelope = await sigstore.sign(TEST_RESULT, IDENTITY);
});
afterAll(() => sigstore[Symbol.asyncDispose]());

const verify = (bytes: Uint8Array, trustedRoot = sigstore.trustedRoot) =>
  verifyMachineEnvelope(bytes, {
    keys: [],
    verifySignature: verifyRawSignature,
    verifyBundle: createBundleVerifier(trustedRoot),
  });

function codeOf(run: () => unknown): string {
  try {
    run();
    return "accepted";
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return error.code;
  }
}

type Parts = {
  dsseEnvelope: { payload: string; signatures: { sig: string }[] };
  verificationMaterial: Record<string, unknown> & {
    tlogEntries: Record<string, unknown>[];
    certificate?: { rawBytes: string };
  };
};

/** The bundle with something changed, in canonical form again, so that only the verification decides. */
function change(edit: (bundle: Parts) => void, bytes = envelope): Uint8Array {
  const bundle = JSON.parse(toText(bytes)) as Parts;
  edit(bundle);
  return formatMachineEnvelope(parseMachineEnvelope(toUtf8(JSON.stringify(bundle))));
}

describe("a Sigstore bundle", () => {
  it("says whom the certificate names, and the statement", () => {
    const { statement, signer } = verify(envelope);
    expect(statement).toEqual(TEST_RESULT);
    expect(signer).toEqual({ kind: "sigstore", ...IDENTITY });
    expect(isMachineEnvelope(envelope)).toBe(true);
  });

  it("is no sign-off, and cannot be checked without a trusted root", () => {
    expect(codeOf(() => verifyEnvelope(envelope, verifyRawSignature))).toBe("ENVELOPE_MALFORMED");
    const trust = { keys: [], verifySignature: verifyRawSignature };
    expect(codeOf(() => verifyMachineEnvelope(envelope, trust))).toBe("SIGNER_UNKNOWN");
  });

  it("of another Sigstore is refused, also where it names the same identity", async () => {
    await using other = await createTestSigstore();
    const foreign = await other.sign(TEST_RESULT, IDENTITY);
    expect(codeOf(() => verify(foreign))).toBe("SIGNATURE_INVALID");
    expect(codeOf(() => verify(envelope, other.trustedRoot))).toBe("SIGNATURE_INVALID");
  });

  it.each([
    [
      "another payload",
      (bundle: Parts) => {
        bundle.dsseEnvelope.payload = Buffer.from(
          Buffer.from(bundle.dsseEnvelope.payload, "base64").toString().replace("EXAMPLE", "EXAMPLF"),
        ).toString("base64");
      },
    ],
    [
      "another signature",
      (bundle: Parts) => {
        const [one] = bundle.dsseEnvelope.signatures;
        if (one) one.sig = Buffer.alloc(70, 1).toString("base64");
      },
    ],
    [
      "no log entry",
      (bundle: Parts) => {
        bundle.verificationMaterial.tlogEntries = [];
      },
    ],
    [
      "the same log entry twice",
      (bundle: Parts) => {
        bundle.verificationMaterial.tlogEntries.push(...bundle.verificationMaterial.tlogEntries);
      },
    ],
    [
      "another time in the log entry",
      (bundle: Parts) => {
        Object.assign(bundle.verificationMaterial.tlogEntries[0] ?? {}, { integratedTime: "1500000000" });
      },
    ],
    [
      "no certificate",
      (bundle: Parts) => {
        delete bundle.verificationMaterial.certificate;
      },
    ],
    [
      "a bare key in place of the certificate",
      (bundle: Parts) => {
        delete bundle.verificationMaterial.certificate;
        bundle.verificationMaterial.publicKey = { hint: "x" };
      },
    ],
    [
      "a certificate that is none",
      (bundle: Parts) => {
        bundle.verificationMaterial.certificate = { rawBytes: "AAAA" };
      },
    ],
  ])("with %s is refused", (_what, edit) => {
    expect(codeOf(() => verify(change(edit)))).toBe("SIGNATURE_INVALID");
  });

  it("with another's certificate and log entry is refused", async () => {
    const own = await sigstore.sign(
      { ...TEST_RESULT, predicateType: "https://example.com/x" },
      { ...IDENTITY, subject: "mallory@example.com" },
    );
    const { verificationMaterial } = JSON.parse(toText(own)) as Parts;
    expect(
      codeOf(() =>
        verify(
          change((bundle) => {
            bundle.verificationMaterial = verificationMaterial;
          }),
        ),
      ),
    ).toBe("SIGNATURE_INVALID");
  });

  it.each(["", "{}", "[]", "null", '{"tlogs":[]}', "x".repeat(2_000_000)])(
    "a trusted root that is none is said to be that: %#",
    (text) => {
      expect(codeOf(() => createBundleVerifier(toUtf8(text)))).toBe("KEY_MALFORMED");
    },
  );
});
