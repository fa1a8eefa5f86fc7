// SPDX-License-Identifier: Apache-2.0
import { mirrorLedger } from "@countersign/audit";
import { displayText, formatSafeJson } from "@countersign/core/render";
import { LEDGER_REF } from "@countersign/git";
import { type CliContext, paletteOf } from "../cli-context.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { formatFailure, type LedgerFailure, toLedgerFailure } from "./ledger-failure.ts";
import type { LedgerFlags } from "./ledger-flags.ts";
import { findWritableLedger, readTrust } from "./ledger-place.ts";

export type LedgerMirrorFlags = LedgerFlags & { readonly logKey?: string };

/** Copies the log into the repository's mirror; what does not continue it is refused, with both checkpoints as evidence. */
export async function runLedgerMirror(context: CliContext, flags: LedgerMirrorFlags): Promise<ExitCode> {
  const { dir, repository } = await findWritableLedger(context, flags, "mirrored");
  if (repository === undefined)
    throw new UsageError("a mirror lies in a repository; name one with --repo, or run this inside it");
  const trust = await readTrust(context, flags);
  try {
    const { foreign, replaced, ...mirrored } = await mirrorLedger({ repository, dir, trust });
    for (const commit of foreign)
      context.warn(`${commit.slice(0, 12)}, which a remote calls ${LEDGER_REF}, is no mirror of this log`);
    for (const path of replaced)
      context.warn(
        `${displayText(path, 200)} in the mirror was not what the log holds: somebody else wrote it; it is mended, the commit before has it`,
      );
    const document = { version: 1, ref: LEDGER_REF, ...mirrored, replaced, foreign };
    await context.output.write(flags.json ? `${formatSafeJson(document)}\n` : toText(mirrored));
    return 0;
  } catch (error) {
    const failure = toLedgerFailure(error);
    if (failure === undefined) throw error;
    await context.output.write(toFailureText(context, flags, failure));
    return 1;
  }
}

interface Mirrored {
  readonly origin: string;
  readonly treeSize: number;
  readonly before: number | null;
  readonly commit: string;
}

function toText({ origin, treeSize, before, commit }: Mirrored): string {
  const added = treeSize - (before ?? 0);
  const told = before === treeSize ? "in step with" : `${added} new of`;
  return `${LEDGER_REF} at ${commit.slice(0, 12)}: ${told} the ${treeSize} entries of ${displayText(origin, 500)}\n`;
}

function toFailureText(context: CliContext, flags: LedgerMirrorFlags, failure: LedgerFailure): string {
  return flags.json
    ? `${formatSafeJson({ version: 1, failure })}\n`
    : formatFailure(failure, paletteOf(context, flags.color));
}
