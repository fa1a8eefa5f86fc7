// SPDX-License-Identifier: Apache-2.0
import type { SigstoreIdentity, VerifySigstoreBundle } from "@countersign/core/attestation";
import { CoreError, type Json } from "@countersign/core/ids";
import { bundleFromJSON } from "@sigstore/bundle";
import { TrustedRoot } from "@sigstore/protobuf-specs";
import { toSignedEntity, toTrustMaterial, Verifier } from "@sigstore/verify";

/** A trusted root is some kilobytes of certificates and log keys. */
const MOST_BYTES = 1024 * 1024;

/**
 * Verifies Sigstore bundles without a network against a trusted root (the `trusted_root.json` of a Sigstore instance): the
 * certificate's chain, its entry in a certificate log, that a transparency log saw the signature while the certificate was valid,
 * and the signature. Throws CoreError KEY_MALFORMED for a root that is none; what it returns throws SIGNATURE_INVALID.
 */
export function createBundleVerifier(trustedRoot: Uint8Array): VerifySigstoreBundle {
  const verifier = new Verifier(toTrustMaterial(readRoot(trustedRoot)), {
    ctlogThreshold: 1,
    tlogThreshold: 1,
    timestampThreshold: 1,
  });
  return (bundle) => verify(verifier, bundle);
}

function readRoot(bytes: Uint8Array): TrustedRoot {
  try {
    if (bytes.length > MOST_BYTES) throw new RangeError(`more than ${MOST_BYTES} bytes`);
    const root = TrustedRoot.fromJSON(JSON.parse(Buffer.from(bytes).toString("utf8")));
    // Any JSON at all becomes a root of nothing: better said at once than by every bundle.
    if (root.certificateAuthorities.length === 0 || root.tlogs.length === 0)
      throw new TypeError("no certificate authority or no transparency log in it");
    return root;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CoreError("KEY_MALFORMED", `the trusted root cannot be used: ${reason}`, { cause });
  }
}

function verify(verifier: Verifier, bundle: Json): SigstoreIdentity {
  try {
    const { identity } = verifier.verify(toSignedEntity(bundleFromJSON(bundle)));
    const issuer = identity?.extensions?.issuer;
    const subject = identity?.subjectAlternativeName;
    // A bundle may name a bare key instead of a certificate: then nobody stands for whose it is.
    if (issuer === undefined || subject === undefined) throw new Error("it names no identity");
    return { issuer, subject };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new CoreError("SIGNATURE_INVALID", `the Sigstore bundle does not verify: ${reason}`, { cause });
  }
}
