// SPDX-License-Identifier: Apache-2.0
import { type RepoPath, toRawBytes } from "../ids/index.ts";
import { isPlainText } from "./display-text.ts";

/**
 * A path as a relative URI reference (RFC 3986), byte by byte, so that any Git path has exactly one. A first segment
 * with a colon needs no `./`: the colon itself is encoded.
 */
export function toRepoUri(path: RepoPath): string {
  return Array.from(toRawBytes(path), (byte) => {
    const character = String.fromCharCode(byte);
    return byte < 0x80 && /[\w.~/-]/.test(character)
      ? character
      : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}

/** True for a path that stays inside the repository: Git refuses others, but evidence and fake facts may not. */
export function isInsidePath(path: RepoPath): boolean {
  return (
    path !== "" &&
    !path.startsWith("/") &&
    !path.split("/").some((part) => part === ".." || part === "." || part === "")
  );
}

/** True for a path that a forge can match with a file and that its log parser reads unchanged. */
export function isAnnotatablePath(path: RepoPath): boolean {
  return isInsidePath(path) && isPlainText(path) && path.trim() === path;
}

/** The files that a finding can be placed at; where there are none, the policy that asks for it. */
export function placesOf(files: readonly RepoPath[], policyPath: RepoPath | undefined): readonly RepoPath[] {
  const inside = files.filter(isInsidePath);
  if (inside.length > 0) return inside;
  return [policyPath !== undefined && isInsidePath(policyPath) ? policyPath : ".countersign/policy.yml"];
}
