// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { isObjectId, parseRefName } from "../ids/index.ts";
import { parseInstant } from "./instant.ts";

// Shapes shared by our predicates. Every text is bounded and free of control characters, because a statement's
// strings end up in terminals, Markdown and file names (T62).

const CONTROL = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const CONTROL_BUT_LAYOUT = /(?![\n\t])[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;
const PRINCIPAL = /^[\p{L}\p{N}][\p{L}\p{M}\p{N}._@+-]{0,127}$/u;
const TOOL = /^[a-z0-9]+(?:[.-][a-z0-9]+)*$/;

/** What may stand as principal or role in a statement: letters, digits and `._@+-`, at most 128, no `..`. */
export function isPrincipalId(text: string): boolean {
  return PRINCIPAL.test(text) && !text.includes("..");
}

export const objectIdField = z.string().refine(isObjectId, "expected 40 or 64 lower-case hex characters");
export const sha256Field = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 lower-case hex characters");
export const objectFormatField = z.enum(["sha1", "sha256"]);
export const principalField = z
  .string()
  .refine(isPrincipalId, "expected an id of letters, digits and ._@+- without .., such as alice");
export const nonceField = z.string().regex(/^[0-9a-f]{32}$/, "expected 32 lower-case hex characters");
export const instantField = z
  .string()
  .refine((text) => isAccepted(parseInstant, text), "expected a UTC time such as 2026-03-01T12:00:00Z");
export const refNameField = z
  .string()
  .max(1024)
  .refine(
    (text) => isAccepted(parseRefName, text) && !CONTROL.test(text),
    "expected a full ref such as refs/heads/main",
  );
export const repositoryField = z
  .string()
  .max(2048)
  .refine((text) => !CONTROL.test(text), "expected no control characters");
export const reasonField = z
  .string()
  .min(1)
  .max(4000)
  .refine((text) => !CONTROL_BUT_LAYOUT.test(text), "expected no control characters but newline and tab");
export const toolField = z
  .string()
  .max(64)
  .regex(TOOL, "expected a tool's registry name such as claude-code");
export const modelField = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => !CONTROL.test(text), "expected no control characters");

/** One line of text for people, such as the reason of a finding. */
export const lineField = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => !CONTROL.test(text), "expected no control characters");

/** A text as {@link lineField} takes it: whatever somebody wrote, cut and with what could act on a terminal replaced. */
export function toLine(text: string, max: number): string {
  const plain = text.toWellFormed().replace(new RegExp(CONTROL.source, "gu"), "\ufffd");
  return plain.length <= max ? plain || "-" : `${plain.slice(0, max - 1).toWellFormed()}…`;
}

/** Members common to a change record and to the predicate's `change`. */
export const changeMembers = {
  repository: repositoryField,
  target: refNameField,
  mergeBase: objectIdField,
  mergeBaseTree: objectIdField,
  headTree: objectIdField,
  contentDigest: sha256Field,
  policyDigest: sha256Field,
  objectFormat: objectFormatField,
};

export const changeRecordSchema = z
  .strictObject({ version: z.literal(1), ...changeMembers })
  .refine(isOneObjectFormat, "expected every object id in the record's object format");

/** A SHA-1 id in a SHA-256 record names nothing, and may name something else tomorrow (T63). */
export function isOneObjectFormat(change: {
  readonly objectFormat: "sha1" | "sha256";
  readonly mergeBase: string;
  readonly mergeBaseTree: string;
  readonly headTree: string;
  readonly head?: string;
}): boolean {
  const { mergeBase, mergeBaseTree, headTree, head = headTree } = change;
  const length = change.objectFormat === "sha1" ? 40 : 64;
  return [mergeBase, mergeBaseTree, headTree, head].every((id) => id.length === length);
}

function isAccepted(parse: (text: string) => unknown, text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}
