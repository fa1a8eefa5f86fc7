// SPDX-License-Identifier: Apache-2.0
import { type Impact, NO_IMPACT } from "../infrastructure/index.ts";
import { displayText } from "./display-text.ts";
import { foremostFirst, MOST_RESOURCES } from "./foremost-first.ts";
import type { Palette } from "./palette.ts";
import { testedSuffix } from "./tested-text.ts";
import { wrapText } from "./text-layout.ts";

/** What a person signs for, in the verdict at a terminal: the dangerous first, the rest counted. */
export function impactLines(
  impact: Impact = NO_IMPACT,
  { palette, width }: { readonly palette: Palette; readonly width: number },
): string[] {
  const { shown, rest } = foremostFirst(impact.resources);
  const lines = shown.flatMap(({ action, type, name, path, lines: ranges, dangers, ai, ...resource }) => {
    const isDangerous = dangers.length > 0;
    const where = `${displayText(path, 120)}${ranges[0] === undefined ? "" : `:${ranges[0][0]}`}`;
    const what = displayText([type, name].filter(Boolean).join("."), 160);
    const share = ai.lines === 0 ? "" : `, AI ${ai.lines} of ${ai.of} lines`;
    return [
      `${isDangerous ? palette.bad("!") : palette.faint("·")} ${action} ${what} ${palette.faint(`(${where}${share}${testedSuffix(resource)})`)}`,
      ...dangers.flatMap(({ code, reason }) =>
        wrapText(`${code}: ${displayText(reason, 300)}`, Math.max(40, width - 6)).map(
          (line) => `    ${line}`,
        ),
      ),
    ];
  });
  const unparsed = impact.unparsed
    .slice(0, MOST_RESOURCES)
    .flatMap(({ path, reason }) =>
      wrapText(`${displayText(path, 120)}: ${displayText(reason, 300)}`, Math.max(40, width - 4)).map(
        (line, i) => `${i === 0 ? palette.wait("?") : " "} ${line}`,
      ),
    );
  const left = rest + Math.max(0, impact.unparsed.length - MOST_RESOURCES);
  return [
    ...lines,
    ...unparsed,
    ...(left === 0 ? [] : [`  and ${left} more; \`countersign impact\` lists all`]),
  ];
}
