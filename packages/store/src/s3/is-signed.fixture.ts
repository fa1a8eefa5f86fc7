// SPDX-License-Identifier: Apache-2.0
import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage } from "node:http";

// AWS Signature Version 4 as a server checks it, from its specification and not from the client's library; for tests.

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=[^/]+\/(\d{8})\/([a-z0-9-]+)\/s3\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;

/** Whether the request is signed with the secret, over its body and every condition. */
export function isSigned({ method, url, headers }: IncomingMessage, body: Buffer, secret: string): boolean {
  const [, day = "", region = "", names = "", signature] =
    AUTHORIZATION.exec(headers.authorization ?? "") ?? [];
  const signed = names.split(";");
  const needed = ["host", "x-amz-content-sha256", "x-amz-date"];
  for (const name of ["if-match", "if-none-match"]) if (headers[name] !== undefined) needed.push(name);
  const bodyHash = createHash("sha256").update(body).digest("hex");
  if (!needed.every((name) => signed.includes(name)) || headers["x-amz-content-sha256"] !== bodyHash)
    return false;
  const { pathname, searchParams } = new URL(url ?? "", "http://server");
  const query = [...searchParams]
    .map((pair) => pair.map(encodeURIComponent).join("="))
    .sort()
    .join("&");
  const lines = signed.map((name) => `${name}:${String(headers[name]).trim()}\n`).join("");
  const request = [method, pathname, query, lines, names, bodyHash].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const requestHash = createHash("sha256").update(request).digest("hex");
  const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, requestHash].join("\n");
  const hmac = (key: string | Buffer, data: string) => createHmac("sha256", key).update(data).digest();
  const key = [day, region, "s3", "aws4_request"].reduce<string | Buffer>(hmac, `AWS4${secret}`);
  return hmac(key, text).toString("hex") === signature;
}
