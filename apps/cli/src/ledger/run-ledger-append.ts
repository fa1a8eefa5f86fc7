// SPDX-License-Identifier: Apache-2.0
import { appendToLedger, collectUnlogged, openLedger } from "@countersign/audit";
import { formatSafeJson } from "@countersign/core/render";
import type { CliContext } from "../cli-context.ts";
import { repoDirectory } from "../common-flags.ts";
import type { ExitCode } from "../exit-code.ts";
import { openRecorded } from "../open-recorded.ts";
import { createProgress } from "../terminal/progress.ts";
import type { LedgerFlags } from "./ledger-flags.ts";
import { findWritableLedger } from "./ledger-place.ts";

/** What a damaged or incomplete clone has lost, as against what somebody wrote that proves nothing. */
const LOSSES: ReadonlySet<string> = new Set(["corrupt", "missing", "too-large"]);

/** Logs every piece of evidence that is not in the log yet. */
export async function runLedgerAppend(context: CliContext, flags: LedgerFlags): Promise<ExitCode> {
  const { dir } = await findWritableLedger(context, flags, "written to");
  const repository = await openRecorded(context, repoDirectory(context, flags));
  const ledger = await openLedger({ dir, repository });
  const isLogged = async (object: string) => (await ledger.find(object)) !== undefined;
  const { pieces, problems } = await collectUnlogged(repository, isLogged);
  const { stdout, stderr } = context.host;
  const progress = createProgress(stderr, stderr.isTTY === true && stdout.isTTY !== true, "logging");
  progress.setTotal(pieces.length);
  try {
    const target = { dir, seen: ledger.checkpoint };
    const clock = () => Math.floor(Date.now() / 1000);
    for await (const { index, entry } of appendToLedger(target, pieces, clock)) {
      const { kind, object, commit, loggedAt } = entry;
      await context.output.write(`${formatSafeJson({ index, kind, object, commit, loggedAt })}\n`);
      progress.advance();
    }
  } finally {
    progress.clear();
  }
  // Remembers what was appended: a log that shows less from now on was rolled back.
  if (pieces.length > 0) await openLedger({ dir, repository });
  for (const { name, code, message } of problems) context.warn(`not logged: ${name} (${code}): ${message}`);
  return problems.some(({ code }) => LOSSES.has(code)) ? 3 : 0;
}
