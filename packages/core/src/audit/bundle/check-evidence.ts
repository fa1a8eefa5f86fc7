// SPDX-License-Identifier: Apache-2.0
import {
  isMachineEnvelope,
  type MachineStatementBody,
  type MachineTrust,
  parseMachineStatement,
  type VerifiedEnvelope,
  type VerifyRawSignature,
  verifyEnvelope,
  verifyMachineEnvelope,
} from "../../attestation/index.ts";
import { type AssistanceRecord, parseAssistanceRecord } from "../../attribution/index.ts";
import { CoreError, formatCanonicalJson, parseBase64, type Sha256, sha256Hex } from "../../ids/index.ts";
import {
  findMachine,
  listMachineKeys,
  type Machine,
  type Policy,
  PolicyError,
  parsePolicy,
} from "../../policy/index.ts";
import { type LoggablePiece, toLogEntry } from "../to-log-entry.ts";
import type { AuditBundle, BundledEvidence } from "./audit-bundle.ts";
import { type BundleFault, toFault } from "./bundle-fault.ts";
import type { CheckedEntries } from "./check-entries.ts";

interface EvidenceTrust extends Pick<MachineTrust, "verifyBundle"> {
  readonly verifyRaw: VerifyRawSignature;
}

/** Evidence whose bytes, signatures and place in the log are right. */
export interface CheckedEvidence {
  readonly policies: ReadonlyMap<Sha256, Policy>;
  readonly statements: ReadonlyMap<Sha256, CheckedStatement>;
  readonly records: ReadonlyMap<Sha256, AssistanceRecord>;
  /** All names that the bundle speaks of. */
  readonly names: ReadonlySet<Sha256>;
  readonly unlogged: number;
  readonly redacted: number;
  readonly withheld: number;
}

export type CheckedStatement =
  | { readonly by: "person"; readonly envelope: VerifiedEnvelope }
  | {
      readonly by: "machine";
      readonly said: MachineStatementBody;
      /** The signer as each policy in the bundle knows it. */
      readonly machines: readonly Machine[];
    };

export function checkEvidence(
  bundle: AuditBundle,
  entries: CheckedEntries,
  trust: EvidenceTrust,
  faults: BundleFault[],
): CheckedEvidence {
  const policies = checkPolicies(bundle, faults);
  const statements = new Map<Sha256, CheckedStatement>();
  const records = new Map<Sha256, AssistanceRecord>();
  const names = new Set<Sha256>();
  const counts = { unlogged: 0, redacted: 0, withheld: 0 };
  for (const piece of bundle.evidence) {
    const part = `evidence.${piece.object}`;
    if (names.has(piece.object))
      faults.push({ part, code: "EVIDENCE_TWICE", message: "the same piece twice" });
    names.add(piece.object);
    if (!entries.byObject.has(piece.object)) counts.unlogged++;
    if (piece.absent !== null) {
      counts[piece.absent]++;
      checkAbsence(bundle, piece, entries, faults);
      continue;
    }
    try {
      const read = readPiece(piece, policies, trust);
      if ("record" in read) records.set(piece.object, read.record);
      else statements.set(piece.object, read.statement);
      checkLeaf(piece.object, read.loggable, entries);
    } catch (error) {
      faults.push({ part, ...toFault(error) });
    }
  }
  return { policies, statements, records, names, ...counts };
}

/** The log itself has to say that a piece is gone; anybody could write so into a bundle. */
function checkAbsence(
  { report }: AuditBundle,
  { object, absent }: BundledEvidence,
  entries: CheckedEntries,
  faults: BundleFault[],
): void {
  if (absent === "withheld") {
    if (!report.isPseudonymous)
      faults.push({
        part: `evidence.${object}`,
        code: "EVIDENCE_WITHHELD",
        message: "left out of a report that names people, so what is said of it cannot be checked",
      });
    return;
  }
  const index = entries.byObject.get(object)?.index;
  if (index !== undefined && entries.redacted.has(index)) return;
  faults.push({
    part: `evidence.${object}`,
    code: "REDACTION_UNPROVED",
    message: "called redacted, and no entry of the log in this bundle says so",
  });
}

type Read = { readonly loggable: LoggablePiece } & (
  | { readonly record: AssistanceRecord }
  | { readonly statement: CheckedStatement }
);

function readPiece(
  { object, bytes: base64 }: BundledEvidence,
  policies: ReadonlyMap<Sha256, Policy>,
  trust: EvidenceTrust,
): Read {
  const bytes = parseBase64(base64 ?? "");
  const digest = sha256Hex(bytes);
  if (digest !== object)
    throw new CoreError("BUNDLE_MALFORMED", `its bytes hash to ${digest.slice(0, 16)}…, not to its name`);
  if (isMachineEnvelope(bytes)) return readMachine(object, bytes, policies, trust);
  if (isRecord(bytes)) {
    const record = parseAssistanceRecord(bytes);
    return { loggable: { type: "record", object, record }, record };
  }
  const envelope = verifyEnvelope(bytes, trust.verifyRaw);
  return { loggable: { type: "envelope", envelope }, statement: { by: "person", envelope } };
}

/** By a key or a certificate of a machine that a policy in the bundle names: anybody can have either of their own. */
function readMachine(
  object: Sha256,
  bytes: Uint8Array,
  policies: ReadonlyMap<Sha256, Policy>,
  { verifyRaw, verifyBundle }: EvidenceTrust,
): Read {
  const keys = [...policies.values()].flatMap(listMachineKeys);
  const trust = { keys, verifySignature: verifyRaw, ...(verifyBundle && { verifyBundle }) };
  const { statement, signer } = verifyMachineEnvelope(bytes, trust);
  const machines = [...policies.values()].flatMap((policy) => findMachine(policy, signer) ?? []);
  if (machines.length === 0)
    throw new CoreError("SIGNER_UNKNOWN", "no machine of a policy in this bundle has this identity");
  const said = parseMachineStatement(statement);
  return {
    loggable: { type: "machine", object, said, signer },
    statement: { by: "machine", said, machines },
  };
}

/** An envelope has a payload; a record has none. Whichever it is taken for, its own reader is strict. */
function isRecord(bytes: Uint8Array): boolean {
  return !new TextDecoder().decode(bytes.subarray(0, 4096)).includes('"payload"');
}

/** What the leaf says of the piece has to follow from the piece: an entry of a rejection must not stand for an approval. */
function checkLeaf(object: Sha256, piece: LoggablePiece, entries: CheckedEntries): void {
  const logged = entries.byObject.get(object);
  if (logged === undefined) return;
  const { entry, index } = logged;
  if (formatCanonicalJson({ ...toLogEntry(piece, entry.loggedAt) }) === formatCanonicalJson({ ...entry }))
    return;
  throw new CoreError("LOG_ENTRY_MALFORMED", `entry ${index} of the log says something else of it`);
}

/** A policy is named by its digest, which every statement made under it has signed. */
function checkPolicies({ policies }: AuditBundle, faults: BundleFault[]): ReadonlyMap<Sha256, Policy> {
  const found = new Map<Sha256, Policy>();
  for (const { digest, bytes } of policies) {
    const part = `policies.${digest}`;
    try {
      const policy = parsePolicy(parseBase64(bytes), "policy");
      if (policy.digest === digest) found.set(digest, policy);
      else faults.push({ part, code: "POLICY_INVALID", message: "this text has another digest" });
    } catch (error) {
      if (!(error instanceof PolicyError)) faults.push({ part, ...toFault(error) });
      else faults.push({ part, code: "POLICY_INVALID", message: error.message });
    }
  }
  return found;
}
