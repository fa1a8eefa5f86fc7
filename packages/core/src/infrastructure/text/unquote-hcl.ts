// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, toLiteral } from "../configuration-value.ts";
import { toEmbedded } from "./json-value.ts";

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))/gs;
const NAMED: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

/** A quoted template as a value; one with interpolations is known but for these, which stay as written. */
export function unquoteHcl(quoted: string): ConfigurationValue {
  const inner = quoted.slice(1, quoted.endsWith('"') && quoted.length > 1 ? -1 : undefined);
  const content = inner.includes("\\") ? inner.replace(ESCAPE, toCharacter) : inner;
  const value = toLiteral(content.replace(/\$\$\{/g, "${").replace(/%%\{/g, "%{"), quoted);
  return toEmbedded(value);
}

function toCharacter(_: string, short?: string, long?: string, other = ""): string {
  const code = Number.parseInt(short ?? long ?? "", 16);
  if (code <= 0x10ffff) return String.fromCodePoint(code);
  return NAMED.get(other) ?? other;
}
