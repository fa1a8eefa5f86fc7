// SPDX-License-Identifier: Apache-2.0
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type Ledger, openLedger } from "@countersign/audit";
import { displayText, formatSafeJson } from "@countersign/core/render";
import type { CliContext } from "../cli-context.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import type { LedgerFlags } from "./ledger-flags.ts";
import { findLedgerPlace, startOf } from "./ledger-place.ts";

export type LedgerProveFlags = LedgerFlags & { readonly out?: string };

/** Writes the proof of one entry: a file that anybody can check with the log's key alone. */
export async function runLedgerProve(
  context: CliContext,
  flags: LedgerProveFlags,
  what: string,
): Promise<ExitCode> {
  const { dir, repository } = await findLedgerPlace(context, flags);
  const ledger = await openLedger({ dir, ...(repository === undefined ? {} : { repository }) });
  const index = await findIndex(ledger, what);
  const proof = await ledger.prove(index);
  if (flags.out !== undefined) await writeFile(resolve(startOf(context), flags.out), proof);
  if (flags.json) {
    const { origin, checkpoint } = ledger;
    await context.output.write(
      `${formatSafeJson({ version: 1, origin, index, treeSize: checkpoint.treeSize, proof })}\n`,
    );
  } else {
    await context.output.write(
      flags.out === undefined ? proof : `proof of entry ${index}: ${displayText(flags.out, 2000)}\n`,
    );
  }
  return 0;
}

async function findIndex(ledger: Ledger, what: string): Promise<number> {
  const { treeSize } = ledger.checkpoint;
  if (/^[0-9a-f]{64}$/.test(what)) {
    const found = await ledger.find(what);
    if (found !== undefined) return found.index;
    throw new UsageError(`${what} is not in the log; log what is new first: countersign ledger append`);
  }
  const index = /^(?:0|[1-9]\d{0,15})$/.test(what) ? Number(what) : Number.NaN;
  if (index < treeSize) return index;
  throw new UsageError(
    `${JSON.stringify(what)} is no entry: expected an index below ${treeSize}, or the 64 hex characters of an object`,
  );
}
