// SPDX-License-Identifier: Apache-2.0
import { StoreError } from "../store-error.ts";

/** Where a bucket is, and as whom to ask it. */
export interface S3Place {
  /** For messages: `s3://bucket/prefix`, never a credential. */
  readonly name: string;
  /** Of the bucket, path style, without a slash at its end. */
  readonly bucketUrl: string;
  /** Empty, or segments with a slash after each. */
  readonly prefix: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const SEGMENT = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/**
 * `s3://bucket/prefix[?endpoint=URL&region=NAME]`, with the credentials that the environment holds under the usual AWS
 * names. Throws StoreError STORE_UNUSABLE, which says what is missing and never what a secret was.
 */
export function parseS3Place(address: string, env: Readonly<Record<string, string | undefined>>): S3Place {
  const [, bucket = "", path = "", query = ""] =
    /^s3:\/\/([^/?#@]*)\/?([^?#]*)(?:\?([^#]*))?$/.exec(address) ?? [];
  const segments = path.split("/").filter((segment) => segment !== "");
  if (!BUCKET.test(bucket) || !segments.every((segment) => SEGMENT.test(segment)))
    refuse("the ledger's place must look like s3://bucket/prefix, without credentials in it");
  const options = new URLSearchParams(query);
  for (const name of options.keys())
    if (name !== "endpoint" && name !== "region") refuse("an s3:// place takes only ?endpoint= and ?region=");
  const region = options.get("region") ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? "us-east-1";
  if (!/^[a-z0-9-]+$/.test(region)) refuse("the region must be a name such as eu-central-1");
  const named = options.get("endpoint") ?? env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL;
  const endpoint = checkEndpoint(named ?? `https://s3.${region}.amazonaws.com`);
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  if (!accessKeyId || !secretAccessKey)
    refuse("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment to reach an s3:// ledger");
  return {
    name: `s3://${[bucket, ...segments].join("/")}`,
    bucketUrl: `${endpoint}/${bucket}`,
    prefix: segments.map((segment) => `${segment}/`).join(""),
    region,
    accessKeyId,
    secretAccessKey,
    sessionToken: env.AWS_SESSION_TOKEN || undefined,
  };
}

/** Unencrypted only on this machine: a session token would be anybody's. */
function checkEndpoint(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url?.username === "" && url.password === "" && url.search === "" && url.hash === "";
  const isSafe = url?.protocol === "https:" || (url?.protocol === "http:" && LOOPBACK.test(url.hostname));
  if (url === undefined || !isPlain || !isSafe)
    refuse(
      "the endpoint must be an https:// address (http:// only on this machine) without credentials in it",
    );
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

function refuse(message: string): never {
  throw new StoreError("STORE_UNUSABLE", message);
}
