// SPDX-License-Identifier: Apache-2.0
import { formatCanonicalJson, type Json, type Sha256, toHex } from "../../ids/index.ts";
import type { VerifiedCheckpoint } from "../../ledger/index.ts";
import { createGapCollector, NO_FAULTS, severityOf } from "../report/find-gaps.ts";
import type { LoggedProof, ShippedChange, ShippedSignOff } from "../report/shipped-change.ts";
import { createShippedTally } from "../report/tally-shipped.ts";
import type { AuditBundle } from "./audit-bundle.ts";
import type { BundleFault } from "./bundle-fault.ts";
import type { CheckedEntries } from "./check-entries.ts";
import type { CheckedEvidence } from "./check-evidence.ts";
import type { CheckedHistory } from "./check-history.ts";
import { findDeploymentFaults, findVerdictFaults } from "./check-machine-claims.ts";
import { findSignOffFaults, listRevoked } from "./check-sign-off.ts";
import { createMomentCheck } from "./create-moment-check.ts";
import { rejudgeSignOffs } from "./rejudge-sign-offs.ts";

interface Checked {
  readonly checkpoint: VerifiedCheckpoint | null;
  readonly entries: CheckedEntries;
  readonly evidence: CheckedEvidence;
  readonly history: CheckedHistory;
}

/**
 * What the report claims, against the evidence beside it; returns how many sign-offs follow from a statement. That the lines of a
 * repository are what the rows say cannot be seen here: whoever has the repository makes the report anew.
 */
export function checkReport(bundle: AuditBundle, checked: Checked, faults: BundleFault[]): number {
  checkLedger(bundle, checked, faults);
  checkRepository(bundle, checked, faults);
  checkPseudonyms(bundle, faults);
  checkTotals(bundle, faults);
  let follows = 0;
  const findMomentFaults = createMomentCheck({ ...checked, report: bundle.report });
  const checkSignOffs = createSignOffCheck(bundle, checked, faults);
  for (const change of bundle.report.changes) {
    const part = `report.changes.${change.head}`;
    checkRecords(part, change, checked, faults);
    for (const message of findMomentFaults(change))
      faults.push({ part: `${part}.judgedAt`, code: "REPORT_UNFOUNDED", message });
    follows += checkSignOffs(part, change);
    for (const verdict of change.verdicts)
      for (const message of [
        ...findProofFaults(verdict.envelope, verdict.proof, checked),
        ...findVerdictFaults(verdict, bundle.report.target, checked.evidence),
      ])
        faults.push({ part: `${part}.verdicts.${verdict.envelope}`, code: "REPORT_UNFOUNDED", message });
  }
  for (const deployment of bundle.report.deployments)
    for (const message of [
      ...findProofFaults(deployment.envelope, deployment.proof, checked),
      ...findDeploymentFaults(deployment, bundle.report.target, checked.evidence),
    ])
      faults.push({ part: `report.deployments.${deployment.envelope}`, code: "REPORT_UNFOUNDED", message });
  return follows;
}

/** Returns how many sign-offs of a change follow from a statement. */
function createSignOffCheck(
  { report, log }: AuditBundle,
  checked: Checked,
  faults: BundleFault[],
): (part: string, change: ShippedChange) => number {
  const context = { report, ...checked };
  const revoked = listRevoked(checked.evidence);
  const used = new Map<Sha256, string>();
  const findUseFaults = (
    part: string,
    { envelope, counted, decision }: ShippedSignOff,
  ): readonly string[] => {
    if (!counted || (decision !== "approve" && decision !== "override")) return [];
    const before = used.get(envelope);
    used.set(envelope, part);
    return [
      ...(before === undefined ? [] : [`counted for ${before} as well, and what it approved lands once`]),
      ...(revoked.has(envelope) ? ["counted, although a statement in this bundle takes it back"] : []),
    ];
  };
  return (part, change) => {
    const misjudged = rejudgeSignOffs(context, change, log?.key);
    for (const { message } of misjudged.filter(({ envelope }) => envelope === null))
      faults.push({ part, code: "REPORT_UNFOUNDED", message });
    let follows = 0;
    for (const signOff of change.signOffs) {
      const { envelope } = signOff;
      const reasons = [
        ...findSignOffFaults(context, change, signOff),
        ...findProofFaults(envelope, signOff.proof, checked),
        ...findUseFaults(part, signOff),
        ...misjudged.flatMap((one) => (one.envelope === envelope ? [one.message] : [])),
      ];
      for (const message of reasons)
        faults.push({ part: `${part}.signOffs.${envelope}`, code: "REPORT_UNFOUNDED", message });
      if (reasons.length === 0 && checked.evidence.statements.has(envelope)) follows++;
    }
    return follows;
  };
}

function checkLedger({ report, log }: AuditBundle, { checkpoint }: Checked, faults: BundleFault[]): void {
  const { ledger } = report;
  const isSame =
    ledger === null
      ? log === null
      : checkpoint !== null &&
        ledger.origin === checkpoint.origin &&
        ledger.treeSize === checkpoint.treeSize &&
        ledger.rootHash === toHex(checkpoint.rootHash);
  if (!isSame)
    faults.push({
      part: "report.ledger",
      code: "REPORT_UNFOUNDED",
      message: "the report names another log, or another state of it, than the checkpoint",
    });
}

/** The policy says of which repository it is, and so does everything that was signed under it. */
function checkRepository({ report }: AuditBundle, { evidence }: Checked, faults: BundleFault[]): void {
  const { repository, isPseudonymous } = report;
  const isNamed = [...evidence.policies.values()].some((policy) => policy.repository === repository);
  if (isPseudonymous || repository === "" || isNamed) return;
  faults.push({
    part: "report.repository",
    code: "REPORT_UNFOUNDED",
    message: `no policy in this bundle is of ${JSON.stringify(repository)}`,
  });
}

/** Who leaves out statements for the sake of names must not name anybody: nothing would vouch for it. */
function checkPseudonyms({ report }: AuditBundle, faults: BundleFault[]): void {
  if (!report.isPseudonymous) return;
  const named = new Set<string>();
  for (const { signOffs } of report.changes)
    for (const { person } of signOffs) if (person !== null && !PSEUDONYM.test(person)) named.add(person);
  for (const person of named)
    faults.push({
      part: "report.isPseudonymous",
      code: "REPORT_UNFOUNDED",
      message: `called pseudonymous, and it names ${JSON.stringify(person)}`,
    });
}

const PSEUDONYM = /^(?:person-\d+|somebody)$/;

/** Sums and gaps are recomputed from the rows: a headline that does not follow from them is a forgery. */
function checkTotals({ report, log }: AuditBundle, faults: BundleFault[]): void {
  const put = (message: string) => faults.push({ part: "report.gaps", code: "REPORT_UNFOUNDED", message });
  const tally = createShippedTally();
  const rows = [...report.changes];
  const isAttested = rows.some(
    ({ verdicts, gaps: own }) => verdicts.length > 0 || own.includes("no-verdict"),
  );
  const gaps = createGapCollector({ isLogged: log !== null, isAttested });
  // A report lists the newest first, and gaps are collected as they came.
  for (const change of rows.reverse()) {
    tally.add(change);
    if (!isEqual(gaps.add(change), change.gaps))
      faults.push({
        part: `report.changes.${change.head}.gaps`,
        code: "REPORT_UNFOUNDED",
        message: "the gaps do not follow from the change",
      });
  }
  if (!isEqual(tally.totals(), report.totals))
    faults.push({
      part: "report.totals",
      code: "REPORT_UNFOUNDED",
      message: "the totals are not those of the changes",
    });
  const shown = new Map(report.gaps.map((group) => [group.code, group]));
  for (const group of gaps.groups(NO_FAULTS)) {
    const { code, count } = group;
    const claimed = shown.get(code);
    if (claimed === undefined || claimed.count < count)
      put(
        `${count} gaps of the kind ${code} follow from the changes, the report counts ${claimed?.count ?? 0}`,
      );
    // Under pseudonyms texts were cleaned as a whole, and read otherwise than their parts.
    else if (!report.isPseudonymous && !isEqual(claimed, group))
      put(`what it says of the kind ${code} does not follow from the changes`);
  }
  for (const { code, severity } of report.gaps)
    if (severity !== severityOf(code)) put(`${code} is called ${severity}, and it is ${severityOf(code)}`);
}

function isEqual(a: unknown, b: unknown): boolean {
  return formatCanonicalJson(a as Json) === formatCanonicalJson(b as Json);
}

function findProofFaults(
  object: Sha256,
  proof: LoggedProof | null,
  { entries, evidence }: Checked,
): readonly string[] {
  const logged = entries.byObject.get(object);
  const faults = evidence.names.has(object) ? [] : ["the evidence that it names is not in this bundle"];
  if (proof === null)
    return logged === undefined ? faults : [...faults, "called unlogged, and the log has it"];
  if (logged === undefined)
    return [...faults, `entry ${proof.index} of the log is not in this bundle, or not about it`];
  if (logged.index !== proof.index || logged.entry.loggedAt !== proof.loggedAt)
    return [...faults, `the log has it as entry ${logged.index} of ${logged.entry.loggedAt}`];
  return entries.redacted.has(proof.index) === proof.isRedacted
    ? faults
    : [...faults, `isRedacted is ${proof.isRedacted}, the entries in this bundle say otherwise`];
}

/** Records that name an AI make a change recorded: whatever else a row says, it must not hide that. */
function checkRecords(part: string, change: ShippedChange, checked: Checked, faults: BundleFault[]): void {
  for (const { object, proof } of change.records)
    for (const message of findProofFaults(object, proof, checked))
      faults.push({ part: `${part}.records.${object}`, code: "REPORT_UNFOUNDED", message });
  const isAi = change.records.some(({ object }) => namesAi(object, checked.evidence));
  const put = (message: string) => faults.push({ part, code: "REPORT_UNFOUNDED", message });
  if (isAi && change.state !== "recorded") put(`its records name an AI, the report says ${change.state}`);
  if (change.isAssisted !== (change.state === "recorded" || change.state === "declared"))
    put(`isAssisted is ${change.isAssisted} and the state ${change.state}`);
}

/** A record, or the statement of a machine that stands for one. */
function namesAi(object: Sha256, { records, statements }: CheckedEvidence): boolean {
  const stated = statements.get(object);
  const record =
    stated?.by === "machine" && stated.said.kind === "assistance" ? stated.said.record : records.get(object);
  return (record?.agents.length ?? 0) > 0;
}
