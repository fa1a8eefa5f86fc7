// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { type LogTrust, parseVerifierKey } from "@countersign/core/ledger";
import type { Repository } from "@countersign/git";
import {
  type Ledger,
  type LedgerBackend,
  openBackend,
  openLedger as openView,
  readVerifierKey,
} from "@countersign/store";

/** Where a ledger is, and whom its reader believes. */
export interface LedgerPlace {
  /** Folder of the log; default the one inside the repository's Git directory. */
  readonly dir?: string;
  /** Instead of a folder. */
  readonly backend?: LedgerBackend;
  /** Remembers the last checkpoint seen. Without it a fork goes unnoticed. */
  readonly repository?: Pick<Repository, "commonDir">;
  /** Verifier keys as text, as the policy states them; without it the log's own word is taken for its key. */
  readonly trust?: LedgerTrust;
}

export interface LedgerTrust {
  readonly verifierKey: string;
  readonly witnesses?: readonly string[];
  /** How many witnesses must have cosigned; default 0. */
  readonly quorum?: number;
}

/** The log of a repository that names no other. */
export function defaultLedgerDir({ commonDir }: Pick<Repository, "commonDir">): string {
  return join(commonDir, "countersign", "ledger");
}

/**
 * Opens a ledger to read it. Throws StoreError LEDGER_MISSING where there is none; LEDGER_DAMAGED, LEDGER_FORKED or
 * LEDGER_ROLLED_BACK with their evidence; and CoreError where no checkpoint is signed by whom the reader trusts.
 */
export async function openLedger({ dir, backend, repository, trust }: LedgerPlace): Promise<Ledger> {
  const folder = dir ?? (repository === undefined ? undefined : defaultLedgerDir(repository));
  if (backend === undefined && folder === undefined)
    throw new TypeError("a ledger needs a folder, a backend or a repository");
  return openView({
    backend: backend ?? (await openBackend(folder ?? "")),
    trust: trust === undefined ? ownTrust(folder) : toLogTrust(trust),
    memory: repository === undefined ? null : join(repository.commonDir, "countersign"),
  });
}

/** Keys out of their texts; throws CoreError KEY_MALFORMED. */
export function toLogTrust({ verifierKey, witnesses = [], quorum = 0 }: LedgerTrust): LogTrust {
  return { log: parseVerifierKey(verifierKey), witnesses: witnesses.map(parseVerifierKey), quorum };
}

/** What a folder says of its own key: enough to see that it is one log, not whose. */
function ownTrust(folder: string | undefined): LogTrust {
  if (folder === undefined) throw new TypeError("a ledger outside a folder needs its verifier key");
  return { log: readVerifierKey(folder), witnesses: [], quorum: 0 };
}
