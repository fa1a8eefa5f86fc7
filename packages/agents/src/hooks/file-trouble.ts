// SPDX-License-Identifier: Apache-2.0
import { AgentError } from "../agent-error.ts";

const WORDS: Readonly<Record<string, string>> = {
  EACCES: "this user has no right to",
  EPERM: "this user has no right to",
  EROFS: "its disk may not be written to",
  ENOSPC: "its disk is full",
  EDQUOT: "this user's share of its disk is full",
  EISDIR: "a folder stands there; expected a file",
  ENOTEMPTY: "a folder stands there; expected a file",
  ENOTDIR: "a file stands where its folder is to be",
  EEXIST: "a file stands where its folder is to be",
  ELOOP: "links there lead in a circle",
};

/** Why the system would not let us read or write a file, for people. */
export function fileTrouble(error: unknown): string {
  if (error instanceof AgentError) return error.message;
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return (code === undefined ? undefined : WORDS[code]) ?? code ?? String(error);
}
