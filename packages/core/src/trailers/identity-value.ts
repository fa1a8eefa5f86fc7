// SPDX-License-Identifier: Apache-2.0
import type { Identity } from "../ids/index.ts";

/** Longest name or address kept; what a person reads never needs more. */
export const IDENTITY_LIMIT = 512;

export interface IdentityValue extends Identity {
  /** Text after the address, such as prose that went on: then the line is no trailer. */
  readonly rest: string;
}

/** An identity that a trailer names, and where. */
export interface TrailerIdentity extends Identity {
  /** 1-based. */
  readonly line: number;
  readonly isAi: boolean;
}

/** Reads `Name <mail>` as people and forges really write it: HTML-escaped, a bracket missing, mail alone, name alone. */
export function parseIdentityValue(value: string): IdentityValue {
  const text = unescapeHtml(value.slice(0, 2 * IDENTITY_LIMIT)).trim();
  const open = text.indexOf("<");
  if (open >= 0) {
    const close = text.indexOf(">", open);
    const email = close < 0 ? text.slice(open + 1) : text.slice(open + 1, close);
    const rest = close < 0 ? "" : text.slice(close + 1).trim();
    return limit(text.slice(0, open), email.replace(/^mailto:/i, ""), rest);
  }
  const last = text.slice(text.lastIndexOf(" ") + 1).replace(/[>)\]]+$/, "");
  if (/^[^\s@]+@[^\s@]+$/.test(last))
    return limit(text.slice(0, Math.max(text.lastIndexOf(" "), 0)), last, "");
  return limit(text, "", "");
}

function limit(name: string, email: string, rest: string): IdentityValue {
  const bare = name.trim().replace(/^["'*]+|["'*]+$/g, "");
  return { name: bare.slice(0, IDENTITY_LIMIT), email: email.trim().slice(0, IDENTITY_LIMIT), rest };
}

function unescapeHtml(text: string): string {
  if (!text.includes("&")) return text;
  return text
    .replace(/&lt;|&#0*60;|&#x0*3c;/gi, "<")
    .replace(/&gt;|&#0*62;|&#x0*3e;/gi, ">")
    .replace(/&amp;/gi, "&");
}
