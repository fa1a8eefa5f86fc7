// SPDX-License-Identifier: Apache-2.0
import { parseBase64, type RepoPath, toBase64, toRawBytes, toRawText } from "../../ids/index.ts";
import type { FieldReader } from "./field-reader.ts";
import { MAX_PATH } from "./record-limits.ts";

/** A path that a Git tree can hold: relative, without empty, `.` and `..` parts, without NUL. */
export function isTreePath(path: RepoPath): boolean {
  if (path === "" || path.includes("\0")) return false;
  return path.split("/").every((name) => name !== "" && name !== "." && name !== "..");
}

/** Order of the paths' bytes, as in Git's index. */
export function comparePaths(a: RepoPath, b: RepoPath): number {
  const [x, y] = [toRawBytes(a), toRawBytes(b)];
  for (let i = 0; i < x.length && i < y.length; i++) {
    if (x[i] !== y[i]) return (x[i] as number) - (y[i] as number);
  }
  return x.length - y.length;
}

export type PathMember = { readonly path: string } | { readonly pathBase64: string };

/** JSON is Unicode: a path that is not UTF-8 is written as base64 of its bytes, every other one as itself. */
export function toPathMember(path: RepoPath): PathMember {
  return path.isWellFormed() ? { path } : { pathBase64: toBase64(toRawBytes(path)) };
}

/** Path under either member; problems go to the reader. */
export function readPathMember(reader: FieldReader, member: PathMember, at: string): RepoPath {
  const path = "path" in member ? member.path : readBase64Path(member.pathBase64);
  if (typeof path === "string" && isTreePath(path) && toRawBytes(path).length <= MAX_PATH) return path;
  reader.refuse(at, "a path within the repository; pathBase64 exactly where it is not UTF-8");
  return "";
}

function readBase64Path(text: unknown): RepoPath | undefined {
  if (typeof text !== "string") return undefined;
  try {
    const bytes = parseBase64(text);
    const path = toRawText(bytes);
    // One spelling for each path: plain where it can be, and the standard alphabet with its padding where not.
    return !path.isWellFormed() && toBase64(bytes) === text ? path : undefined;
  } catch {
    return undefined;
  }
}
