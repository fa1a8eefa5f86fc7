// SPDX-License-Identifier: Apache-2.0
import { AgentError } from "../agent-error.ts";
import { isObject, type JsonObject } from "./json-value.ts";

/** In characters. Agents send whole files, before and after; beyond this it is no edit that a person could review. */
export const MAX_PAYLOAD = 64 * 1024 * 1024;

/** @throws AgentError PAYLOAD_TOO_LARGE, PAYLOAD_MALFORMED */
export function parsePayload(text: string): JsonObject {
  if (text.length > MAX_PAYLOAD)
    throw new AgentError("PAYLOAD_TOO_LARGE", `the payload is larger than ${MAX_PAYLOAD} characters`);
  const bare = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const value = parseJson(bare) ?? parseJson(escapeControls(bare));
  if (!isObject(value)) throw new AgentError("PAYLOAD_MALFORMED", "the payload is not a JSON object");
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Windsurf puts line ends and tabs into JSON strings as they are; outside strings they are blanks and stay. */
function escapeControls(text: string): string {
  const parts: string[] = [];
  let isInString = false;
  let from = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) isInString = !isInString;
    else if (code === 0x5c && isInString) index++;
    else if (code < 0x20 && isInString) {
      parts.push(text.slice(from, index), `\\u${code.toString(16).padStart(4, "0")}`);
      from = index + 1;
    }
  }
  parts.push(text.slice(from));
  return parts.join("");
}
