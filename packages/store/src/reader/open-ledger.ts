// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { type Sha256, sha256Hex, toUtf8 } from "@countersign/core/ids";
import {
  formatTlogProof,
  hashLeaf,
  type LogTrust,
  planInclusion,
  verifyInclusion,
} from "@countersign/core/ledger";
import type { LedgerSource } from "../ports.ts";
import type { Ledger, LoggedEntry } from "./ledger.ts";
import { createMemoryIndex, type ObjectIndex, openFolderIndex } from "./object-index.ts";
import { objectPath } from "./object-path.ts";
import { proveConsistency } from "./prove-consistency.ts";
import { type OpenCheckpoint, readCheckpoint } from "./read-checkpoint.ts";
import { createEntryReader } from "./read-entries.ts";
import { checkRemembered } from "./remembered-checkpoint.ts";
import { readEdgeFiles, readTileFiles } from "./tile-files.ts";
import { damaged } from "./verified-tiles.ts";

export interface OpenLedgerOptions {
  readonly backend: LedgerSource;
  readonly trust: LogTrust;
  /**
   * Folder of this reader's own memory: the last checkpoint seen of each log, and an index of objects. Null for a reader that
   * remembers nothing, and so notices no fork.
   */
  readonly memory: string | null;
}

/**
 * Opens a log to read it. Throws StoreError LEDGER_MISSING, LEDGER_DAMAGED, LEDGER_FORKED, LEDGER_ROLLED_BACK or LEDGER_BEHIND, the latter
 * four with their evidence, or CoreError where no checkpoint is signed by whom the reader trusts.
 */
export async function openLedger({ backend, trust, memory }: OpenLedgerOptions): Promise<Ledger> {
  const opened = await readCheckpoint(backend, trust);
  if (memory !== null) await checkRemembered({ memory, source: backend, trust, opened });
  const index = memory === null ? createMemoryIndex() : openFolderIndex(indexFolder(memory, trust));
  return createView({ backend, trust, opened, index });
}

function indexFolder(memory: string, { log }: LogTrust): string {
  // An index of an earlier version lacks what this one is asked for, and would say that it is not in the log.
  return join(memory, "index-2", sha256Hex(toUtf8(`${log.name}+${log.keyId}`)));
}

interface View extends Pick<OpenLedgerOptions, "backend" | "trust"> {
  readonly opened: OpenCheckpoint;
  readonly index: ObjectIndex;
}

function createView({ backend, trust, opened, index }: View): Ledger {
  const { objects } = backend;
  const { checkpoint, tiles } = opened;
  const { treeSize, rootHash, note, origin, cosigned } = checkpoint;

  const { entries, entryAt } = createEntryReader(opened);

  async function complete(): Promise<void> {
    // The index may be ahead of a checkpoint that witnesses have yet to sign; what is too new is left out when found.
    let batch: LoggedEntry[] = [];
    for await (const entry of entries(index.size())) {
      batch.push(entry);
      if (batch.length < 4096) continue;
      index.add(batch);
      batch = [];
    }
    if (batch.length > 0) index.add(batch);
  }

  async function find(object: Sha256): Promise<LoggedEntry | undefined> {
    await complete();
    for (const at of index.find(object)) {
      const found = await entryAt(at);
      if (found === undefined) continue;
      if (found.entry.object !== object) {
        // The cache is of another log, or damaged.
        index.clear();
        return await find(object);
      }
      if (found.entry.kind !== "redaction") return found;
    }
    return undefined;
  }

  async function isRedacted(at: number): Promise<boolean> {
    for (const candidate of index.redactionsOf(at)) {
      // The log itself has to say so: a cache can be written to by others.
      if ((await entryAt(candidate))?.entry.redacts === at) return true;
    }
    return false;
  }

  return {
    origin,
    key: trust.log,
    checkpoint: { treeSize, rootHash, note, cosigned },
    entries,
    find,
    restrictions: async function* () {
      await complete();
      for (const at of index.restrictions()) {
        const found = await entryAt(at);
        if (found !== undefined) yield found;
      }
    },
    statedOf: async function* (commits) {
      await complete();
      const wanted = new Set(commits);
      for (const at of index.statedOf(commits)) {
        const found = await entryAt(at);
        // A cache can be written to by others: the entry itself has to be about the commit.
        if (found?.entry.kind === "assistance" && wanted.has(found.entry.commit ?? "")) yield found;
      }
    },
    object: async (name) => {
      const found = await find(name);
      if (found !== undefined && (await isRedacted(found.index))) return "redacted";
      const bytes = await objects.get(objectPath(name));
      if (bytes === undefined) return undefined;
      if (sha256Hex(bytes) === name) return bytes;
      throw damaged(checkpoint, `${objectPath(name)} does not hash to its name: it was changed`);
    },
    proveConsistency: (oldSize) => proveConsistency(tiles, oldSize, treeSize),
    tileFiles: (edgeOf) =>
      edgeOf === undefined ? readTileFiles(tiles, treeSize) : readEdgeFiles(tiles, edgeOf),
    prove: async (at) => {
      const hashes = await Promise.all(planInclusion(at, treeSize).map((range) => tiles.hashRange(range)));
      const leaf = (await entryAt(at))?.leaf ?? new Uint8Array(0);
      verifyInclusion({ index: at, treeSize, leafHash: hashLeaf(leaf), rootHash, proof: hashes });
      return formatTlogProof({ index: at, hashes, checkpoint: note, extra: leaf });
    },
  };
}
