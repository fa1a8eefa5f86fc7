// SPDX-License-Identifier: Apache-2.0
import type { ReportLedger } from "@countersign/core/audit";
import { toHex } from "@countersign/core/ids";
import { formatVerifierKey } from "@countersign/core/ledger";
import type { Repository } from "@countersign/git";
import { type Ledger, StoreError } from "@countersign/store";
import { type LedgerTrust, openLedger } from "../open-ledger.ts";
import { type LoggedEvidence, readLogged } from "./read-logged.ts";

/** A log as a report needs it: read once, with the key that it was checked by. */
export interface ReportLog {
  readonly ledger: Ledger;
  readonly logged: LoggedEvidence;
  readonly verifierKey: string;
  readonly witnesses: readonly string[];
  readonly about: ReportLedger;
}

/** The log in a folder or a mirror, or the repository's own; undefined where nothing was asked for and there is none. */
export async function openReportLog(
  repository: Repository,
  dir: string | undefined,
  trust: LedgerTrust | undefined,
): Promise<ReportLog | undefined> {
  try {
    const ledger = await openLedger({ ...(dir && { dir }), repository, ...(trust && { trust }) });
    const verifierKey = formatVerifierKey(ledger.key);
    const { treeSize, rootHash, cosigned } = ledger.checkpoint;
    return {
      ledger,
      logged: await readLogged(ledger),
      verifierKey,
      witnesses: cosigned.map(({ witness }) => formatVerifierKey(witness)),
      about: {
        origin: ledger.origin,
        treeSize,
        rootHash: toHex(rootHash),
        verifierKey,
        cosignatures: cosigned.length,
      },
    };
  } catch (error) {
    if (dir === undefined && error instanceof StoreError && error.code === "LEDGER_MISSING") return undefined;
    throw error;
  }
}
