// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import { concatBytes, toUtf8 } from "@countersign/core/ids";
import type { LedgerLock, LockValue } from "../ports.ts";
import { StoreError } from "../store-error.ts";
import type { S3Request, SendToS3 } from "./s3-client.ts";
import type { S3Place } from "./s3-place.ts";

const KEY = "register";
/** A UUID and a line's end before the value. */
const MARK_BYTES = 37;

/**
 * The register as one object under `If-Match`. Its ETag may be a digest of its bytes, and the same value written twice
 * would then pass for one writing: a random mark before the value makes every writing another. The mark also tells, after
 * an attempt without an answer, whether it was carried out.
 */
export function openS3Lock(place: S3Place, send: SendToS3, probe: () => Promise<void>): LedgerLock {
  async function read(): Promise<{ readonly mark: string; readonly value: LockValue } | undefined> {
    const { status, etag, body } = await send({ method: "GET", key: KEY });
    if (status === 404) return undefined;
    if (etag === undefined || body.length < MARK_BYTES || body[MARK_BYTES - 1] !== 10)
      throw new StoreError(
        "STORE_UNUSABLE",
        `the register of ${place.name} is damaged; restore it from a copy`,
      );
    const mark = Buffer.from(body.subarray(0, MARK_BYTES)).toString();
    return { mark, value: { bytes: body.slice(MARK_BYTES), version: etag } };
  }

  async function write(bytes: Uint8Array, condition: NonNullable<S3Request["condition"]>): Promise<boolean> {
    const mark = `${randomUUID()}\n`;
    const body = new Uint8Array(concatBytes(toUtf8(mark), bytes));
    const { status, isRepeated } = await send({ method: "PUT", key: KEY, condition, body });
    if (status < 300) return true;
    if (!isRepeated) return false;
    if ((await read())?.mark === mark) return true;
    // Ours may have been written, and built upon, by now: to say "false" would have it appended twice.
    throw new StoreError(
      "STORE_UNUSABLE",
      `${place.name} did not say whether the last append was carried out; look before appending it again`,
    );
  }

  return {
    fetch: async () => (await read())?.value,
    create: async (bytes) => {
      // Here, so that nobody who makes a log can forget it.
      await probe();
      return await write(bytes, { "if-none-match": "*" });
    },
    replace: async (old: LockValue, bytes, ready) => {
      await ready?.();
      return /^(W\/)?"[^"]+"$/.test(old.version) && (await write(bytes, { "if-match": old.version }));
    },
  };
}
