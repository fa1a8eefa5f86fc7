// SPDX-License-Identifier: Apache-2.0
import { isSameBytes, toBase64 } from "@countersign/core/ids";
import { type TreeHash, type VerifiedCheckpoint, verifyConsistency } from "@countersign/core/ledger";
import { StoreError } from "../store-error.ts";

/** A checkpoint that somebody believed. */
export type SeenCheckpoint = Pick<VerifiedCheckpoint, "treeSize" | "rootHash" | "note">;

/** Two signed checkpoints of one log, of which the one shown now has to continue the other. */
export interface Continuation {
  readonly seen: SeenCheckpoint;
  readonly shown: SeenCheckpoint;
  /** Hashes that are to prove it, out of the log that is shown. */
  readonly prove: (oldSize: number) => Promise<readonly TreeHash[]>;
  /** Where the older one comes from: this reader's memory, or a mirror. */
  readonly from?: "memory" | "mirror";
}

type Told = (seen: number, shown: number) => string;

const WORDS: Readonly<
  Record<"memory" | "mirror", { readonly label: string; readonly rolledBack: Told; readonly forked: Told }>
> = {
  memory: {
    label: "checkpoint seen before",
    rolledBack: (seen, shown) => `it showed ${seen} entries before, and shows ${shown} now`,
    forked: (seen, shown) => `its ${shown} entries do not continue the ${seen} that it showed before`,
  },
  mirror: {
    label: "checkpoint in the mirror",
    rolledBack: (seen, shown) => `the mirror holds ${seen} of its entries, and it shows ${shown} now`,
    forked: (seen, shown) => `its ${shown} entries do not continue the ${seen} that the mirror holds`,
  },
};

/** Throws StoreError LEDGER_FORKED or LEDGER_ROLLED_BACK with both signed checkpoints: together they prove what the log did. */
export async function checkContinuation({
  seen,
  shown,
  prove,
  from = "memory",
}: Continuation): Promise<void> {
  const { label, rolledBack, forked } = WORDS[from];
  const evidence = [
    { label, text: seen.note },
    { label: "checkpoint shown now", text: shown.note },
  ];
  if (seen.treeSize > shown.treeSize) {
    const message = `the log was rolled back: ${rolledBack(seen.treeSize, shown.treeSize)}`;
    throw new StoreError("LEDGER_ROLLED_BACK", message, { evidence });
  }
  const proof = await prove(seen.treeSize);
  try {
    const old = { oldSize: seen.treeSize, oldRoot: seen.rootHash };
    verifyConsistency({ ...old, newSize: shown.treeSize, newRoot: shown.rootHash, proof });
  } catch (cause) {
    const message = `the log has forked: ${forked(seen.treeSize, shown.treeSize)}`;
    const lines = isSameBytes(seen.rootHash, shown.rootHash) ? [] : proof.map(toBase64);
    const failed = lines.length === 0 ? [] : [{ label: "proof that fails", text: `${lines.join("\n")}\n` }];
    throw new StoreError("LEDGER_FORKED", message, { cause, evidence: [...evidence, ...failed] });
  }
}
