// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";

/** Name of a file without its folders and its last extension. */
export function baseName(path: RepoPath): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.replace(/(?<=.)\.[^.]*$/, "");
}
