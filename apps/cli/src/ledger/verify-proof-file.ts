// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type ProvenEntry, verifyProof } from "@countersign/audit";
import { formatInstant } from "@countersign/core/attestation";
import { displayText, formatSafeJson } from "@countersign/core/render";
import { type CliContext, paletteOf } from "../cli-context.ts";
import type { CommonFlags } from "../common-flags.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { toLedgerFailure } from "./ledger-failure.ts";
import type { TrustFlags } from "./ledger-flags.ts";
import { readTrust, startOf } from "./ledger-place.ts";

/** Checks one proof, with nothing but the file and the keys: no ledger, no repository, no network. */
export async function verifyProofFile(
  context: CliContext,
  flags: CommonFlags & TrustFlags,
  file: string,
): Promise<ExitCode> {
  const trust = await readTrust(context, flags);
  if (trust === undefined)
    throw new UsageError("a proof is checked with the log's key: --log-key <key or file>");
  const text = await readFile(resolve(startOf(context), file), "utf8").catch(
    (cause: NodeJS.ErrnoException) => {
      throw new UsageError(`cannot read ${displayText(file, 2000)} (${cause.code})`, { cause });
    },
  );
  const palette = paletteOf(context, flags.color);
  try {
    const proven = verifyProof(text, trust);
    await context.output.write(
      flags.json ? formatJson(proven) : `${palette.good("✔")} ${formatProven(proven)}`,
    );
    return 0;
  } catch (error) {
    const failure = toLedgerFailure(error);
    if (failure === undefined) throw error;
    const shown = `${palette.bad("✘")} ${displayText(failure.message, 2000)} (${failure.code})\n`;
    await context.output.write(
      flags.json ? `${formatSafeJson({ version: 1, isSound: false, failure })}\n` : shown,
    );
    return 1;
  }
}

function formatJson({ index, entry, checkpoint }: ProvenEntry): string {
  const cosigned = checkpoint.cosigned.map(({ witness, at }) => ({
    witness: witness.name,
    at: formatInstant(at),
  }));
  const { origin, treeSize } = checkpoint;
  return `${formatSafeJson({ version: 1, isSound: true, origin, treeSize, index, entry, cosigned, failure: null })}\n`;
}

function formatProven({ index, entry, checkpoint }: ProvenEntry): string {
  const { kind, loggedAt, object, commit } = entry;
  const witnesses = checkpoint.cosigned.map(({ witness }) => witness.name).join(", ");
  return [
    `entry ${index} of ${checkpoint.origin}: ${kind}, logged at ${loggedAt}`,
    `  object    ${object}`,
    ...(commit === null ? [] : [`  commit    ${commit}`]),
    ...(witnesses === "" ? [] : [`  witnesses ${witnesses}`]),
    "",
  ].join("\n");
}
