// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../ids/index.ts";
import type { DeclaredResource } from "./resource.ts";

/** One side of a file: its lines and what they declare. */
export interface ConfigurationFile {
  readonly path: RepoPath;
  readonly lines: readonly string[];
  readonly resources: readonly DeclaredResource[];
  /** False where the tool that reads such files does not read one of this name: what stands there is not applied. */
  readonly isApplied: boolean;
}
