// SPDX-License-Identifier: Apache-2.0
import { type Impact, NO_IMPACT } from "../infrastructure/index.ts";
import { foremostFirst, MOST_RESOURCES } from "./foremost-first.ts";
import { markdownCode, markdownText } from "./markup-text.ts";
import { testedSuffix } from "./tested-text.ts";

/** The same as cells of a table: mark, resource with its place, AI lines, dangers. */
export function impactRows(impact: Impact = NO_IMPACT): string[][] {
  const { shown, rest } = foremostFirst(impact.resources);
  const rows = shown.map(({ action, type, name, path, lines, dangers, ai, ...resource }) => [
    dangers.length > 0 ? "❗" : "",
    `${action} ${markdownCode([type, name].filter(Boolean).join("."), 160)}<br>${markdownCode(`${path}:${lines[0]?.[0] ?? 1}`, 200)}${testedSuffix(resource)}`,
    `${ai.lines} of ${ai.of}`,
    dangers.map(({ code, reason }) => `${markdownCode(code, 40)} ${markdownText(reason, 300)}`).join("<br>"),
  ]);
  const unparsed = impact.unparsed
    .slice(0, MOST_RESOURCES)
    .map(({ path, reason, ai }) => [
      "❔",
      markdownCode(path, 200),
      `${ai.lines} of ${ai.of}`,
      markdownText(reason, 300),
    ]);
  const left = rest + Math.max(0, impact.unparsed.length - MOST_RESOURCES);
  return [...rows, ...unparsed, ...(left === 0 ? [] : [["", `and ${left} more`, "", ""]])];
}
