// SPDX-License-Identifier: Apache-2.0
import type { IncomingMessage } from "node:http";

/** An API server's largest object has 3 MiB; a review of an update holds two of them, with their quotes escaped. */
export const MOST_BODY = 16 * 1024 * 1024;

/** The whole body, or undefined where there is more than {@link MOST_BODY}; what comes after is not read. */
export async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  if (Number(request.headers["content-length"] ?? 0) > MOST_BODY) return undefined;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > MOST_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
