// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from "node:timers/promises";
import { sha256Hex } from "@countersign/core/ids";
import { AwsV4Signer } from "aws4fetch";
import { StoreError } from "../store-error.ts";
import type { S3Place } from "./s3-place.ts";

export interface S3Request {
  readonly method: "GET" | "HEAD" | "PUT" | "DELETE";
  /** Object under the place's prefix, or the bucket itself with a query. */
  readonly key?: string;
  readonly query?: string;
  readonly condition?: { readonly "if-none-match": "*" } | { readonly "if-match": string };
  readonly body?: Uint8Array<ArrayBuffer>;
}

export interface S3Answer {
  readonly status: number;
  readonly etag: string | undefined;
  readonly body: Uint8Array;
  /** An earlier attempt ended without an answer that counts: it may have been carried out all the same. */
  readonly isRepeated: boolean;
}

export interface S3Options {
  /** Attempts for one request, the first included; default 6. */
  readonly tries?: number;
  /** Wait before the second attempt in milliseconds, doubled for each further one; default 100. */
  readonly delayMs?: number;
  /** For one attempt, in milliseconds; default 20,000. */
  readonly timeoutMs?: number;
}

/** Sends one request until it has an answer that counts: 2xx, 404 of an object, or 412 of a condition. Throws StoreError STORE_UNUSABLE otherwise. */
export type SendToS3 = (request: S3Request) => Promise<S3Answer>;

const WHY: Readonly<Record<string, string>> = {
  NoSuchBucket: "the bucket does not exist; make it first",
  PermanentRedirect: "the bucket is in another region; set AWS_REGION or ?region=",
  TemporaryRedirect: "the bucket is in another region; set AWS_REGION or ?region=",
  AuthorizationHeaderMalformed: "the bucket is in another region; set AWS_REGION or ?region=",
  RequestTimeTooSkewed: "this machine's clock is wrong; set it, then try again",
  InvalidAccessKeyId: "the access key is not known there; see AWS_ACCESS_KEY_ID",
  SignatureDoesNotMatch: "the secret key is not the access key's; see AWS_SECRET_ACCESS_KEY",
  ExpiredToken: "the session has expired; see AWS_SESSION_TOKEN",
  AccessDenied: "access is denied; reading, writing, listing and deleting under the prefix are needed",
  NotImplemented: "the server has no conditional writes, without which two writers would fork the log",
};

export function createS3Client(place: S3Place, options: S3Options = {}): SendToS3 {
  const { tries = 6, delayMs = 100, timeoutMs = 20_000 } = options;
  return async (request) => {
    let isRepeated = false;
    for (let attempt = 1; ; attempt++) {
      const answer = await tryOnce(place, request, timeoutMs);
      if (typeof answer !== "string") {
        if (isFinal(request, answer)) return { ...answer, isRepeated };
        if (!isTransient(answer.status)) throw failure(place, answer);
      }
      if (attempt >= tries) {
        const last = typeof answer === "string" ? answer : `status ${answer.status}`;
        throw new StoreError("STORE_UNUSABLE", `${place.name} does not answer (${last}, ${tries} attempts)`);
      }
      isRepeated = true;
      // Half of the wait by chance, so that writers who met once do not meet again.
      await delay(delayMs * 2 ** (attempt - 1) * (0.5 + Math.random() / 2));
    }
  };
}

type Attempt = Omit<S3Answer, "isRepeated">;

async function tryOnce(place: S3Place, request: S3Request, timeoutMs: number): Promise<Attempt | string> {
  const { method, key, query, condition, body } = request;
  const path = key === undefined ? "" : `/${place.prefix}${key}`;
  const { region, accessKeyId, secretAccessKey, sessionToken } = place;
  const signed = await new AwsV4Signer({
    method,
    url: `${place.bucketUrl}${path}${query === undefined ? "" : `?${query}`}`,
    headers: { ...condition, "x-amz-content-sha256": sha256Hex(body ?? new Uint8Array(0)) },
    service: "s3",
    region,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
    ...(body === undefined ? {} : { body }),
  }).sign();
  try {
    const response = await fetch(signed.url, {
      method,
      headers: signed.headers,
      // A redirect would carry the signature to a host that nobody named.
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body }),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    return { status: response.status, etag: response.headers.get("etag") ?? undefined, body: bytes };
  } catch (error) {
    // `fetch` tells of a broken connection as a TypeError, and of the time limit by name.
    if (error instanceof TypeError) return "no connection";
    if (error instanceof Error && error.name === "TimeoutError") return "too slow";
    throw error;
  }
}

/** 404 of a bucket is no answer about an object; HEAD has no body to tell them apart, and is never the last word. */
function isFinal({ method, condition }: S3Request, answer: Attempt): boolean {
  if (answer.status >= 200 && answer.status < 300) return true;
  if (answer.status === 412) return condition !== undefined;
  if (answer.status !== 404) return false;
  if (method === "HEAD") return true;
  // What is gone matches nothing; a plain write has no such answer.
  const isAsked = method !== "PUT" || (condition !== undefined && "if-match" in condition);
  return isAsked && codeOf(answer) === "NoSuchKey";
}

/** 409: another conditional request was under way. */
function isTransient(status: number): boolean {
  return status === 408 || status === 409 || status === 429 || (status >= 500 && status !== 501);
}

function failure(place: S3Place, answer: Attempt): StoreError {
  const code = codeOf(answer);
  const why = WHY[code] ?? (answer.status >= 300 && answer.status < 400 ? WHY.PermanentRedirect : undefined);
  const told = why ?? `the server refuses (status ${answer.status})`;
  return new StoreError("STORE_UNUSABLE", `${place.name}: ${told}${code === "" ? "" : ` [${code}]`}`);
}

function codeOf({ body }: Attempt): string {
  return /<Code>([A-Za-z]{1,60})<\/Code>/.exec(Buffer.from(body.subarray(0, 4096)).toString())?.[1] ?? "";
}
