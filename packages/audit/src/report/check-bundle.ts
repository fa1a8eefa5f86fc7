// SPDX-License-Identifier: Apache-2.0
import { type AuditBundle, type BundleVerification, verifyAuditBundle } from "@countersign/core/audit";
import { verifyRawSignature } from "@countersign/signing";
import { verifyEd25519 } from "@countersign/store";
import type { LedgerTrust } from "../open-ledger.ts";

/** Checks a bundle with this machine's cryptography, by the keys that the reader brings or, without any, by its own. */
export function checkBundle(bundle: AuditBundle, trust: LedgerTrust | undefined): BundleVerification {
  const known =
    trust === undefined
      ? {}
      : { logKey: trust.verifierKey, witnesses: trust.witnesses ?? [], quorum: trust.quorum ?? 0 };
  return verifyAuditBundle(bundle, { ...known, verifyRaw: verifyRawSignature, verifyEd25519 });
}
