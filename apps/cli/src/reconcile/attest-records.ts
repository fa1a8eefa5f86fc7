// SPDX-License-Identifier: Apache-2.0
import { toAssistanceStatement } from "@countersign/core/attestation";
import { parseAssistanceRecord } from "@countersign/core/attribution";
import { CoreError, type ObjectId } from "@countersign/core/ids";
import {
  addEvidence,
  listRecords,
  RECORDS_REF,
  type Repository,
  readObjects,
  readRef,
} from "@countersign/git";
import { type MachineSigningKey, signMachineStatement } from "@countersign/signing";
import type { CliContext } from "../cli-context.ts";
import { UsageError } from "../exit-code.ts";
import { readMachineKeyFlag } from "../sign-off/read-machine-key-flag.ts";

const MOST_BYTES = 16 * 1024 * 1024;

/** The key to attest with; undefined where nobody asked. Throws UsageError. */
export async function readAttestKey(
  context: CliContext,
  {
    attest,
    write,
    machineKey,
  }: { readonly attest: boolean; readonly write: boolean; readonly machineKey?: string },
): Promise<MachineSigningKey | undefined> {
  if (attest && write) return await readMachineKeyFlag(context, machineKey);
  if (attest) throw new UsageError("--attest signs what is stored; give --write too");
  if (machineKey === undefined) return undefined;
  throw new UsageError("--machine-key does nothing without --attest; give it too");
}

/**
 * Signs every stored record of the commits and adds the statements to the evidence. A statement has neither time nor nonce, so doing it again
 * makes the same bytes and adds nothing. Durable once it resolves.
 */
export async function attestRecords(
  repository: Repository,
  key: MachineSigningKey,
  commits: readonly { readonly id: ObjectId }[],
): Promise<{ readonly attested: number; readonly tooLarge: readonly ObjectId[] }> {
  const tip = await readRef(repository, RECORDS_REF);
  if (tip === undefined) return { attested: 0, tooLarge: [] };
  const listed = await listRecords(repository, tip);
  const files = new Map(
    commits.flatMap(({ id }) => (listed.get(id) ?? []).map((file) => [file.id, id] as const)),
  );
  const envelopes: Uint8Array[] = [];
  const tooLarge: ObjectId[] = [];
  for await (const blob of readObjects(repository, [...files.keys()], { maxBytes: MOST_BYTES })) {
    const commit = files.get(blob.id) ?? "";
    const envelope = blob.status === "read" ? signRecord(blob.bytes, key) : undefined;
    if (envelope === undefined) tooLarge.push(commit);
    else envelopes.push(envelope);
  }
  if (envelopes.length > 0) await addEvidence(repository, envelopes);
  return { attested: envelopes.length, tooLarge };
}

/** Undefined for a record that no statement can hold. */
function signRecord(bytes: Uint8Array, key: MachineSigningKey): Uint8Array | undefined {
  try {
    return signMachineStatement(toAssistanceStatement(parseAssistanceRecord(bytes)), key);
  } catch (error) {
    if (error instanceof CoreError && error.code === "STATEMENT_MALFORMED") return undefined;
    throw error;
  }
}
