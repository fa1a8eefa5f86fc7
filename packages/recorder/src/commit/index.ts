// SPDX-License-Identifier: Apache-2.0
// What Git's hooks load around a commit: no more than that takes.
export { findWorkTree, type WorkTreePlace } from "../capture/find-work-tree.ts";
export { toRepository } from "./hook-repository.ts";
export { prepareCommit } from "./prepare-commit.ts";
export { parseTold } from "./told-by-shell.ts";
