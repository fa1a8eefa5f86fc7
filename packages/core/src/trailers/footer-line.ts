// SPDX-License-Identifier: Apache-2.0
import { toWords } from "./fold.ts";
import { once } from "./once.ts";
import { TOOLS } from "./registry.ts";
import { findLeadingTool, findTool } from "./tool-index.ts";

/** A line that a tool leaves under a message without a trailer's form. */
export interface FooterLine {
  readonly tool: string;
  readonly vendor: string;
  readonly convention: "footer" | "session-link";
}

const VERBS = new Set([
  "generated",
  "made",
  "created",
  "written",
  "authored",
  "built",
  "coded",
  "co-authored",
]);
const JOINS = new Set(["with", "by", "using"]);
/** Longest line that can be a footer; longer ones are prose. */
const LINE_LIMIT = 300;

const links = once(() =>
  TOOLS.flatMap((tool) =>
    tool.markers
      .filter(([kind]) => kind === "session-link")
      .map(([, pattern]) => ({ tool, prefix: pattern.replace(/\*$/, "") })),
  ),
);
const FOOTERS = TOOLS.flatMap((tool) =>
  tool.markers
    .filter(([kind]) => kind === "footer")
    .map(([, pattern]) => ({ tool, words: toWords(pattern) })),
);
const phrases = once(() => Map.groupBy(FOOTERS, ({ words }) => words[0] ?? ""));

/** First words of any footer, for the quick rejection of ordinary lines. */
export const FOOTER_WORDS: ReadonlySet<string> = new Set([
  ...FOOTERS.map(({ words }) => words[0] ?? ""),
  ...VERBS,
  "https",
  "link",
]);

export function parseFooterLine(line: string): FooterLine | undefined {
  const text = line.slice(0, LINE_LIMIT).replace(/^[^\p{L}]+/u, "");
  const link = findLink(text, line);
  if (link !== undefined) return link;
  const isListed = /^\s*[-*+•]\s/.test(line);
  const label = text.replace(/\]\([^)]*\)|\(?https?:\/\/\S*/g, " ");
  const words = toWords(label);
  const phrase = (phrases().get(words[0] ?? "") ?? []).find((it) =>
    it.words.every((word, i) => words[i] === word),
  );
  const isEnd = (count: number) =>
    words.length === count || words[count] === "via" || words[count] === "agent";
  if (phrase !== undefined && (!isListed || isEnd(phrase.words.length)) && line.length <= LINE_LIMIT) {
    return { tool: phrase.tool.tool, vendor: phrase.tool.vendor, convention: "footer" };
  }
  if (!VERBS.has(words[0] ?? "") || !JOINS.has(words[1] ?? "")) return undefined;
  const lead = findLeadingTool(words.slice(2, 7));
  if (lead === undefined || lead.tool.isGeneric || !isEnd(2 + lead.length)) return undefined;
  const tool = findTool(lead.tool.tool);
  return tool === undefined ? undefined : { tool: tool.tool, vendor: tool.vendor, convention: "footer" };
}

/** A link to a session, alone on its line: in a sentence it may be any citation. */
function findLink(text: string, line: string): FooterLine | undefined {
  const start = text.toLowerCase();
  for (const { tool, prefix } of links()) {
    if (!start.startsWith(prefix) || /\s/.test(line.slice(line.length - text.length + prefix.length).trim()))
      continue;
    if (text.length > prefix.length)
      return { tool: tool.tool, vendor: tool.vendor, convention: "session-link" };
  }
  return undefined;
}
