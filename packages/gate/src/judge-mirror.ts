// SPDX-License-Identifier: Apache-2.0
import { isNullObjectId, type ObjectId, toText } from "@countersign/core/ids";
import { parseVerifierKey, type VerifierKey } from "@countersign/core/ledger";
import type { Policy } from "@countersign/core/policy";
import { isAncestor, LEDGER_REF, type Repository } from "@countersign/git";
import {
  checkContinuation,
  type LedgerSource,
  openLedger,
  PUBLIC_FILE,
  StoreError,
} from "@countersign/store";
import { openMirror } from "./ledger/open-mirror.ts";
import { readMirrored } from "./ledger/read-mirrored.ts";

/**
 * Why a push may not move the mirror of the ledger; undefined where it may. It moves forward only, to a log that the policy's key
 * signed, every entry of it, and that continues what was there.
 */
export async function findMirrorFault(
  repository: Repository,
  { old, new: next }: { readonly old: ObjectId; readonly new: ObjectId },
  policy: Policy | null,
): Promise<string | undefined> {
  if (isNullObjectId(next)) return `${LEDGER_REF} is the mirror of the ledger and cannot be deleted`;
  const isFirst = isNullObjectId(old);
  if (!isFirst && !(await isAncestor(repository, old, next)))
    return `${LEDGER_REF} moves forward only; fetch it, and mirror again: countersign evidence fetch && countersign ledger mirror`;
  try {
    const mirror = openMirror(repository, next, LEDGER_REF);
    const asked = policy?.ledger?.verifierKey ?? toText((await mirror.objects.get(PUBLIC_FILE)) ?? NO_KEY);
    const log = parseVerifierKey(asked.trimEnd());
    await checkWhole(repository, { mirror, log, old: isFirst ? undefined : old });
    return undefined;
  } catch (error) {
    // Errors of the mirror itself; what else went wrong is for the hook to say.
    if (error instanceof Error && (error.name === "StoreError" || error.name === "CoreError"))
      return `what this push puts there is no mirror that continues: ${error.message}`;
    throw error;
  }
}

const NO_KEY = new Uint8Array(0);

interface Move {
  readonly mirror: LedgerSource;
  readonly old: ObjectId | undefined;
  readonly log: VerifierKey;
}

async function checkWhole(repository: Repository, { mirror, old, log }: Move): Promise<void> {
  const ledger = await openLedger({
    backend: mirror,
    trust: { log, witnesses: [], quorum: 0 },
    memory: null,
  });
  for await (const file of ledger.tileFiles()) {
    const stored = await mirror.objects.get(file.path);
    if (stored === undefined || !Buffer.from(stored).equals(file.bytes))
      throw new StoreError("LEDGER_DAMAGED", `${file.path} is not the tile that its log has`);
  }
  for await (const _ of ledger.entries());
  if (old === undefined) return;
  const seen = await readMirrored(repository, old, log);
  await checkContinuation({
    seen,
    shown: ledger.checkpoint,
    prove: ledger.proveConsistency,
    from: "mirror",
  });
}
