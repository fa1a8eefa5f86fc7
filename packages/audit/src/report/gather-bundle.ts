// SPDX-License-Identifier: Apache-2.0
import { isMachineEnvelope } from "@countersign/core/attestation";
import {
  type AuditBundle,
  type AuditReport,
  BUNDLE_FORMAT,
  type BundledCommit,
  type BundledEntry,
  type BundledEvidence,
} from "@countersign/core/audit";
import { type ObjectId, type Sha256, toBase64, toText } from "@countersign/core/ids";
import { parseTlogProof } from "@countersign/core/ledger";
import { POLICY_PATH } from "@countersign/core/policy";
import { readPolicyAt, readRootBytes } from "@countersign/gate";
import {
  EVIDENCE_REF,
  listCommitTrees,
  listRecords,
  RECORDS_REF,
  type Repository,
  readEvidenceSet,
  readFileAt,
  readObjects,
  readRef,
  readTreesTo,
} from "@countersign/git";
import type { Ledger, LoggedEntry } from "@countersign/store";
import type { LoggedEvidence } from "./read-logged.ts";

export interface BundleRequest {
  readonly repository: Repository;
  /** As it will be shown: with pseudonyms or without. */
  readonly report: AuditReport;
  /** Commits of evidence sets to read besides the repository's own ref. */
  readonly evidence: readonly ObjectId[];
  readonly log: {
    readonly ledger: Ledger;
    readonly logged: LoggedEvidence;
    readonly verifierKey: string;
    readonly witnesses: readonly string[];
  } | null;
}

/** Everything that a report's claims rest on, with the proofs that it was in the log. */
export async function gatherBundle(request: BundleRequest): Promise<AuditBundle> {
  const { report, log } = request;
  const pieces = listPieces(report);
  const bytes = await readPieces(request, pieces);
  // Machines are known by the newest policy, and certificates by the root beside it.
  const tip = (await readRef(request.repository, report.target)) ?? report.head;
  const evidence = [...pieces].map(([object, kind]) => toEvidence(request, object, kind, bytes.get(object)));
  return {
    format: BUNDLE_FORMAT,
    report,
    log:
      log === null
        ? null
        : { checkpoint: log.ledger.checkpoint.note, key: log.verifierKey, witnesses: log.witnesses },
    policies: report.isPseudonymous ? [] : await readPolicies(request, tip),
    trustedRoot: report.isPseudonymous ? null : await readRoot(request, tip),
    history: report.isPseudonymous ? null : await readHistory(request),
    entries: await readEntries(request, [...pieces.keys()]),
    evidence,
  };
}

type PieceKind = "statement" | "record";

function listPieces({ changes, deployments }: AuditReport): ReadonlyMap<Sha256, PieceKind> {
  const pieces = new Map<Sha256, PieceKind>();
  for (const { signOffs, verdicts, records } of changes) {
    for (const { envelope } of signOffs) pieces.set(envelope, "statement");
    for (const { envelope } of verdicts) pieces.set(envelope, "statement");
    for (const { object } of records) pieces.set(object, "record");
  }
  for (const { envelope } of deployments) pieces.set(envelope, "statement");
  return pieces;
}

/** From the repository, else from the log's own store: what was pushed may have been thrown away since. */
async function readPieces(
  { repository, evidence, log }: BundleRequest,
  pieces: ReadonlyMap<Sha256, PieceKind>,
): Promise<ReadonlyMap<Sha256, Uint8Array | "redacted">> {
  const own = await readRef(repository, EVIDENCE_REF);
  const set = await readEvidenceSet(repository, [...(own === undefined ? [] : [own]), ...evidence]);
  const records = await readRecordBytes(repository, pieces);
  const found = new Map<Sha256, Uint8Array | "redacted">();
  for (const object of pieces.keys()) {
    const isGone = log?.logged.proofOf(object)?.isRedacted === true;
    const bytes = isGone
      ? "redacted"
      : (set.envelopes.get(object) ?? records.get(object) ?? (await log?.ledger.object(object)));
    if (bytes !== undefined) found.set(object, bytes);
  }
  return found;
}

const MOST_BYTES = 16 * 1024 * 1024;

async function readRecordBytes(
  repository: Repository,
  pieces: ReadonlyMap<Sha256, PieceKind>,
): Promise<ReadonlyMap<Sha256, Uint8Array>> {
  const tip = await readRef(repository, RECORDS_REF);
  if (tip === undefined) return new Map();
  const files = [...(await listRecords(repository, tip)).values()].flat();
  const names = new Map(files.filter(({ name }) => pieces.has(name)).map(({ id, name }) => [id, name]));
  const found = new Map<Sha256, Uint8Array>();
  for await (const blob of readObjects(repository, [...names.keys()], { maxBytes: MOST_BYTES }))
    if (blob.status === "read") found.set(names.get(blob.id) ?? "", blob.bytes);
  return found;
}

/**
 * Under pseudonyms no statement is passed on: keys and names of people stand in nearly all of them, and in the policies by which the others
 * would be checked. Records name no people.
 */
function toEvidence(
  { report }: BundleRequest,
  object: Sha256,
  kind: PieceKind,
  bytes: Uint8Array | "redacted" | undefined,
): BundledEvidence {
  if (bytes === "redacted") return { object, bytes: null, absent: "redacted" };
  if (bytes === undefined || (report.isPseudonymous && (kind === "statement" || isMachineEnvelope(bytes))))
    return { object, bytes: null, absent: "withheld" };
  return { object, bytes: toBase64(bytes), absent: null };
}

/** Whoever knows the head can be shown no other history: every commit names its parents, and its name follows from its bytes. */
async function readHistory({ repository, report }: BundleRequest): Promise<readonly BundledCommit[]> {
  const exclude = report.base === null ? [] : [report.base];
  const links = await listCommitTrees(repository, { include: [report.head], exclude });
  const begin = findBegin(report);
  const way = await findWay(repository, report, begin);
  const ids = new Set([...links.map(({ id }) => id), ...way, ...(begin === null ? [] : [begin])]);
  const commits: BundledCommit[] = [];
  for await (const object of readObjects(repository, [...ids], { maxBytes: MOST_BYTES }))
    if (object.status === "read") commits.push({ id: object.id, bytes: toBase64(object.bytes) });
  return commits;
}

/** Where the oldest change begins. */
function findBegin({ changes }: AuditReport): ObjectId | null {
  let begin: ObjectId | null = null;
  for (const { base } of changes) begin = base;
  return begin;
}

/** From a base that is no link of the line, such as a release on a branch, to the commit where the oldest change begins. */
async function findWay(
  repository: Repository,
  { base }: AuditReport,
  begin: ObjectId | null,
): Promise<readonly ObjectId[]> {
  if (base === null || begin === null || begin === base) return [];
  const links = await listCommitTrees(repository, { include: [base], exclude: [begin] });
  const behind = new Map<ObjectId, ObjectId | undefined>([[base, undefined]]);
  const parentsOf = new Map(links.map(({ id, parents }) => [id, parents]));
  // A map goes on to what is put in while it is gone through: the nearest commits first.
  for (const [id] of behind)
    for (const parent of parentsOf.get(id) ?? []) if (!behind.has(parent)) behind.set(parent, id);
  const way: ObjectId[] = [];
  for (let id = behind.get(begin); id !== undefined; id = behind.get(id)) way.push(id);
  return way;
}

/** Further entries than the report needs that a bundle takes along: some 1,200 bytes each, and a page has to fit into a mail. */
const MOST_FURTHER = 4096;

async function readEntries(
  { log }: BundleRequest,
  objects: readonly Sha256[],
): Promise<readonly BundledEntry[]> {
  if (log === null) return [];
  const indices = new Set<number>();
  for (const object of objects) {
    const index = log.logged.proofOf(object)?.index;
    if (index === undefined) continue;
    indices.add(index);
    const redaction = log.logged.redactedBy.get(index);
    if (redaction !== undefined) indices.add(redaction);
  }
  // With the whole log at hand a reader sees that no revocation was left out.
  const isWhole = log.ledger.checkpoint.treeSize - indices.size <= MOST_FURTHER;
  const entries: BundledEntry[] = [];
  for await (const entry of log.ledger.entries())
    if (isWhole || indices.has(entry.index)) entries.push(await prove(log.ledger, entry));
  return entries;
}

async function prove(ledger: Ledger, { index, leaf }: LoggedEntry): Promise<BundledEntry> {
  const { hashes } = parseTlogProof(await ledger.prove(index));
  return { index, leaf: toText(leaf), proof: hashes.map(toBase64) };
}

/** Each policy that a change was judged by, from the tip before it; and the newest, which says whose machines are whose. */
async function readPolicies(
  { repository, report }: BundleRequest,
  tip: ObjectId,
): Promise<AuditBundle["policies"]> {
  const bases = new Map<Sha256, ObjectId>();
  // The head's own names the repository that the report is about.
  for (const commit of new Set([tip, report.head])) {
    const { policy } = await readPolicyAt(repository, { commit, path: POLICY_PATH }, report.target);
    if (policy !== null) bases.set(policy.digest, commit);
  }
  for (const { policyDigest, base } of report.changes)
    if (policyDigest !== null && base !== null) bases.set(policyDigest, base);
  const policies: AuditBundle["policies"][number][] = [];
  for (const [digest, at] of bases) {
    const bytes = await readFileAt(repository, at, POLICY_PATH);
    if (bytes === undefined) continue;
    const trees = await readTreesTo(repository, at, POLICY_PATH);
    policies.push({ digest, bytes: toBase64(bytes), at, trees: trees.map(toBase64) });
  }
  return policies;
}

async function readRoot({ repository, report }: BundleRequest, tip: ObjectId): Promise<string | null> {
  const { policy } = await readPolicyAt(repository, { commit: tip, path: POLICY_PATH }, report.target);
  const bytes = policy === null ? undefined : await readRootBytes(repository, tip, policy);
  return bytes === undefined ? null : toBase64(bytes);
}
