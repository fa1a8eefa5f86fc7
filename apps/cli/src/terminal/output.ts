// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import type { Writable } from "node:stream";

/** Text to one stream, in chunks, as fast as its reader takes it. */
export interface Output {
  /** Resolves at once while there is room; waits for the reader where there is none, so memory stays flat. */
  readonly write: (text: string) => Promise<void>;
  /** The same for many texts, each of which is copied but once. */
  readonly writeAll: (texts: readonly string[]) => Promise<void>;
  /** Bytes as they are, in their place among the texts. */
  readonly writeBytes: (bytes: Uint8Array) => Promise<void>;
  /** Resolves when everything written was handed to the operating system. */
  readonly finish: () => Promise<void>;
}

const CHUNK = 1 << 16;

/** Lines of a long listing in chunks of 64 KiB: a system call per line would cost more than the work. */
export function createOutput(stream: Writable): Output {
  let pending: string[] = [];
  let size = 0;
  let failure: unknown;
  // Without a listener a reader that goes away (`| head`) would end the process with a stack trace.
  stream.on("error", (error) => {
    failure = error;
  });
  async function flush(): Promise<void> {
    if (failure !== undefined) throw failure;
    if (size === 0) return;
    const bytes = encode(pending, size);
    pending = [];
    size = 0;
    if (!stream.write(bytes)) await once(stream, "drain");
  }
  return {
    write: async (text) => {
      pending.push(text);
      size += text.length;
      if (size >= CHUNK) await flush();
    },
    writeAll: async (texts) => {
      for (const text of texts) {
        pending.push(text);
        size += text.length;
      }
      if (size >= CHUNK) await flush();
    },
    writeBytes: async (bytes) => {
      await flush();
      if (!stream.write(bytes)) await once(stream, "drain");
    },
    finish: async () => {
      await flush();
      await new Promise<void>((resolve, reject) => {
        stream.write("", (error) => (error ? reject(error) : resolve()));
      });
    },
  };
}

/** A UTF-16 code unit is three bytes of UTF-8 at most. */
const MOST_BYTES = 3;

/**
 * Each text by itself: joined, one text with a character outside Latin-1 would make V8 hold and encode all of them as UTF-16, which takes
 * four times as long.
 */
function encode(texts: readonly string[], units: number): Buffer {
  const bytes = Buffer.allocUnsafe(units * MOST_BYTES);
  let at = 0;
  for (const text of texts) at += bytes.write(text, at);
  return bytes.subarray(0, at);
}
