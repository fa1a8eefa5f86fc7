// SPDX-License-Identifier: Apache-2.0
import { sha256Hex, toUtf8 } from "../../ids/index.ts";

/** Hex digits of a hash in a key with a prefix, and in one without. */
const PREFIXED = 14;
const BARE = 16;

/** `s_` key of one conversation; `id` is the agent's own id of it. */
export function toSessionKey(tool: string, id: string): string {
  return `s_${hash(`${tool}:${id}`).slice(0, PREFIXED)}`;
}

/** Key of a conversation as notes before sessions have it. */
export function toPromptKey(tool: string, id: string): string {
  return hash(`${tool}:${id}`).slice(0, BARE);
}

/** `h_` key of a person, by Git's `Name <email>`. */
export function toHumanKey(author: string): string {
  return `h_${hash(author).slice(0, PREFIXED)}`;
}

/** `t_` id: git-ai draws it at random for each checkpoint; here it follows from what it is of. */
export function toTraceId(seed: string): string {
  return `t_${hash(seed).slice(0, PREFIXED)}`;
}

function hash(text: string): string {
  return sha256Hex(toUtf8(text));
}
