// SPDX-License-Identifier: Apache-2.0
import { GitError } from "./git-error.ts";

const NOTHING: Buffer = Buffer.alloc(0);

/** Reads a stream of chunks as delimited and counted pieces; holds no more than one piece and one chunk. */
export interface ByteReader {
  /** Bytes up to the delimiter, which is dropped; undefined at the end. Throws OUTPUT_MALFORMED when it is cut off. */
  readonly readUntil: (delimiter: number) => Promise<Buffer | undefined>;
  /** Exactly so many bytes; throws OUTPUT_MALFORMED when the stream ends before. */
  readonly readBytes: (length: number) => Promise<Buffer>;
  /** Drops so many bytes without holding them. */
  readonly skipBytes: (length: number) => Promise<void>;
}

export function createByteReader(chunks: AsyncIterable<Buffer>): ByteReader {
  const iterator = chunks[Symbol.asyncIterator]();
  let buffer = NOTHING;
  let at = 0;

  async function more(): Promise<boolean> {
    const next = await iterator.next();
    if (next.done === true) return false;
    buffer = at === buffer.length ? next.value : Buffer.concat([buffer.subarray(at), next.value]);
    at = 0;
    return true;
  }

  function take(length: number): Buffer {
    const piece = buffer.subarray(at, at + length);
    at += length;
    return piece;
  }

  async function readUntil(delimiter: number): Promise<Buffer | undefined> {
    for (let searched = 0; ; ) {
      const found = buffer.indexOf(delimiter, at + searched);
      if (found >= 0) {
        const piece = take(found - at);
        at++;
        return piece;
      }
      searched = buffer.length - at;
      if (await more()) continue;
      if (searched === 0) return undefined;
      throw cutOff();
    }
  }

  async function readBytes(length: number): Promise<Buffer> {
    if (buffer.length - at >= length) return take(length);
    const pieces = [take(buffer.length - at)];
    for (let missing = length - (pieces[0]?.length ?? 0); missing > 0; ) {
      if (!(await more())) throw cutOff();
      const piece = take(Math.min(missing, buffer.length - at));
      missing -= piece.length;
      pieces.push(piece);
    }
    return Buffer.concat(pieces);
  }

  async function skipBytes(length: number): Promise<void> {
    for (let left = length; left > 0; ) {
      if (at === buffer.length && !(await more())) throw cutOff();
      left -= take(Math.min(left, buffer.length - at)).length;
    }
  }

  return { readUntil, readBytes, skipBytes };
}

function cutOff(): GitError {
  return new GitError(
    "OUTPUT_MALFORMED",
    "the output of git ended in the middle of a record; run the command again",
  );
}
