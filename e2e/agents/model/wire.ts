// SPDX-License-Identifier: Apache-2.0
import type { ServerResponse } from "node:http";

export type Json = Readonly<Record<string, unknown>>;

/** The parts of a message, or none where it is plain text. */
export function partsOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isJson) : [];
}

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function mentions(value: unknown, word: string): boolean {
  return (JSON.stringify(value) ?? "").includes(word);
}

let sequence = 0;
/** Ids are unique over all answers of this process. */
export function nextId(prefix: string): string {
  sequence += 1;
  return `${prefix}_scripted${String(sequence).padStart(4, "0")}`;
}

export function sendJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(value));
}

/** Server-sent events; `type` of the value, if any, becomes the event's name. */
export function sendEvent(response: ServerResponse, value: Json | "[DONE]"): void {
  if (!response.headersSent)
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  const name = value !== "[DONE]" && typeof value.type === "string" ? `event: ${value.type}\n` : "";
  response.write(`${name}data: ${value === "[DONE]" ? value : JSON.stringify(value)}\n\n`);
}
