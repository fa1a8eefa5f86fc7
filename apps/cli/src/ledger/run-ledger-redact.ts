// SPDX-License-Identifier: Apache-2.0
import { type Ledger, type LoggedEntry, openLedger, redactEntry } from "@countersign/audit";
import { formatSafeJson } from "@countersign/core/render";
import { openBackend, readNoteKey } from "@countersign/store";
import type { CliContext } from "../cli-context.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import type { LedgerFlags } from "./ledger-flags.ts";
import { findWritableLedger } from "./ledger-place.ts";

export type LedgerRedactFlags = LedgerFlags & { readonly reason: string };

const LONGEST_REASON = 2000;

/** Removes the object of an entry; that it was removed, and why, becomes an entry of its own. */
export async function runLedgerRedact(
  context: CliContext,
  flags: LedgerRedactFlags,
  what: string,
): Promise<ExitCode> {
  const { reason } = flags;
  if (reason.trim() === "" || reason.length > LONGEST_REASON) {
    throw new UsageError(
      `--reason needs 1 to ${LONGEST_REASON} characters: it stays in the log in place of what is removed`,
    );
  }
  const { dir, repository } = await findWritableLedger(context, flags, "written to");
  const ledger = await openLedger({ dir, ...(repository === undefined ? {} : { repository }) });
  const target = await findTarget(ledger, what);
  const backend = await openBackend(dir);
  const clock = () => Math.floor(Date.now() / 1000);
  const { index, entry } = await redactEntry(
    { backend, signer: readNoteKey(dir), seen: ledger.checkpoint },
    { target, reason },
    clock,
  );
  const { kind, object, commit, loggedAt } = entry;
  await context.output.write(
    `${formatSafeJson({ index, kind, object, commit, loggedAt, redacts: target.index })}\n`,
  );
  context.warn("copies elsewhere, such as in refs/countersign/evidence and in clones, are not touched");
  return 0;
}

async function findTarget(ledger: Ledger, what: string): Promise<LoggedEntry> {
  const { treeSize } = ledger.checkpoint;
  const index = /^(?:0|[1-9]\d{0,15})$/.test(what) ? Number(what) : Number.NaN;
  if (!(index < treeSize)) {
    throw new UsageError(`${JSON.stringify(what)} is no entry: expected an index below ${treeSize}`);
  }
  for await (const found of ledger.entries(index, index + 1)) {
    if (found.entry.kind === "redaction")
      throw new UsageError(`entry ${index} is a redaction itself, and stays`);
    if ((await ledger.object(found.entry.object)) !== "redacted") return found;
    throw new UsageError(`entry ${index} is redacted already`);
  }
  throw new UsageError(`entry ${index} cannot be read`);
}
