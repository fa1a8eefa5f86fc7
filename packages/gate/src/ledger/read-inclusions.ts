// SPDX-License-Identifier: Apache-2.0
import type { Sha256 } from "@countersign/core/ids";
import type { FactsProblem, Policy } from "@countersign/core/policy";
import type { Repository } from "@countersign/git";
import { type Inclusion, NO_LEDGER, readInclusion } from "./read-inclusion.ts";

/** What the ledgers of all policies know under which a branch grew. */
export interface Inclusions {
  /** Of a policy that was among those given. */
  readonly of: (policy: Policy) => Inclusion;
  /** Restricting envelopes of all of them: which policy named the log when plays no part in whether somebody said no. */
  readonly envelopes: ReadonlyMap<Sha256, Uint8Array>;
  readonly problems: readonly FactsProblem[];
  readonly notes: Inclusion["notes"];
}

/** Opens each ledger once. A policy that named another log than the one in the folder is told of as the gate would tell. */
export async function readInclusions(
  repository: Repository,
  ledgerDir: string | undefined,
  policies: readonly Policy[],
): Promise<Inclusions> {
  const found = new Map<string, Inclusion>();
  for (const policy of policies) {
    const key = toKey(policy);
    if (!found.has(key))
      found.set(key, await readInclusion({ repository, policy, ledgerDir, isOurs: () => true }));
  }
  const all = [...found.values()];
  return {
    of: (policy) => found.get(toKey(policy)) ?? NO_LEDGER,
    envelopes: new Map(all.flatMap(({ envelopes }) => [...envelopes])),
    problems: all.flatMap(({ problems }) => problems),
    notes: all.flatMap(({ notes }) => notes),
  };
}

function toKey({ ledger }: Policy): string {
  return JSON.stringify(ledger);
}
