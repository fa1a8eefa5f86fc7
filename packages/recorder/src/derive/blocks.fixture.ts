// SPDX-License-Identifier: Apache-2.0

/** One file's life in most scenarios: a person begins it, an agent adds a function, a person changes and adds lines. */
export const BASE = `
  h import fs from "node:fs";
  h
  h start(engine);
`;
export const WITH_AI = `
  h import fs from "node:fs";
  h
  A export function readConfig(path) {
  A   const text = fs.readFileSync(path, "utf8");
  A   return JSON.parse(text);
  A }
  A
  h start(engine);
`;
export const WITH_BOTH = `
  h import fs from "node:fs";
  h
  A export function readConfig(path) {
  A   const text = fs.readFileSync(path, "utf8");
  a   return JSON.parse(text || "{}");
  A }
  A
  h start(engine);
  h stop(engine);
`;

/** Lines as nobody is known to have written them. */
export function unknown(block: string): string {
  return block.replace(/^( *)\S/gm, "$1?");
}

/** The block with a person's line above it. */
export function belowLicence(block: string): string {
  return `\n  h // a licence line\n${block.slice(1)}`;
}
