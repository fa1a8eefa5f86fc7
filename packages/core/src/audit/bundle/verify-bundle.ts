// SPDX-License-Identifier: Apache-2.0
import type { VerifyRawSignature, VerifySigstoreBundle } from "../../attestation/index.ts";
import {
  parseVerifierKey,
  type VerifiedCheckpoint,
  type VerifyEd25519,
  verifyCheckpoint,
} from "../../ledger/index.ts";
import type { AuditBundle } from "./audit-bundle.ts";
import { type BundleFault, toFault } from "./bundle-fault.ts";
import { checkEntries } from "./check-entries.ts";
import { checkEvidence } from "./check-evidence.ts";
import { checkHistory, type Unproved } from "./check-history.ts";
import { checkOmissions } from "./check-omissions.ts";
import { checkPolicyPlaces } from "./check-policy-places.ts";
import { checkReport } from "./check-report.ts";
import { listUnproved } from "./list-unproved.ts";

/** What was checked, so that nobody takes silence for proof. */
export interface BundleVerification {
  readonly isSound: boolean;
  readonly faults: readonly BundleFault[];
  /** What nothing in the bundle speaks against and nothing in it proves. */
  readonly unproved: readonly Unproved[];
  readonly checkpoint: VerifiedCheckpoint | null;
  /** The log's key came from the verifier, not from the bundle. */
  readonly isKeyTrusted: boolean;
  readonly counts: {
    readonly entries: number;
    /** People's and machines' signatures that verified. */
    readonly signatures: number;
    /** Those of them that machines made, with a key or a certificate that a policy in the bundle names. */
    readonly machines: number;
    readonly records: number;
    /** Evidence that no entry names: when it came, only its author says. */
    readonly unlogged: number;
    readonly redacted: number;
    readonly withheld: number;
    readonly changes: number;
    /** Sign-offs of the report that follow from a statement in the bundle. */
    readonly signOffs: number;
  };
}

/** Whom the verifier believes, beyond the bundle's own word. */
export interface BundleTrust {
  /** Verifier key of the log; undefined takes the bundle's, which proves that it is of one piece, not whose it is. */
  readonly logKey?: string;
  readonly witnesses?: readonly string[];
  readonly quorum?: number;
  readonly verifyRaw: VerifyRawSignature;
  /** By the trusted root that the verifier brings, else the bundle's; undefined where there is none, and then no certificate is believed. */
  readonly verifyBundle?: VerifySigstoreBundle;
  readonly verifyEd25519: VerifyEd25519;
}

/** Checks a bundle against itself and against what the verifier brings. Never throws for what is wrong in the bundle: all of it is named. */
export function verifyAuditBundle(bundle: AuditBundle, trust: BundleTrust): BundleVerification {
  const faults: BundleFault[] = [];
  const checkpoint = readCheckpoint(bundle, trust, faults);
  const entries = checkEntries(bundle, checkpoint, faults);
  const evidence = checkEvidence(bundle, entries, trust, faults);
  const unproved: Unproved[] = [];
  const history = checkHistory(bundle, faults, unproved);
  checkPolicyPlaces(bundle, history, faults, unproved);
  const checked = { report: bundle.report, checkpoint, entries, evidence, history };
  const signOffs = checkReport(bundle, checked, faults);
  checkOmissions(bundle, checked, faults, unproved);
  unproved.push(...listUnproved(bundle, checked));
  return {
    isSound: faults.length === 0,
    faults,
    unproved,
    checkpoint,
    isKeyTrusted: trust.logKey !== undefined,
    counts: {
      entries: entries.byIndex.size,
      signatures: evidence.statements.size,
      machines: [...evidence.statements.values()].filter(({ by }) => by === "machine").length,
      records: evidence.records.size,
      unlogged: evidence.unlogged,
      redacted: evidence.redacted,
      withheld: evidence.withheld,
      changes: bundle.report.changes.length,
      signOffs,
    },
  };
}

function readCheckpoint(
  { log }: AuditBundle,
  { logKey, witnesses, quorum = 0, verifyEd25519 }: BundleTrust,
  faults: BundleFault[],
): VerifiedCheckpoint | null {
  if (log === null) {
    if (logKey !== undefined || quorum > 0)
      faults.push({
        part: "log",
        code: "LOG_MISSING",
        message: "the bundle has no log to check by the given key",
      });
    return null;
  }
  try {
    const key = parseVerifierKey(logKey ?? log.key);
    const keys = (witnesses ?? log.witnesses).map(parseVerifierKey);
    return verifyCheckpoint(log.checkpoint, { log: key, witnesses: keys, quorum }, verifyEd25519);
  } catch (error) {
    faults.push({ part: "log.checkpoint", ...toFault(error) });
    return null;
  }
}
