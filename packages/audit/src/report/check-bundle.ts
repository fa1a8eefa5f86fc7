// SPDX-License-Identifier: Apache-2.0
import type { VerifySigstoreBundle } from "@countersign/core/attestation";
import { type AuditBundle, type BundleVerification, verifyAuditBundle } from "@countersign/core/audit";
import { CoreError, parseBase64 } from "@countersign/core/ids";
import { verifyRawSignature } from "@countersign/signing";
import { verifyEd25519 } from "@countersign/store";
import type { LedgerTrust } from "../open-ledger.ts";

/** Whom a reader of a bundle believes; what is left out is taken at the bundle's own word. */
export interface BundleReader {
  readonly ledger?: LedgerTrust | undefined;
  /** A Sigstore instance's `trusted_root.json`; throws CoreError KEY_MALFORMED where it is none. */
  readonly trustedRoot?: Uint8Array | undefined;
}

/** Checks a bundle with this machine's cryptography, by the keys that the reader brings or, without any, by its own. */
export async function checkBundle(
  bundle: AuditBundle,
  { ledger, trustedRoot }: BundleReader,
): Promise<BundleVerification> {
  const known =
    ledger === undefined
      ? {}
      : { logKey: ledger.verifierKey, witnesses: ledger.witnesses ?? [], quorum: ledger.quorum ?? 0 };
  const verifyBundle =
    trustedRoot === undefined ? await readOwnRoot(bundle) : await createVerifier(trustedRoot);
  return verifyAuditBundle(bundle, {
    ...known,
    verifyRaw: verifyRawSignature,
    verifyEd25519,
    ...(verifyBundle && { verifyBundle }),
  });
}

/** What is wrong with a root that the bundle brings is a fault of every piece that rests on it. */
async function readOwnRoot({ trustedRoot }: AuditBundle): Promise<VerifySigstoreBundle | undefined> {
  if (trustedRoot === null) return undefined;
  try {
    return await createVerifier(parseBase64(trustedRoot));
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return () => {
      throw error;
    };
  }
}

/** Loaded only where something is signed by certificate: the library takes longer to start than everything else here. */
async function createVerifier(root: Uint8Array): Promise<VerifySigstoreBundle> {
  const { createBundleVerifier } = await import("@countersign/signing/sigstore");
  return createBundleVerifier(root);
}
