// SPDX-License-Identifier: Apache-2.0
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import {
  EMPTY_EDGE,
  formatSignedNote,
  formatTilePath,
  type LogTrust,
  parseEntryBundle,
  planAppend,
  TILE_WIDTH,
  toVerifierKey,
  type VerifiedCheckpoint,
  verifyCheckpoint,
  widthOfTile,
} from "@countersign/core/ledger";
import type { WriterKeys } from "./ledger-writer.ts";
import type { LedgerBackend } from "./ports.ts";
import { CHECKPOINT_PATH } from "./publish.ts";

// A log's key and a reader for tests; no product code imports this file.

const secret = createPrivateKey({
  key: Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32, 7)]),
  format: "der",
  type: "pkcs8",
});
const publicKey = createPublicKey(secret);
const log = toVerifierKey(
  "example.com/test-log",
  "ed25519",
  new Uint8Array(publicKey.export({ format: "der", type: "spki" }).subarray(-32)),
);

export const KEYS: WriterKeys = {
  log,
  sign: (text) =>
    formatSignedNote({
      text,
      signatures: [
        {
          name: log.name,
          keyId: log.keyId,
          signature: new Uint8Array(sign(null, Buffer.from(text), secret)),
        },
      ],
    }),
  verify: (_, data, signature) => verify(null, data, publicKey, signature),
};
const TRUST: LogTrust = { log, witnesses: [], quorum: 0 };

export const entryOf = (text: string | number): Uint8Array => new Uint8Array(Buffer.from(`entry ${text}`));

/** Every entry of a log as a stranger reads it, who recomputes the whole tree and believes nothing else. */
export async function readWholeLog(
  { objects }: LedgerBackend,
  note?: Uint8Array,
): Promise<{ readonly checkpoint: VerifiedCheckpoint; readonly entries: readonly string[] }> {
  const published = note ?? (await objects.get(CHECKPOINT_PATH));
  if (published === undefined) throw new Error("no checkpoint is published");
  const checkpoint = verifyCheckpoint(published, TRUST, KEYS.verify);
  const entries: Uint8Array[] = [];
  for (let index = 0; index * TILE_WIDTH < checkpoint.treeSize; index++) {
    const width = widthOfTile(0, index, checkpoint.treeSize);
    const tile = { level: "entries", index, width } as const;
    const bytes =
      (await objects.get(formatTilePath(tile))) ??
      (await objects.get(formatTilePath({ ...tile, width: TILE_WIDTH })));
    if (bytes === undefined) throw new Error(`${formatTilePath(tile)} is not there`);
    entries.push(...parseEntryBundle(bytes, width));
  }
  const plan = planAppend(EMPTY_EDGE, entries);
  if (!Buffer.from(plan.rootHash).equals(checkpoint.rootHash))
    throw new Error("the entries are not the checkpoint's");
  for (const { path, bytes } of plan.files) {
    const full = path.replace(/\.p\/\d+$/, "");
    const stored = (await objects.get(path)) ?? (await objects.get(full))?.slice(0, bytes.length);
    if (stored === undefined || !Buffer.from(stored).equals(bytes))
      throw new Error(`${path} is not what it should be`);
  }
  return { checkpoint, entries: entries.map((entry) => Buffer.from(entry).toString()) };
}

/** Roots of the first so many of the entries, in hex, to hold older checkpoints against; sizes ascending. */
export function rootsOf(entries: readonly string[], sizes: readonly number[]): readonly string[] {
  let plan = planAppend(EMPTY_EDGE, []);
  return sizes.map((size) => {
    const more = entries.slice(plan.edge.treeSize, size).map((text) => new Uint8Array(Buffer.from(text)));
    plan = planAppend(plan.edge, more);
    return plan.edge.treeSize === size ? Buffer.from(plan.rootHash).toString("hex") : "too short";
  });
}
