// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from "node:crypto";
import { toUtf8 } from "@countersign/core/ids";
import { StoreError } from "../store-error.ts";
import { createS3Client, type S3Options, type S3Request } from "./s3-client.ts";
import type { S3Place } from "./s3-place.ts";

const RACERS = 8;

/**
 * Tries on an object of its own whether a server keeps its conditions, alone and among racing writers. A server that
 * ignores `If-None-Match` or `If-Match` says yes to two writers at once, and the log forks without a word. Throws
 * StoreError STORE_UNUSABLE for one that does.
 */
export async function probeConditionalWrites(place: S3Place, options?: S3Options): Promise<void> {
  const send = createS3Client(place, options);
  const key = `probe/${randomUUID()}`;
  const write = async (text: string, condition: NonNullable<S3Request["condition"]>) => {
    const { status, etag } = await send({
      method: "PUT",
      key,
      condition,
      body: new Uint8Array(toUtf8(text)),
    });
    return status < 300 ? (etag ?? "") : undefined;
  };
  const race = async (condition: NonNullable<S3Request["condition"]>) => {
    const racers = Array.from({ length: RACERS }, () => write(randomUUID(), condition));
    return (await Promise.all(racers)).filter((etag) => etag !== undefined);
  };
  const current = async () => (await send({ method: "GET", key })).etag ?? "";
  try {
    const [first, ...others] = await race({ "if-none-match": "*" });
    if (first === undefined || others.length > 0) refuse(place, "If-None-Match");
    if ((await write("late", { "if-none-match": "*" })) !== undefined) refuse(place, "If-None-Match");
    const seen = await current();
    const winners = await race({ "if-match": seen });
    if (seen === "" || winners.length !== 1) refuse(place, "If-Match");
    if ((await write("late", { "if-match": seen })) !== undefined) refuse(place, "If-Match");
  } finally {
    await send({ method: "DELETE", key });
  }
}

function refuse(place: S3Place, header: string): never {
  throw new StoreError(
    "STORE_UNUSABLE",
    `${place.name}: the server does not keep ${header} on writes; two writers would fork the log there. Use a server with conditional writes, or a folder`,
  );
}
