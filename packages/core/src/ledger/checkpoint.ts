// SPDX-License-Identifier: Apache-2.0
import { CoreError, isSameBytes, parseBase64, toBase64 } from "../ids/index.ts";
import { EMPTY_ROOT, HASH_BYTES, type TreeHash } from "./merkle.ts";

/** What a log says of itself (tlog-checkpoint): the text of the note that it signs. */
export interface Checkpoint {
  /** Equal to the name of the log's key, or one key could speak for another log. */
  readonly origin: string;
  readonly treeSize: number;
  readonly rootHash: TreeHash;
  /** Lines that we do not understand; signed like the others. */
  readonly extensions: readonly string[];
}

/** The note's text, newline at the end included. Throws CoreError CHECKPOINT_MALFORMED. */
export function formatCheckpoint({ origin, treeSize, rootHash, extensions }: Checkpoint): string {
  const text = `${[origin, treeSize, toBase64(rootHash), ...extensions].join("\n")}\n`;
  parseCheckpoint(text);
  return text;
}

/** A checkpoint from a note's text. Throws CoreError CHECKPOINT_MALFORMED. */
export function parseCheckpoint(text: string): Checkpoint {
  const [origin = "", size = "", root = "", ...extensions] = text.split("\n");
  if (extensions.pop() !== "" || origin === "" || extensions.includes("")) {
    throw malformed("expected an origin, a size and a root hash, a line each, and no empty line");
  }
  const treeSize = parseTreeSize(size);
  const rootHash = parseHashLine(root);
  if (treeSize === undefined)
    throw malformed(`the size: expected a decimal number, got ${JSON.stringify(size.slice(0, 40))}`);
  if (rootHash === undefined) throw malformed("the root: expected 32 bytes in padded base64");
  if (treeSize === 0 && !isSameBytes(rootHash, EMPTY_ROOT))
    throw malformed("an empty log has one root only, another is given");
  return { origin, treeSize, rootHash, extensions };
}

/** A size or index without leading zeros; undefined for anything else, also beyond 2^53-1. */
export function parseTreeSize(text: string): number | undefined {
  const size = /^(?:0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(size) ? size : undefined;
}

/** 32 bytes in the one base64 there is of them; undefined for anything else. */
export function parseHashLine(text: string): TreeHash | undefined {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text)) return undefined;
  const hash = parseBase64(text);
  return hash.length === HASH_BYTES && toBase64(hash) === text ? hash : undefined;
}

function malformed(reason: string): CoreError {
  return new CoreError("CHECKPOINT_MALFORMED", `checkpoint: ${reason}`);
}
