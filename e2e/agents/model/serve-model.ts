// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import { appendFile, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { ANTHROPIC } from "./anthropic.ts";
import { CHAT_COMPLETIONS } from "./chat-completions.ts";
import type { Play } from "./conversation.ts";
import { GEMINI } from "./gemini.ts";
import { RESPONSES } from "./responses.ts";
import { isJson, type Json, sendJson } from "./wire.ts";

const PROTOCOLS = [ANTHROPIC, RESPONSES, CHAT_COMPLETIONS, GEMINI];

export interface ModelServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly close: () => void;
}

export interface ModelServerOptions {
  readonly play: Play;
  /** Models it claims to have. */
  readonly models: readonly string[];
  /** Folder for a log of the requests and their bodies. */
  readonly log: string;
}

/** A model on loopback that follows a script, in four protocols. It knows nothing but what is in each request. */
export async function serveModel(options: ModelServerOptions): Promise<ModelServer> {
  let count = 0;
  const server = createServer((request, response) => {
    count += 1;
    answer(request, response, options, count).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else sendJson(response, { error: { type: "scripted_failure", message: String(error) } }, 500);
    });
  });
  // No websockets: who tries one falls back to plain requests.
  server.on("upgrade", (_, socket) => socket.end("HTTP/1.1 404 Not Found\r\n\r\n"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { play, models, log }: ModelServerOptions,
  count: number,
): Promise<void> {
  const text = await readText(request);
  const path = new URL(request.url ?? "/", "http://127.0.0.1").pathname;
  const body = parseBody(text);
  const number = String(count).padStart(3, "0");
  await appendFile(
    join(log, "requests.log"),
    `${number} ${request.method} ${path} ${String(body.model ?? "")}\n`,
  );
  await writeFile(join(log, `request-${number}.json`), text);
  const protocol = request.method === "POST" ? PROTOCOLS.find(({ isFor }) => isFor(path)) : undefined;
  if (protocol !== undefined) {
    const turn = await play(protocol.readConversation({ path, body }));
    return protocol.sendTurn(response, turn, { path, body });
  }
  if (path.endsWith(":countTokens")) return sendJson(response, { totalTokens: 100 });
  if (path.endsWith("/count_tokens")) return sendJson(response, { input_tokens: 100 });
  if (path.endsWith("/models")) {
    const data = models.map((id) => ({ id, object: "model", owned_by: "scripted" }));
    return sendJson(response, { object: "list", data });
  }
  if (request.method === "HEAD" || path === "/") return sendJson(response, {});
  const message = `the scripted model has no ${request.method} ${path}`;
  sendJson(response, { error: { type: "not_found_error", message } }, 404);
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function parseBody(text: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    return isJson(value) ? value : {};
  } catch {
    return {};
  }
}
