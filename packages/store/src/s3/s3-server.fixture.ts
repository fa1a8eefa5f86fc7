// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createTemporaryFolder } from "@countersign/testkit";
import { isSigned } from "./is-signed.fixture.ts";
import { parseS3Place, type S3Place } from "./s3-place.ts";

// A real S3-speaking server for tests; no product code imports this file. `s3rver` stores, lists and answers in S3's
// own words, but ignores conditions on writes, reads what is half written and checks no signature of version 4: a layer mends that,
// and can break connections.

interface InnerServer {
  readonly run: () => Promise<AddressInfo>;
  readonly close: () => Promise<void>;
}
type Inner = new (options: object) => InnerServer;

const Server: Inner | undefined = await loadServer();

/** Whether there is a server to test with. Without one, the tests of buckets skip, and whoever ran them is told. */
export const hasS3Server: boolean = Server !== undefined;

async function loadServer(): Promise<Inner | undefined> {
  try {
    // @ts-expect-error it has no types
    return (await import("s3rver")).default;
  } catch (error) {
    const isAbsent = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
    if (!isAbsent) throw error;
    process.stderr.write("SKIPPED: s3rver is not installed (npm ci), so no ledger in a bucket was tested\n");
    return undefined;
  }
}

/**
 * `lose`: carried out, and the answer never arrives. `drop`: never carried out. `deny`: carried out, and answered as if its condition had
 * not held. A number: that status, never carried out. Bytes: answered instead of what is there.
 */
export type Fault = "lose" | "drop" | "deny" | number | Uint8Array | undefined;

export interface S3Server extends AsyncDisposable {
  /** Address of a ledger for a bucket that exists. */
  readonly address: (prefix: string) => string;
  readonly place: (prefix: string) => S3Place;
  /** Asked for each request; undefined lets it pass. */
  faultOf: (method: string, path: string) => Fault;
  /** Whether the layer is there at all. */
  keepsConditions: boolean;
}

export const S3_ENV = {
  AWS_ACCESS_KEY_ID: "S3RVER",
  AWS_SECRET_ACCESS_KEY: "S3RVER",
  AWS_REGION: "us-east-1",
};

export async function startS3Server(): Promise<S3Server> {
  if (Server === undefined) throw new Error("s3rver is not installed; ask hasS3Server first");
  const folder = await createTemporaryFolder();
  const inner = new Server({
    port: 0,
    address: "127.0.0.1",
    silent: true,
    directory: folder.path,
    vhostBuckets: false,
    configureBuckets: [{ name: "ledgers", configs: [] }],
  });
  const { port: innerPort } = await inner.run();
  const etags = new Map<string, string>();
  const turns = new Map<string, Promise<unknown>>();

  async function answer(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const body = await readAll(from);
    const path = from.url ?? "";
    const method = from.method ?? "";
    if (!isSigned(from, body, S3_ENV.AWS_SECRET_ACCESS_KEY))
      return void fail(to, 403, "SignatureDoesNotMatch");
    const fault = server.faultOf(method, path);
    if (fault === "drop") return void to.destroy();
    if (typeof fault === "number") return void fail(to, fault, "SlowDown");
    if (fault instanceof Uint8Array)
      return void to.writeHead(200, { etag: etags.get(path) ?? "" }).end(fault);
    if (method === "PUT" && server.keepsConditions && isUnmet(from, etags.get(path)))
      return void (fault === "lose" ? to.destroy() : fail(to, 412, "PreconditionFailed"));
    const inside = await forward(innerPort, from, body);
    if (method === "PUT" && inside.status === 200) {
      const { pathname } = new URL(path, "http://inner");
      await untilWritten(`${join(folder.path, decodeURIComponent(pathname))}._S3rver_object`, body);
      etags.set(path, String(inside.headers.etag));
    }
    if (method === "DELETE") etags.delete(path);
    if (fault === "lose") return void to.destroy();
    if (fault === "deny") return void fail(to, 412, "PreconditionFailed");
    to.writeHead(inside.status, inside.headers).end(inside.body);
  }

  const layer = createServer((from, to) => {
    // One request about an object at a time: s3rver writes in place, and a reader would see half of it, as never in S3.
    const key = from.url ?? "";
    const turn = (turns.get(key) ?? Promise.resolve())
      .then(() => answer(from, to))
      .catch(() => void to.destroy());
    turns.set(key, turn);
  });
  await new Promise<void>((resolve) => layer.listen(0, "127.0.0.1", resolve));
  const { port } = layer.address() as AddressInfo;
  const address = (prefix: string) =>
    `s3://ledgers/${prefix}?endpoint=${encodeURIComponent(`http://127.0.0.1:${port}`)}`;
  const server: S3Server = {
    address,
    place: (prefix) => parseS3Place(address(prefix), S3_ENV),
    faultOf: () => undefined,
    keepsConditions: true,
    [Symbol.asyncDispose]: async () => {
      layer.closeAllConnections();
      await new Promise((resolve) => layer.close(resolve));
      await inner.close();
      await folder.remove();
    },
  };
  return server;
}

/** s3rver answers before all that it was given is in its file; S3 never does. */
async function untilWritten(file: string, body: Buffer): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    const written = await readFile(file).catch(() => undefined);
    if (written?.equals(body)) return;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  throw new Error(`${file} does not hold what was put there`);
}

function isUnmet({ headers }: IncomingMessage, etag: string | undefined): boolean {
  if (headers["if-none-match"] === "*" && etag !== undefined) return true;
  return headers["if-match"] !== undefined && headers["if-match"] !== etag;
}

function fail(to: ServerResponse, status: number, code: string): void {
  to.writeHead(status, { "content-type": "application/xml" }).end(`<Error><Code>${code}</Code></Error>`);
}

async function readAll(from: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of from) parts.push(part);
  return Buffer.concat(parts);
}

interface Inside {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

function forward(port: number, from: IncomingMessage, body: Buffer): Promise<Inside> {
  return new Promise((resolve, reject) => {
    // The Host as the client signed it.
    const { method, url, headers } = from;
    const to = request({ host: "127.0.0.1", port, method, path: url, headers }, (response) => {
      readAll(response).then(
        (read) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: read }),
        reject,
      );
    });
    to.on("error", reject).end(body);
  });
}
