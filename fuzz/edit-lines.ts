// SPDX-License-Identifier: Apache-2.0
import type { LineRegistry, Writer } from "./line-registry.ts";
import type { Random } from "./random.ts";

/** Lines without their ends. */
export type Lines = readonly string[];

/** One writer's edit: inserts, changes in place, deletes or replaces a few lines. Never empties the file. */
export function editLines(random: Random, registry: LineRegistry, lines: Lines, writer: Writer): Lines {
  const kind = random.below(lines.length === 0 ? 1 : 10);
  if (kind <= 4) return insert(random, registry, lines, writer);
  const at = random.below(lines.length);
  const line = lines[at] ?? "";
  if (kind <= 6 && isWhole(line)) return replaceAt(lines, at, [registry.revise(line, writer)]);
  if (kind <= 7) return replaceAt(lines, at, [registry.write(writer)]);
  return lines.length < 4 ? insert(random, registry, lines, writer) : replaceAt(lines, at, []);
}

function insert(random: Random, registry: LineRegistry, lines: Lines, writer: Writer): Lines {
  const at = random.below(lines.length + 1);
  const fresh = Array.from({ length: 1 + random.below(4) }, () => registry.write(writer));
  return [...lines.slice(0, at), ...fresh, ...lines.slice(at)];
}

/** A statement with enough words that one more or less leaves it the same statement. */
function isWhole(line: string): boolean {
  return [...line.matchAll(/[a-z]{6}/g)].length >= 4;
}

function replaceAt(lines: Lines, at: number, fresh: Lines): Lines {
  return [...lines.slice(0, at), ...fresh, ...lines.slice(at + 1)];
}
