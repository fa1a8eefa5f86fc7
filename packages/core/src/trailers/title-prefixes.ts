// SPDX-License-Identifier: Apache-2.0
import { TOOLS } from "./registry.ts";

/** Titles that a tool begins in its own way, such as `aider: `; weak. */
export const TITLE_PREFIXES = TOOLS.flatMap((tool) =>
  tool.markers
    .filter(([kind]) => kind === "title-prefix")
    .map(([, prefix]) => ({ tool: { tool: tool.tool, vendor: tool.vendor }, prefix: `${prefix} ` })),
);

const FIRST_LETTERS = new Set(TITLE_PREFIXES.map(({ prefix }) => prefix.charCodeAt(0)));

/** Whether the title may begin in such a way; true too often, never too seldom. Spares a fold of every title there is. */
export function mayHavePrefix(title: string): boolean {
  const first = title.charCodeAt(0) | 0x20;
  return first >= 128 || FIRST_LETTERS.has(first);
}
