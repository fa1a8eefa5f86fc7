// SPDX-License-Identifier: Apache-2.0

/** First moment of every test repository: 2026-01-01T00:00:00Z. */
export const START = 1_767_225_600;
/** Seconds between two commits. */
export const TICK = 60;

export interface Person {
  readonly name: string;
  readonly email: string;
}

export const AUTHOR: Person = { name: "author", email: "author@example.com" };
export const SENIOR: Person = { name: "senior", email: "senior@example.com" };
export const AUDITOR: Person = { name: "auditor", email: "auditor@example.com" };

/** An environment without anybody's configuration, identity or Git variables. */
export function testEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = Object.entries(process.env).filter(
    ([name]) => !name.startsWith("GIT_") && !name.startsWith("SSH_"),
  );
  return {
    ...(Object.fromEntries(kept) as Record<string, string>),
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
    TZ: "UTC",
    ...extra,
  };
}

/** The variables that make a commit by these people at this moment. */
export function identityEnvironment(author: Person, committer: Person, at: number): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: `@${at} +0000`,
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
    GIT_COMMITTER_DATE: `@${at} +0000`,
  };
}
