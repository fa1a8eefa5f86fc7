// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { MOST_BODY, readBody } from "./read-body.ts";
import type { Certificate } from "./read-certificate.ts";
import type { Reply, Route } from "./reply.ts";

export interface ServerOptions {
  readonly host: string;
  readonly port: number;
  readonly certificate: Certificate;
  /** By path; each takes POST of JSON alone. */
  readonly routes: ReadonlyMap<string, Route>;
  readonly warn: (line: string) => void;
}

export interface OpenServer {
  readonly port: number;
  /** For what connects from now on. */
  readonly useCertificate: (certificate: Certificate) => void;
  /** Takes no more connections, and resolves when those that are open have their answer. */
  readonly close: () => Promise<void>;
}

/** Milliseconds: who sends slowly holds a connection no longer than this. */
const MOST_HEADER_WAIT = 5_000;
const MOST_REQUEST_WAIT = 15_000;
const MOST_CONNECTIONS = 256;

/** HTTPS only: what an API server asks holds names and users, and whoever could change an answer could let anything in. */
export async function openServer(options: ServerOptions): Promise<OpenServer> {
  const { host, port, certificate, warn } = options;
  const isMutual = certificate.ca !== undefined;
  const server = createServer(
    {
      ...certificate,
      minVersion: "TLSv1.2",
      requestCert: isMutual,
      rejectUnauthorized: isMutual,
      handshakeTimeout: MOST_HEADER_WAIT,
      headersTimeout: MOST_HEADER_WAIT,
      requestTimeout: MOST_REQUEST_WAIT,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 16 * 1024,
    },
    (request, response) => {
      answer(options, request, response).catch((error: unknown) => warn(`a request was given up: ${error}`));
    },
  );
  server.maxConnections = MOST_CONNECTIONS;
  server.on("tlsClientError", () => undefined);
  server.listen(port, host);
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    useCertificate: (next) => server.setSecureContext({ ...next, minVersion: "TLSv1.2" }),
    close: async () => {
      server.close();
      server.closeIdleConnections();
      await once(server, "close");
    },
  };
}

async function answer(
  options: ServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, body, type = "text/plain" } = await toReply(options, request);
  response.writeHead(status, {
    "content-type": `${type}; charset=utf-8`,
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
    // A body that was not read to its end would be taken for the next request.
    ...(!request.complete && { connection: "close" }),
  });
  response.end(body);
}

async function toReply({ routes, warn }: ServerOptions, request: IncomingMessage): Promise<Reply> {
  const path = (request.url ?? "").split("?", 1)[0] ?? "";
  if (path === "/healthz") return { status: 200, body: "ok\n" };
  const route = routes.get(path);
  if (route === undefined) return { status: 404, body: "nothing is here\n" };
  if (request.method !== "POST") return { status: 405, body: "expected POST\n" };
  if (!/^application\/(?:json|vnd\.api\+json)(?:;|$)/i.test(request.headers["content-type"] ?? ""))
    return { status: 415, body: "expected application/json\n" };
  const body = await readBody(request);
  if (body === undefined) return { status: 413, body: `more than ${MOST_BODY} bytes\n` };
  try {
    return await route({ body, headers: request.headers });
  } catch (error) {
    warn(`${path}: ${error instanceof Error ? error.message : error}`);
    return { status: 500, body: "this could not be answered\n" };
  }
}
