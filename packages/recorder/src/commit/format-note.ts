// SPDX-License-Identifier: Apache-2.0
import { type AssistanceRecord, formatGitAiNote, noteFromRecord } from "@countersign/core/attribution";

/** Whoever makes the commit. */
export interface Person {
  readonly name: string | undefined;
  readonly email: string | undefined;
}

/**
 * Text of a record's note; undefined where it would attest no line. An agent that names no conversation gets `session` for
 * one: a conversation must not span commits, and the commit's id may not be known yet.
 */
export function formatNote(record: AssistanceRecord, author: Person, session: string): string | undefined {
  const agents = record.agents.map((agent) => (agent.session === "" ? { ...agent, session } : agent));
  const { note } = noteFromRecord({ ...record, agents }, { author: formatPerson(author), trace: session });
  return note.files.length === 0 ? undefined : formatGitAiNote(note);
}

/** Git's `Name <email>`; null where either is unknown, for the format wants both. */
function formatPerson({ name, email }: Person): string | null {
  const [plainName, plainEmail] = [name, email].map((text) =>
    (text ?? "").replace(/[<>\p{Cc}]/gu, "").trim(),
  );
  return plainName === "" || plainEmail === "" ? null : `${plainName} <${plainEmail}>`;
}
