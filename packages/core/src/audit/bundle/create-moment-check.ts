// SPDX-License-Identifier: Apache-2.0
import type { VerifiedCheckpoint } from "../../ledger/index.ts";
import type { ShippedChange } from "../report/shipped-change.ts";
import type { AuditBundle } from "./audit-bundle.ts";
import type { CheckedEntries } from "./check-entries.ts";

interface Times {
  readonly report: AuditBundle["report"];
  readonly entries: CheckedEntries;
  readonly checkpoint: VerifiedCheckpoint | null;
}

/** Whoever could choose the time at which keys and roles are judged could choose one at which somebody still had them. */
export function createMomentCheck({
  report,
  entries,
  checkpoint,
}: Times): (change: ShippedChange) => readonly string[] {
  const isWhole = checkpoint !== null && entries.byIndex.size === checkpoint.treeSize;
  const logged = new Set<string>();
  for (const { kind, commit, loggedAt } of entries.byIndex.values())
    logged.add(`${kind} ${commit} ${loggedAt}`);
  const delivered = new Set(report.deployments.flatMap(({ at, proof }) => [at, proof?.loggedAt]));
  return ({ seen, judgedAt, signOffs, head }) => {
    if (seen === null) {
      const times = [report.generatedAt, ...signOffs.map(({ proof }) => proof?.loggedAt)];
      return times.includes(judgedAt)
        ? []
        : [
            `judged as of ${judgedAt}, which is neither when the report was made nor when a sign-off was logged`,
          ];
    }
    if (judgedAt !== seen.at) return [`judged as of ${judgedAt}, and seen to land at ${seen.at}`];
    // Of a push only the server's record knows.
    if (seen.by === "push" || !isWhole) return [];
    const kind = seen.by === "ledger" ? "verdict" : "deployment";
    const isKnown =
      logged.has(`${kind} ${head} ${seen.at}`) || (kind === "deployment" && delivered.has(seen.at));
    return isKnown ? [] : [`nothing in the log saw it land at ${seen.at}`];
  };
}
