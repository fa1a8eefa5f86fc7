// SPDX-License-Identifier: Apache-2.0
import type { LogEntry } from "@countersign/core/audit";
import type { ObjectId, Sha256 } from "@countersign/core/ids";
import type { TreeHash, VerifiedCheckpoint, VerifierKey } from "@countersign/core/ledger";
import type { StagedFile } from "../staging.ts";

/** An entry whose inclusion in the checkpoint was verified. */
export interface LoggedEntry {
  /** 0-based place in the log. */
  readonly index: number;
  readonly entry: LogEntry;
  /** The bytes that the tree holds. */
  readonly leaf: Uint8Array;
}

/** A ledger as its reader sees it: everything that comes out was verified against one signed checkpoint. */
export interface Ledger {
  /** Name of the log; equal to the name of its key. */
  readonly origin: string;
  /** What its checkpoint was checked by. */
  readonly key: VerifierKey;
  readonly checkpoint: {
    readonly treeSize: number;
    readonly rootHash: TreeHash;
    /** The signed note as text, cosignatures included. */
    readonly note: string;
    /** Witnesses whose cosignatures were checked. */
    readonly cosigned: VerifiedCheckpoint["cosigned"];
  };
  /** In the order of the log; `from` inclusive, `to` exclusive. */
  readonly entries: (from?: number, to?: number) => AsyncIterable<LoggedEntry>;
  /**
   * Entries that take a right away or ask for something: rejections, revocations, overrides, amendments. They are few, and
   * found without reading the others.
   */
  readonly restrictions: () => AsyncIterable<LoggedEntry>;
  /** Entries of statements that machines signed of who wrote these commits; found without reading the others. */
  readonly statedOf: (commits: readonly ObjectId[]) => AsyncIterable<LoggedEntry>;
  /** The first entry about an object; never the entry that redacts it. */
  readonly find: (object: Sha256) => Promise<LoggedEntry | undefined>;
  /** An object's bytes, hashed; "redacted" where the log says that it was removed; undefined where it is not here. */
  readonly object: (name: Sha256) => Promise<Uint8Array | "redacted" | undefined>;
  /** Hashes that prove that this checkpoint continues the one of `oldSize` entries (RFC 6962 §2.1.2). */
  readonly proveConsistency: (oldSize: number) => Promise<readonly TreeHash[]>;
  /** Its tiles and entry bundles; with a size, only the partial ones of the tree when it was so large. */
  readonly tileFiles: (edgeOf?: number) => AsyncIterable<StagedFile>;
  /** Text of a `.tlog-proof`, the entry itself as its extra data: anybody can check it with the log's key alone. */
  readonly prove: (index: number) => Promise<string>;
}
