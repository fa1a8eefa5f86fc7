// SPDX-License-Identifier: Apache-2.0
import { checkPath } from "../check-path.ts";
import type { LedgerBackend, LedgerObjects } from "../ports.ts";
import { StoreError } from "../store-error.ts";
import { probeConditionalWrites } from "./probe-conditional-writes.ts";
import { createS3Client, type S3Options, type SendToS3 } from "./s3-client.ts";
import { openS3Lock } from "./s3-lock.ts";
import type { S3Place } from "./s3-place.ts";

/** Attempts to write over an object that others write over at the same time. */
const MOST_ROUNDS = 8;

/**
 * A ledger in a bucket. It needs a server with conditional writes, and refuses to make a log where a trial finds none. Every
 * write is durable once it is answered, so that `sync` has nothing to do.
 */
export function openS3Backend(place: S3Place, options?: S3Options): LedgerBackend {
  const send = createS3Client(place, options);
  return {
    name: place.name,
    objects: openS3Objects(place, send),
    lock: openS3Lock(place, send, () => probeConditionalWrites(place, options)),
  };
}

function openS3Objects(place: S3Place, send: SendToS3): LedgerObjects {
  async function get(path: string): Promise<Uint8Array | undefined> {
    const { status, body } = await send({ method: "GET", key: keyOf(path) });
    return status === 404 ? undefined : body;
  }

  async function put(path: string, bytes: Uint8Array): Promise<void> {
    const condition = { "if-none-match": "*" } as const;
    const { status } = await send({ method: "PUT", key: keyOf(path), condition, body: owned(bytes) });
    if (status < 300) return;
    // Perhaps by an earlier attempt of our own.
    const known = await get(path);
    if (known !== undefined && Buffer.from(known).equals(bytes)) return;
    throw new StoreError(
      "OBJECT_CHANGED",
      `${path} exists with other content; immutable objects never change`,
    );
  }

  /** Under a condition too: an attempt that timed out must not arrive later and undo what was written since. */
  async function replace(path: string, bytes: Uint8Array): Promise<void> {
    const key = keyOf(path);
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const { status: found, etag } = await send({ method: "HEAD", key });
      if (found !== 404 && !etag)
        throw new StoreError(
          "STORE_UNUSABLE",
          `${place.name} gives no ETag, without which nothing is replaced safely`,
        );
      const condition = found === 404 ? { "if-none-match": "*" as const } : { "if-match": etag ?? "" };
      const { status } = await send({ method: "PUT", key, condition, body: owned(bytes) });
      if (status < 300) return;
    }
    throw new StoreError("STORE_UNUSABLE", `${place.name}: ${path} changes faster than it can be written`);
  }

  return {
    get,
    put,
    putLazily: put,
    replaceLazily: replace,
    sync: async () => {},
    remove: async (path) => {
      await send({ method: "DELETE", key: keyOf(path) });
    },
    list: (folder) => listNames(place, send, `${place.prefix}${keyOf(folder)}/`),
  };
}

function keyOf(path: string): string {
  return checkPath(path).join("/");
}

async function listNames(place: S3Place, send: SendToS3, prefix: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (let token: string | undefined = ""; token !== undefined; ) {
    const query = new URLSearchParams({ "list-type": "2", delimiter: "/", prefix });
    if (token !== "") query.set("continuation-token", token);
    const { status, body } = await send({ method: "GET", query: query.toString() });
    const text = Buffer.from(body).toString();
    if (status !== 200 || !text.includes("<ListBucketResult"))
      throw new StoreError("STORE_UNUSABLE", `${place.name} does not list its objects`);
    // Our own names have no character that XML would write otherwise; any other object is none of ours.
    for (const [, key = ""] of text.matchAll(/<Key>([^<]*)<\/Key>/g))
      if (key.startsWith(prefix) && key.length > prefix.length) names.push(key.slice(prefix.length));
    const next: string | undefined = /<NextContinuationToken>([^<]+)</.exec(text)?.[1];
    if (/<IsTruncated>true</.test(text) && (next === undefined || next === token))
      throw new StoreError("STORE_UNUSABLE", `${place.name} lists its objects without an end`);
    token = next?.replaceAll("&amp;", "&");
  }
  return names;
}

function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
