// SPDX-License-Identifier: Apache-2.0
import { resolve } from "node:path";
import { cosignCheckpoint, findKey, openLedger, readWitnessedSize } from "@countersign/audit";
import { formatVerifierKey, isKeyName, parseVerifierKey } from "@countersign/core/ledger";
import { displayText, formatSafeJson } from "@countersign/core/render";
import {
  createNoteKey,
  openBackend,
  publishCosigned,
  readNoteKey,
  readVerifierKey,
} from "@countersign/store";
import { type CliContext, paletteOf } from "../cli-context.ts";
import type { CommonFlags } from "../common-flags.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { formatFailure, toLedgerFailure } from "./ledger-failure.ts";
import type { LedgerFlags } from "./ledger-flags.ts";
import { findWritableLedger, readTrust, startOf } from "./ledger-place.ts";

export type WitnessInitFlags = CommonFlags & { readonly name: string };
export type WitnessSignFlags = LedgerFlags & { readonly logKey?: string };

/** Makes a witness, or says what the one there is called: its verifier key goes to stdout. */
export async function runWitnessInit(
  context: CliContext,
  flags: WitnessInitFlags,
  folder: string,
): Promise<ExitCode> {
  const path = resolve(startOf(context), folder);
  if (!isKeyName(flags.name)) {
    throw new UsageError(
      `${JSON.stringify(flags.name)} cannot name a witness: expected no spaces and no plus, such as witness.example/w1`,
    );
  }
  const known = findKey(path);
  if (known !== undefined && (known.key.name !== flags.name || known.key.type !== "cosignature")) {
    throw new UsageError(
      `${displayText(path, 2000)} holds the key of ${known.key.name}; make the witness in another folder`,
    );
  }
  const { key } = known ?? createNoteKey(path, flags.name, "cosignature");
  const verifierKey = formatVerifierKey(key);
  const document = { version: 1, name: key.name, verifierKey, isNew: known === undefined };
  await context.output.write(flags.json ? `${formatSafeJson(document)}\n` : `${verifierKey}\n`);
  return 0;
}

/** Cosigns the newest checkpoint of a log where it continues the last one cosigned; else refuses, with the evidence. */
export async function runWitnessSign(
  context: CliContext,
  flags: WitnessSignFlags,
  folder: string,
): Promise<ExitCode> {
  const { dir } = await findWritableLedger(context, flags, "written to");
  const witness = {
    signer: readWitnessKey(resolve(startOf(context), folder)),
    folder: resolve(startOf(context), folder),
  };
  const trust = await readTrust(context, flags);
  const log = trust === undefined ? readVerifierKey(dir) : parseVerifierKey(trust.verifierKey);
  try {
    const ledger = await openLedger({ dir, trust: { verifierKey: formatVerifierKey(log) } });
    const { treeSize, note } = ledger.checkpoint;
    const last = await readWitnessedSize(witness, log);
    // Where the log shrank there is no proof to make; the witness is shown what there is, and refuses.
    const proof = last > treeSize ? [] : await ledger.proveConsistency(last);
    const cosigned = await cosignCheckpoint(witness, { log, note, proof }, () =>
      Math.floor(Date.now() / 1000),
    );
    await publishCosigned(await openBackend(dir), cosigned);
    const { name } = witness.signer.key;
    const document = { version: 1, witness: name, origin: log.name, treeSize, note: cosigned };
    const told = `${name} cosigned the ${treeSize} entries of ${log.name}${last === 0 ? "" : `, which continue the ${last} before`}\n`;
    await context.output.write(flags.json ? `${formatSafeJson(document)}\n` : told);
    return 0;
  } catch (error) {
    const failure = toLedgerFailure(error);
    if (failure === undefined) throw error;
    const text = flags.json
      ? `${formatSafeJson({ version: 1, failure })}\n`
      : formatFailure(failure, paletteOf(context, flags.color));
    await context.output.write(text);
    return 1;
  }
}

function readWitnessKey(folder: string) {
  const signer = readNoteKey(folder);
  if (signer.key.type === "cosignature") return signer;
  throw new UsageError(
    `${displayText(folder, 2000)} holds a log's key; a witness has one of its own: countersign ledger witness init`,
  );
}
