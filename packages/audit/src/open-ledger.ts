// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { toText } from "@countersign/core/ids";
import { type LogTrust, parseVerifierKey } from "@countersign/core/ledger";
import { defaultLedgerDir, defaultLedgerPlace, mirrorRefOf, openLedgerSource } from "@countersign/gate";
import type { Repository } from "@countersign/git";
import {
  type Ledger,
  type LedgerSource,
  openLedger as openView,
  PUBLIC_FILE,
  readVerifierKey,
  StoreError,
} from "@countersign/store";

/** Where a ledger is, and whom its reader believes. */
export interface LedgerPlace {
  /** Folder of the log, or `ref:` and a ref; default the folder inside the repository's Git directory, or else its mirror. */
  readonly dir?: string;
  /** Instead of a folder. */
  readonly backend?: LedgerSource;
  /** Remembers the last checkpoint seen, and holds the mirror. Without it a fork goes unnoticed. */
  readonly repository?: Repository;
  /** Verifier keys as text, as the policy states them; without it the log's own word is taken for its key. */
  readonly trust?: LedgerTrust;
}

export interface LedgerTrust {
  readonly verifierKey: string;
  readonly witnesses?: readonly string[];
  /** How many witnesses must have cosigned; default 0. */
  readonly quorum?: number;
}

export { defaultLedgerDir };

/**
 * Opens a ledger to read it. Throws StoreError LEDGER_MISSING where there is none; LEDGER_DAMAGED, LEDGER_FORKED or
 * LEDGER_ROLLED_BACK with their evidence; and CoreError where no checkpoint is signed by whom the reader trusts.
 */
export async function openLedger({ dir, backend, repository, trust }: LedgerPlace): Promise<Ledger> {
  const place = dir ?? (repository === undefined ? undefined : await defaultLedgerPlace(repository));
  if (backend === undefined && place === undefined)
    throw new TypeError("a ledger needs a folder, a backend or a repository");
  const source = backend ?? (await openLedgerSource(repository, place ?? ""));
  return openView({
    backend: source,
    trust: trust === undefined ? await ownTrust(source, place) : toLogTrust(trust),
    memory: repository === undefined ? null : join(repository.commonDir, "countersign"),
  });
}

/** Keys out of their texts; throws CoreError KEY_MALFORMED. */
export function toLogTrust({ verifierKey, witnesses = [], quorum = 0 }: LedgerTrust): LogTrust {
  return { log: parseVerifierKey(verifierKey), witnesses: witnesses.map(parseVerifierKey), quorum };
}

/** What a place says of its log's own key: enough to see that it is one log, not whose. */
async function ownTrust(source: LedgerSource, place: string | undefined): Promise<LogTrust> {
  if (place === undefined) throw new TypeError("a ledger outside a folder needs its verifier key");
  const log = mirrorRefOf(place) === undefined ? readVerifierKey(place) : await readMirroredKey(source);
  return { log, witnesses: [], quorum: 0 };
}

async function readMirroredKey({ name, objects }: LedgerSource) {
  const bytes = await objects.get(PUBLIC_FILE);
  if (bytes !== undefined) return parseVerifierKey(toText(bytes).trimEnd());
  throw new StoreError("LEDGER_DAMAGED", `${name} states no key, so it is no mirror of a ledger`);
}
