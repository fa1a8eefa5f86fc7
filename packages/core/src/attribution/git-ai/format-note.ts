// SPDX-License-Identifier: Apache-2.0
import { CoreError } from "../../ids/index.ts";
import {
  GIT_AI_SCHEMA,
  type GitAiEntry,
  type GitAiNote,
  type GitAiPrompt,
  type GitAiRange,
  type GitAiSession,
} from "./note.ts";
import { findPathObstacle, formatNotePath } from "./note-path.ts";

/**
 * The note's text, byte for byte as git-ai's own writer has it: no line end after the last brace, two blanks a level,
 * members in its order, maps by key. Throws CoreError NOTE_MALFORMED on what would not be read back as it is given: a
 * path that {@link findPathObstacle} objects to, a key with a blank, a range that is none.
 */
export function formatGitAiNote(note: GitAiNote): string {
  const lines: string[] = [];
  for (const { path, entries } of note.files) {
    const obstacle = findPathObstacle(path);
    if (obstacle !== undefined) throw refuse(`cannot hold a file: ${obstacle}`);
    if (entries.length === 0) continue;
    lines.push(formatNotePath(path), ...entries.map(formatEntry));
  }
  return [...lines, "---", formatPretty(toMembers(note), "")].join("\n");
}

function formatEntry({ key, ranges }: GitAiEntry): string {
  if (key === "" || /\s/.test(key) || ranges.length === 0) throw refuse("an entry needs a key and ranges");
  const parts = ranges.toSorted((a, b) => a.first - b.first).map(formatRange);
  return `  ${key} ${parts.join(",")}`;
}

function formatRange({ first, last }: GitAiRange): string {
  if (!Number.isSafeInteger(first) || first < 1 || !Number.isSafeInteger(last) || last < first)
    throw refuse(`lines ${first} to ${last} are no range`);
  return first === last ? `${first}` : `${first}-${last}`;
}

/** Members in order. Not an object: JavaScript puts keys such as `1234567` before all others. */
type Members = readonly (readonly [key: string, value: string | number | null | Members])[];

function toMembers({ metadata }: GitAiNote): Members {
  const { gitAiVersion, baseCommit, prompts, humans, sessions } = metadata;
  return [
    ["schema_version", GIT_AI_SCHEMA],
    ["git_ai_version", gitAiVersion],
    ["base_commit_sha", baseCommit],
    ["prompts", sortMap(prompts, promptMembers)],
    ...whereAny(
      "humans",
      sortMap(humans, ({ author }) => [["author", author]]),
    ),
    ...whereAny(
      "sessions",
      sortMap(sessions, (session) => [...headMembers(session), ...tailMembers(session)]),
    ),
  ];
}

function headMembers({ agent, humanAuthor }: GitAiSession): Members {
  return [
    [
      "agent_id",
      [
        ["tool", agent.tool],
        ["id", agent.id],
        ["model", agent.model],
      ],
    ],
    ["human_author", humanAuthor],
  ];
}

function tailMembers({ customAttributes }: GitAiSession): Members {
  return customAttributes === null
    ? []
    : [["custom_attributes", [...customAttributes].toSorted(([a], [b]) => compareText(a, b))]];
}

function promptMembers(prompt: GitAiPrompt): Members {
  return [
    ...headMembers(prompt),
    ...(prompt.messagesUrl === null ? [] : [["messages_url", prompt.messagesUrl] as const]),
    ["total_additions", prompt.totalAdditions],
    ["total_deletions", prompt.totalDeletions],
    ["accepted_lines", prompt.acceptedLines],
    // Misspelt in the standard, and canonical.
    ["overriden_lines", prompt.overriddenLines],
    ...tailMembers(prompt),
  ];
}

function sortMap<T>(map: ReadonlyMap<string, T>, toMembersOf: (value: T) => Members): Members {
  return [...map]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([key, value]) => [key, toMembersOf(value)] as const);
}

function whereAny(key: string, members: Members): Members {
  return members.length === 0 ? [] : [[key, members]];
}

/** By code point, which is the order of UTF-8 bytes, as Rust compares. */
export function compareText(a: string, b: string): number {
  const [x, y] = [[...a], [...b]];
  for (let i = 0; i < x.length && i < y.length; i++) {
    const difference = (x[i]?.codePointAt(0) ?? 0) - (y[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return x.length - y.length;
}

function formatPretty(value: string | number | null | Members, indent: string): string {
  // A lone surrogate would be escaped in a way that git-ai's reader refuses.
  if (typeof value === "string") return JSON.stringify(value.toWellFormed());
  if (value === null || typeof value === "number") return JSON.stringify(value);
  if (value.length === 0) return "{}";
  const deeper = `${indent}  `;
  const members = value.map(
    ([key, member]) => `${deeper}${JSON.stringify(key.toWellFormed())}: ${formatPretty(member, deeper)}`,
  );
  return `{\n${members.join(",\n")}\n${indent}}`;
}

function refuse(reason: string): CoreError {
  return new CoreError("NOTE_MALFORMED", `Git AI note: ${reason}`);
}
