// SPDX-License-Identifier: Apache-2.0
import { once } from "../ids/once.ts";
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

const toolsById = once(
  () => new Map(TOOLS.map((definition): [string, ToolDefinition] => [definition.tool, definition])),
);

const toolsByName = once((): ReadonlyMap<string, NamedTool> => {
  const names = new Map<string, NamedTool>();
  // First entry wins, so that a tool's id listed as ambiguous stays so.
  const add = (name: string, tool: NamedTool) => {
    const key = toWords(name).join(" ");
    if (!names.has(key)) names.set(key, tool);
  };
  for (const { tool, vendor, ambiguous, names: own } of TOOLS) {
    for (const name of ambiguous) add(name, { tool, vendor, isAmbiguous: true, isGeneric: false });
    for (const name of [tool, ...own]) add(name, { tool, vendor, isAmbiguous: false, isGeneric: false });
  }
  for (const name of GENERIC_NAMES) add(name, GENERIC_TOOL);
  return names;
});

const LONGEST_NAME = 5;

export function findTool(id: string): ToolDefinition | undefined {
  return toolsById().get(id);
}

/** The tool whose name is exactly these words. */
export function findNamedTool(words: readonly string[]): NamedTool | undefined {
  return words.length === 0 || words.length > LONGEST_NAME ? undefined : toolsByName().get(words.join(" "));
}

/** The longest tool name that the words begin with, and how many words it takes. */
export function findLeadingTool(words: readonly string[]): { tool: NamedTool; length: number } | undefined {
  for (let length = Math.min(words.length, LONGEST_NAME); length > 0; length--) {
    const tool = toolsByName().get(words.slice(0, length).join(" "));
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
