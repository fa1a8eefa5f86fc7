// SPDX-License-Identifier: Apache-2.0
import type { CliContext } from "../cli-context.ts";

/** More than Git writes for a million refs: what is longer is not Git's. */
const MOST_BYTES = 256 * 1024 * 1024;

/** All of standard input. Throws RangeError on an endless one. */
export async function readInput({ host }: CliContext): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of host.stdin as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new RangeError(`standard input holds more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
