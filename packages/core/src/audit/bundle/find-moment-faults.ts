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
export function findMomentFaults(
  { seen, judgedAt, signOffs, head }: ShippedChange,
  { report, entries, checkpoint }: Times,
): readonly string[] {
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
  const isWhole = checkpoint !== null && entries.byIndex.size === checkpoint.treeSize;
  if (seen.by === "push" || !isWhole) return [];
  const kind = seen.by === "ledger" ? "verdict" : "deployment";
  const isLogged = [...entries.byIndex.values()].some(
    (entry) => entry.kind === kind && entry.commit === head && entry.loggedAt === seen.at,
  );
  const isDelivered =
    seen.by === "deployment" &&
    report.deployments.some(({ at, proof }) => at === seen.at || proof?.loggedAt === seen.at);
  return isLogged || isDelivered ? [] : [`nothing in the log saw it land at ${seen.at}`];
}
