// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import {
  formatMachineEnvelope,
  isMachineEnvelope,
  parseMachineEnvelope,
  parseRawStatement,
  toCanonicalEnvelope,
  verifyEnvelope,
} from "@countersign/core/attestation";
import { CoreError, sha256Hex } from "@countersign/core/ids";
import { displayText, formatSafeJson } from "@countersign/core/render";
import { addEvidence, openRepository } from "@countersign/git";
import { verifyRawSignature } from "@countersign/signing";
import type { CliContext } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";

/**
 * Takes envelopes from files, such as those made on a machine without this repository. All or none: each is put into
 * the canonical form and its signature is checked before anything is written.
 */
export async function runEvidenceImport(
  context: CliContext,
  flags: CommonFlags,
  ...files: string[]
): Promise<ExitCode> {
  if (files.length === 0)
    throw new UsageError("name the files to import, for example: countersign evidence import signed.json");
  const repository = await openRepository(repoDirectory(context, flags));
  const start = context.host.env.COUNTERSIGN_CWD ?? context.host.cwd();
  const envelopes = await Promise.all(files.map((file) => readEnvelope(resolve(start, file))));
  const { added } = await addEvidence(repository, envelopes);
  const names = envelopes.map((bytes) => sha256Hex(bytes));
  if (flags.json) await context.output.write(`${formatSafeJson({ envelopes: names, added })}\n`);
  else await context.output.write(`${names.map((name) => `imported ${name}`).join("\n")}\n${added} new\n`);
  return 0;
}

async function readEnvelope(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(
      `cannot read ${displayText(path, 2000)} (${cause.code}); expected a file with one envelope`,
      { cause },
    );
  });
  try {
    if (isMachineEnvelope(bytes)) return importMachine(bytes);
    const canonical = toCanonicalEnvelope(bytes);
    verifyEnvelope(canonical, verifyRawSignature);
    return canonical;
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    throw new UsageError(
      `${displayText(path, 2000)} is not usable (${error.code}): ${error.message}; nothing was imported`,
      { cause: error },
    );
  }
}

/** Which machine signed is told from the policy when it is read: an envelope of a key that is not known yet may come first. */
function importMachine(bytes: Uint8Array): Uint8Array {
  const envelope = parseMachineEnvelope(bytes);
  parseRawStatement(envelope.payload);
  return formatMachineEnvelope(envelope);
}
