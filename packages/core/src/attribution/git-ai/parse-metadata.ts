// SPDX-License-Identifier: Apache-2.0
import { CoreError } from "../../ids/index.ts";
import {
  GIT_AI_SCHEMA,
  type GitAiAgent,
  type GitAiHuman,
  type GitAiMetadata,
  type GitAiPrompt,
  type GitAiSession,
} from "./note.ts";

/** Unknown members are ignored, as git-ai does; a member of another type than git-ai's refuses the note, likewise. */
export function parseMetadata(json: string): GitAiMetadata {
  const members = objectOf(parseJson(json), "metadata");
  const schema = textOf(members.schema_version, "schema_version");
  if (schema !== GIT_AI_SCHEMA)
    throw new CoreError(
      "NOTE_VERSION_UNKNOWN",
      `Git AI note: expected schema_version ${GIT_AI_SCHEMA}, got ${JSON.stringify(schema.slice(0, 80))}`,
    );
  return {
    gitAiVersion: optional(members.git_ai_version, "git_ai_version"),
    baseCommit: textOf(members.base_commit_sha, "base_commit_sha"),
    prompts: mapOf(members.prompts, "prompts", toPrompt),
    humans: members.humans === undefined ? new Map() : mapOf(members.humans, "humans", toHuman),
    sessions: members.sessions === undefined ? new Map() : mapOf(members.sessions, "sessions", toSession),
  };
}

type Members = Readonly<Record<string, unknown>>;

function toSession(members: Members, at: string): GitAiSession {
  const attributes = members.custom_attributes ?? null;
  return {
    agent: toAgent(objectOf(members.agent_id, `${at}.agent_id`), `${at}.agent_id`),
    humanAuthor: optional(members.human_author, `${at}.human_author`),
    customAttributes:
      attributes === null
        ? null
        : new Map(
            Object.entries(objectOf(attributes, `${at}.custom_attributes`)).map(([key, value]) => [
              key,
              textOf(value, `${at}.custom_attributes`),
            ]),
          ),
  };
}

function toAgent(members: Members, at: string): GitAiAgent {
  const { tool, id, model } = members;
  return {
    tool: textOf(tool, `${at}.tool`),
    id: textOf(id, `${at}.id`),
    model: textOf(model, `${at}.model`),
  };
}

function toPrompt(members: Members, at: string): GitAiPrompt {
  return {
    ...toSession(members, at),
    messagesUrl: optional(members.messages_url, `${at}.messages_url`),
    totalAdditions: countOf(members.total_additions, `${at}.total_additions`),
    totalDeletions: countOf(members.total_deletions, `${at}.total_deletions`),
    acceptedLines: countOf(members.accepted_lines, `${at}.accepted_lines`),
    overriddenLines: countOf(members.overriden_lines, `${at}.overriden_lines`),
  };
}

function toHuman(members: Members, at: string): GitAiHuman {
  return { author: textOf(members.author, `${at}.author`) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CoreError("NOTE_MALFORMED", "Git AI note: expected metadata in JSON", { cause });
  }
}

function objectOf(value: unknown, at: string): Members {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed(at, "an object");
  return value as Members;
}

function mapOf<T>(
  value: unknown,
  at: string,
  read: (members: Members, at: string) => T,
): ReadonlyMap<string, T> {
  return new Map(
    Object.entries(objectOf(value, at)).map(([key, member]) => [
      key,
      read(objectOf(member, `${at}.*`), `${at}.*`),
    ]),
  );
}

function textOf(value: unknown, at: string): string {
  if (typeof value !== "string") throw malformed(at, "a text");
  return value;
}

function optional(value: unknown, at: string): string | null {
  return value === undefined || value === null ? null : textOf(value, at);
}

/** Absent is 0, for notes older than the member. */
function countOf(value: unknown, at: string): number {
  if (value === undefined) return 0;
  if (!Number.isSafeInteger(value) || (value as number) < 0 || (value as number) > 0xffffffff)
    throw malformed(at, "a count");
  return value as number;
}

function malformed(at: string, expected: string): CoreError {
  return new CoreError("NOTE_MALFORMED", `Git AI note: ${at}: expected ${expected}`);
}
