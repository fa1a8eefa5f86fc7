// SPDX-License-Identifier: Apache-2.0
import { compareMirrored, type Ledger, type LedgerAudit, openLedger, verifyLedger } from "@countersign/audit";
import { formatInstant } from "@countersign/core/attestation";
import { toBase64 } from "@countersign/core/ids";
import { displayText, formatSafeJson, type Palette } from "@countersign/core/render";
import { mirrorRefOf } from "@countersign/gate";
import { LEDGER_REF, type Repository } from "@countersign/git";
import { type CliContext, paletteOf } from "../cli-context.ts";
import type { ExitCode } from "../exit-code.ts";
import { runVerifyBundle } from "../report/run-verify-bundle.ts";
import { createProgress } from "../terminal/progress.ts";
import { formatFailure, type LedgerFailure, toLedgerFailure } from "./ledger-failure.ts";
import type { LedgerFlags, TrustFlags } from "./ledger-flags.ts";
import { findLedgerPlace, readTrust } from "./ledger-place.ts";
import { verifyProofFile } from "./verify-proof-file.ts";

export type LedgerVerifyFlags = LedgerFlags &
  TrustFlags & { readonly proof?: string; readonly bundle?: string; readonly trustedRoot?: string };

/** Checks a whole log, or one proof file. What is wrong with it is named, with the evidence, and exits with 1. */
export async function runLedgerVerify(context: CliContext, flags: LedgerVerifyFlags): Promise<ExitCode> {
  if (flags.bundle !== undefined) return runVerifyBundle(context, flags, flags.bundle);
  if (flags.proof !== undefined) return verifyProofFile(context, flags, flags.proof);
  const { dir, repository } = await findLedgerPlace(context, flags);
  const trust = await readTrust(context, flags);
  const place = {
    dir,
    ...(repository === undefined ? {} : { repository }),
    ...(trust === undefined ? {} : { trust }),
  };
  try {
    const ledger = await openLedger(place);
    const audit = await auditWithProgress(context, ledger);
    if (repository !== undefined && mirrorRefOf(dir) === undefined)
      await checkMirror(context, repository, ledger);
    if (trust === undefined)
      context.warn(`the log was taken at its own word for its key; --log-key says whose word counts`);
    if (repository === undefined)
      context.warn("outside a repository no checkpoint is remembered, so a fork would go unnoticed");
    await context.output.write(
      flags.json ? formatJson(ledger, audit) : formatText(ledger, audit, paletteOf(context, flags.color)),
    );
    return audit.problems.length === 0 ? 0 : 1;
  } catch (error) {
    const failure = toLedgerFailure(error);
    if (failure === undefined) throw error;
    await context.output.write(
      flags.json ? formatFailureJson(failure) : formatFailure(failure, paletteOf(context, flags.color)),
    );
    return 1;
  }
}

/** Two places that show one log: where the mirror shows another, that is a fork, and where it is short, somebody has to know. */
async function checkMirror(context: CliContext, repository: Repository, ledger: Ledger): Promise<void> {
  const mirrored = await compareMirrored(repository, ledger);
  const { treeSize } = ledger.checkpoint;
  if (mirrored !== undefined && mirrored < treeSize)
    context.warn(
      `the mirror ${LEDGER_REF} is behind: it holds ${mirrored} of the ${treeSize} entries; countersign ledger mirror`,
    );
}

async function auditWithProgress(context: CliContext, ledger: Ledger): Promise<LedgerAudit> {
  const { stderr } = context.host;
  const progress = createProgress(stderr, stderr.isTTY === true, "verifying");
  progress.setTotal(ledger.checkpoint.treeSize);
  try {
    return await verifyLedger(ledger, progress.advance);
  } finally {
    progress.clear();
  }
}

function formatJson({ origin, checkpoint }: Ledger, audit: LedgerAudit): string {
  const { treeSize, rootHash, note, cosigned } = checkpoint;
  const { kinds, firstLoggedAt, lastLoggedAt, redacted, problems } = audit;
  return `${formatSafeJson({
    version: 1,
    isSound: problems.length === 0,
    origin,
    treeSize,
    rootHash: toBase64(rootHash),
    checkpoint: note,
    cosigned: cosigned.map(({ witness, at }) => ({ witness: witness.name, at: formatInstant(at) })),
    kinds: Object.fromEntries(kinds),
    firstLoggedAt,
    lastLoggedAt,
    redacted,
    problems,
    failure: null,
  })}\n`;
}

function formatFailureJson(failure: LedgerFailure): string {
  return `${formatSafeJson({ version: 1, isSound: false, failure })}\n`;
}

const MOST_PROBLEMS = 50;

function formatText({ origin, checkpoint }: Ledger, audit: LedgerAudit, palette: Palette): string {
  const { problems, kinds, firstLoggedAt, lastLoggedAt, redacted } = audit;
  const mark = problems.length === 0 ? palette.good("✔") : palette.bad("✘");
  const counts = [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([kind, count]) => `${count} ${kind}`);
  const shown = problems.slice(0, MOST_PROBLEMS);
  const lines = [
    `${mark} ${origin}: ${checkpoint.treeSize} entries, ${problems.length === 0 ? "every one is what was logged" : `${problems.length} with problems`}`,
    `  root      ${toBase64(checkpoint.rootHash)}`,
    ...(firstLoggedAt === null ? [] : [`  logged    ${firstLoggedAt} to ${lastLoggedAt}`]),
    ...(counts.length === 0
      ? []
      : [`  entries   ${counts.join(", ")}${redacted > 0 ? `; ${redacted} redacted` : ""}`]),
    ...checkpoint.cosigned.map(({ witness, at }) => `  witness   ${witness.name} at ${formatInstant(at)}`),
    ...shown.map(({ index, code, message }) => `${palette.bad("✘")} entry ${index} ${message} (${code})`),
    ...(problems.length > shown.length ? [`  and ${problems.length - shown.length} more`] : []),
  ];
  return `${lines.map((line) => displayText(line, 2000)).join("\n")}\n`;
}
