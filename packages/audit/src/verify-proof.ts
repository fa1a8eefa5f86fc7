// SPDX-License-Identifier: Apache-2.0
import { type LogEntry, parseLogEntry } from "@countersign/core/audit";
import { CoreError } from "@countersign/core/ids";
import {
  hashLeaf,
  parseTlogProof,
  type VerifiedCheckpoint,
  verifyCheckpoint,
  verifyInclusion,
} from "@countersign/core/ledger";
import { verifyEd25519 } from "@countersign/store";
import { type LedgerTrust, toLogTrust } from "./open-ledger.ts";

/** An entry that a proof showed to be in a log. */
export interface ProvenEntry {
  readonly index: number;
  readonly entry: LogEntry;
  readonly leaf: Uint8Array;
  readonly checkpoint: VerifiedCheckpoint;
}

/**
 * Verifies a `.tlog-proof` of ours, whose extra data is the entry itself: nothing vouches for extra data as such, but here
 * the proof is about its hash. Throws CoreError PROOF_MALFORMED, PROOF_INVALID, LOG_ENTRY_MALFORMED, SIGNATURE_INVALID,
 * QUORUM_MISSING and what a checkpoint's parsers throw.
 */
export function verifyProof(text: string, trust: LedgerTrust): ProvenEntry {
  const { index, hashes, checkpoint: note, extra } = parseTlogProof(text);
  const checkpoint = verifyCheckpoint(note, toLogTrust(trust), verifyEd25519);
  if (extra === null)
    throw new CoreError(
      "PROOF_MALFORMED",
      "the proof does not carry its entry; expected a line that begins with extra",
    );
  const { treeSize, rootHash } = checkpoint;
  verifyInclusion({ index, treeSize, leafHash: hashLeaf(extra), rootHash, proof: hashes });
  return { index, entry: parseLogEntry(extra), leaf: extra, checkpoint };
}
