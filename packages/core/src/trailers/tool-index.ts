// SPDX-License-Identifier: Apache-2.0
import { toWords } from "./fold.ts";
import type { MarkerKind, ToolDefinition } from "./marker.ts";
import { GENERIC_NAMES, TOOLS } from "./registry.ts";

export interface NamedTool {
  readonly tool: string;
  readonly vendor: string | null;
  /** People or things bear the name too. */
  readonly isAmbiguous: boolean;
  readonly isGeneric: boolean;
}

/** An AI that is claimed but not named. */
export const GENERIC_TOOL: NamedTool = { tool: "ai", vendor: null, isAmbiguous: false, isGeneric: true };

const NAMES = new Map<string, NamedTool>();
const BY_ID = new Map<string, ToolDefinition>();
for (const definition of TOOLS) {
  const { tool, vendor } = definition;
  BY_ID.set(tool, definition);
  for (const name of definition.ambiguous) add(name, { tool, vendor, isAmbiguous: true, isGeneric: false });
  for (const name of [tool, ...definition.names])
    add(name, { tool, vendor, isAmbiguous: false, isGeneric: false });
}
for (const name of GENERIC_NAMES) add(name, GENERIC_TOOL);

/** First entry wins, so that a tool's id listed as ambiguous stays so. */
function add(name: string, tool: NamedTool): void {
  const key = toWords(name).join(" ");
  if (!NAMES.has(key)) NAMES.set(key, tool);
}

const LONGEST_NAME = 5;

export function findTool(id: string): ToolDefinition | undefined {
  return BY_ID.get(id);
}

/** The tool whose name is exactly these words. */
export function findNamedTool(words: readonly string[]): NamedTool | undefined {
  return words.length === 0 || words.length > LONGEST_NAME ? undefined : NAMES.get(words.join(" "));
}

/** The longest tool name that the words begin with, and how many words it takes. */
export function findLeadingTool(words: readonly string[]): { tool: NamedTool; length: number } | undefined {
  for (let length = Math.min(words.length, LONGEST_NAME); length > 0; length--) {
    const tool = NAMES.get(words.slice(0, length).join(" "));
    if (tool !== undefined) return { tool, length };
  }
  return undefined;
}

/** Every pattern of one kind with its tool, for the kinds that are looked up whole. */
export function indexMarkers(...kinds: readonly MarkerKind[]): ReadonlyMap<string, ToolDefinition> {
  const index = new Map<string, ToolDefinition>();
  for (const definition of TOOLS) {
    for (const [kind, pattern] of definition.markers)
      if (kinds.includes(kind)) index.set(pattern, definition);
  }
  return index;
}
