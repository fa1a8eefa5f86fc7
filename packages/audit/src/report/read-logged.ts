// SPDX-License-Identifier: Apache-2.0
import type { LoggedProof } from "@countersign/core/audit";
import type { ObjectId, Sha256 } from "@countersign/core/ids";
import type { Ledger } from "@countersign/store";

/** What the log says of all evidence, read in one pass. */
export interface LoggedEvidence {
  readonly proofOf: (object: Sha256) => LoggedProof | null;
  /** Entries that redact others, by the index of those. */
  readonly redactedBy: ReadonlyMap<number, number>;
  /** First time at which the log took in a verdict about, or a delivery of, this commit. */
  readonly seenAt: (commit: ObjectId) => { readonly at: string; readonly by: "ledger" | "deployment" } | null;
}

export const NOTHING_LOGGED: LoggedEvidence = {
  proofOf: () => null,
  redactedBy: new Map(),
  seenAt: () => null,
};

export async function readLogged(ledger: Ledger): Promise<LoggedEvidence> {
  const places = new Map<Sha256, LoggedProof>();
  const objects: Sha256[] = [];
  const redacted = new Map<number, number>();
  const seen = new Map<ObjectId, { readonly at: string; readonly by: "ledger" | "deployment" }>();
  for await (const { index, entry } of ledger.entries()) {
    const { kind, object, loggedAt, redacts, commit } = entry;
    objects[index] = object;
    if (redacts !== null) redacted.set(redacts, index);
    if (kind !== "redaction" && !places.has(object))
      places.set(object, { index, loggedAt, isRedacted: false });
    const by = kind === "verdict" ? "ledger" : kind === "deployment" ? "deployment" : undefined;
    if (by !== undefined && commit !== null && !seen.has(commit)) seen.set(commit, { at: loggedAt, by });
  }
  for (const index of redacted.keys()) {
    const place = places.get(objects[index] ?? "");
    if (place !== undefined) places.set(objects[index] ?? "", { ...place, isRedacted: true });
  }
  return {
    proofOf: (object) => places.get(object) ?? null,
    redactedBy: redacted,
    seenAt: (commit) => seen.get(commit) ?? null,
  };
}
