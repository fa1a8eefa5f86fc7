// SPDX-License-Identifier: Apache-2.0
import { CoreError, parseBase64, toBase64 } from "../ids/index.ts";
import { parseHashLine, parseTreeSize } from "./checkpoint.ts";
import type { TreeHash } from "./merkle.ts";
import { MAX_NOTE_BYTES } from "./signed-note.ts";

/** An inclusion proof in a file (tlog-proof). The leaf is not in it: whoever checks it brings the entry along. */
export interface TlogProof {
  readonly index: number;
  readonly hashes: readonly TreeHash[];
  /** The signed note, verbatim. */
  readonly checkpoint: string;
  /** Whatever the writer put in; nothing vouches for it. */
  readonly extra: Uint8Array | null;
}

const HEADER = "c2sp.org/tlog-proof@v1";
const MAX_HASHES = 63;

export function formatTlogProof({ index, hashes, checkpoint, extra }: TlogProof): string {
  const lines = [
    HEADER,
    ...(extra === null ? [] : [`extra ${toBase64(extra)}`]),
    `index ${index}`,
    ...hashes.map(toBase64),
  ];
  return `${lines.join("\n")}\n\n${checkpoint}`;
}

/** Throws CoreError PROOF_MALFORMED. Nothing in it is verified yet. */
export function parseTlogProof(text: string): TlogProof {
  // The first empty line: the checkpoint holds another.
  const cut = text.indexOf("\n\n");
  if (cut < 0 || text.length > MAX_NOTE_BYTES)
    throw malformed("expected a proof, an empty line, and a checkpoint");
  const [header, ...lines] = text.slice(0, cut).split("\n");
  if (header !== HEADER) throw malformed(`expected ${HEADER} in the first line`);
  const extra = lines[0]?.startsWith("extra ") ? readExtra(lines.shift() ?? "") : null;
  const [, digits = ""] = /^index (\d+)$/.exec(lines.shift() ?? "") ?? [];
  const index = parseTreeSize(digits);
  if (index === undefined) throw malformed("expected a line such as: index 42");
  if (lines.length > MAX_HASHES)
    throw malformed(`expected at most ${MAX_HASHES} hashes, got ${lines.length}`);
  const hashes = lines.map((line) => parseHashLine(line) ?? refuseHash());
  return { index, hashes, checkpoint: text.slice(cut + 2), extra };
}

function readExtra(line: string): Uint8Array {
  const base64 = line.slice("extra ".length);
  try {
    const bytes = parseBase64(base64);
    if (base64 !== "" && toBase64(bytes) === base64) return bytes;
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
  }
  throw malformed("expected extra data in padded base64");
}

function refuseHash(): never {
  throw malformed("expected hashes of 32 bytes in padded base64, a line each");
}

function malformed(reason: string): CoreError {
  return new CoreError("PROOF_MALFORMED", `tlog proof: ${reason}`);
}
