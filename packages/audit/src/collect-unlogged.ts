// SPDX-License-Identifier: Apache-2.0
import {
  formatInstant,
  isMachineEnvelope,
  type MachineStatementBody,
  type MachineTrust,
  parseMachineStatement,
  verifyEnvelope,
  verifyMachineEnvelope,
} from "@countersign/core/attestation";
import { parseAssistanceRecord } from "@countersign/core/attribution";
import type { LoggablePiece } from "@countersign/core/audit";
import { CoreError, type Sha256, sha256Hex } from "@countersign/core/ids";
import { listMachineKeys } from "@countersign/core/policy";
import { readPolicy, readTrustedRoot } from "@countersign/gate";
import {
  defaultBranch,
  listRecords,
  RECORDS_REF,
  type RecordFile,
  type Repository,
  readEvidenceSet,
  readObjects,
  readRef,
} from "@countersign/git";
import { verifyRawSignature } from "@countersign/signing";

/** One piece of evidence that the log does not hold yet. */
export interface UnloggedPiece {
  readonly piece: LoggablePiece;
  /** The stored bytes; their SHA-256 is the piece's name. */
  readonly bytes: Uint8Array;
}

/** Something in the evidence that no log should take: it proves nothing, or is not what its name says. */
export interface UnloggableEvidence {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

export interface UnloggedEvidence {
  readonly pieces: readonly UnloggedPiece[];
  readonly problems: readonly UnloggableEvidence[];
}

const MAX_RECORD_BYTES = 16 * 1024 * 1024;

/**
 * Every sound piece of evidence in a repository that is not in the log, in an order that depends on the evidence alone:
 * records by commit, then statements by the time they claim. Only what verifies is taken, else anybody who can push
 * could fill the log.
 */
export async function collectUnlogged(
  repository: Repository,
  isLogged: (object: Sha256) => Promise<boolean>,
): Promise<UnloggedEvidence> {
  const problems: UnloggableEvidence[] = [];
  const records = await collectRecords(repository, isLogged, problems);
  const envelopes = await collectEnvelopes(repository, isLogged, problems);
  return { pieces: [...records, ...envelopes], problems };
}

async function collectRecords(
  repository: Repository,
  isLogged: (object: Sha256) => Promise<boolean>,
  problems: UnloggableEvidence[],
): Promise<readonly UnloggedPiece[]> {
  const tip = await readRef(repository, RECORDS_REF);
  if (tip === undefined) return [];
  const listed = await listRecords(repository, tip);
  const files: RecordFile[] = [];
  for (const commit of [...listed.keys()].sort()) {
    const own = [...(listed.get(commit) ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const file of own) if (!(await isLogged(file.name))) files.push(file);
  }
  const names = new Map(files.map(({ id, name }) => [id, name]));
  const found = new Map<Sha256, UnloggedPiece>();
  for await (const blob of readObjects(repository, [...names.keys()], { maxBytes: MAX_RECORD_BYTES })) {
    const name = names.get(blob.id) ?? "";
    const read =
      blob.status === "read" ? readRecord(name, blob.bytes) : refusal(name, blob.status, "cannot be read");
    if ("piece" in read) found.set(name, read);
    else problems.push(read);
  }
  return files.flatMap(({ name }) => found.get(name) ?? []);
}

function readRecord(name: Sha256, bytes: Uint8Array): UnloggedPiece | UnloggableEvidence {
  if (sha256Hex(bytes) !== name) return refusal(name, "corrupt", "does not hash to its name");
  try {
    return { piece: { type: "record", object: name, record: parseAssistanceRecord(bytes) }, bytes };
  } catch (error) {
    return toRefusal(name, error);
  }
}

async function collectEnvelopes(
  repository: Repository,
  isLogged: (object: Sha256) => Promise<boolean>,
  problems: UnloggableEvidence[],
): Promise<readonly UnloggedPiece[]> {
  const set = await readEvidenceSet(repository);
  problems.push(...set.problems.map(({ path, code, message }) => ({ name: path, code, message })));
  const found: { readonly at: string; readonly name: Sha256; readonly own: UnloggedPiece }[] = [];
  const trust = await readMachineTrust(repository);
  for (const [name, bytes] of set.envelopes) {
    if (await isLogged(name)) continue;
    try {
      if (isMachineEnvelope(bytes)) {
        found.push(readMachine(name, bytes, trust));
        continue;
      }
      const envelope = verifyEnvelope(bytes, verifyRawSignature);
      const at = envelope.statement.predicate.issuedAt;
      found.push({ at, name, own: { piece: { type: "envelope", envelope }, bytes } });
    } catch (error) {
      problems.push(toRefusal(name, error));
    }
  }
  const ordered = found.sort((a, b) => (`${a.at} ${a.name}` < `${b.at} ${b.name}` ? -1 : 1));
  return ordered.map(({ own }) => own);
}

/** Machines as the default branch's policy knows them: it is nobody else's to say whose verdicts are worth keeping. */
async function readMachineTrust(repository: Repository): Promise<MachineTrust> {
  const target = await defaultBranch(repository);
  const tip = target === undefined ? undefined : await readRef(repository, target);
  const reading =
    target === undefined || tip === undefined
      ? undefined
      : await readPolicy(repository, { base: tip, head: tip, target });
  const policy = reading?.policy ?? null;
  const root = policy === null || tip === undefined ? {} : await readTrustedRoot(repository, tip, policy);
  return {
    keys: policy === null ? [] : listMachineKeys(policy),
    verifySignature: verifyRawSignature,
    ...root,
  };
}

function readMachine(
  name: Sha256,
  bytes: Uint8Array,
  trust: MachineTrust,
): { readonly at: string; readonly name: Sha256; readonly own: UnloggedPiece } {
  const { statement, signer } = verifyMachineEnvelope(bytes, trust);
  const said = parseMachineStatement(statement);
  return { at: timeOf(said), name, own: { piece: { type: "machine", object: name, said, signer }, bytes } };
}

function timeOf(said: MachineStatementBody): string {
  switch (said.kind) {
    case "verdict":
      return said.predicate.evaluatedAt;
    case "deployment":
      return said.predicate.at;
    case "summary":
      return said.verifiedAt;
    case "assistance":
      return formatInstant(said.record.coverage.to ?? 0);
  }
}

function toRefusal(name: string, error: unknown): UnloggableEvidence {
  if (error instanceof CoreError) return { name, code: error.code, message: error.message };
  throw error;
}

function refusal(name: string, code: string, message: string): UnloggableEvidence {
  return { name, code, message: `${name} ${message}` };
}
