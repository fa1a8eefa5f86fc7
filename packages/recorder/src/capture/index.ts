// SPDX-License-Identifier: Apache-2.0
// What a hook loads: nothing beyond capture itself.
export { hasUnflushed } from "../commit/has-unflushed.ts";
export { findWorkTree } from "./find-work-tree.ts";
export { writeLoss } from "./losses.ts";
export { recordEvent } from "./record-event.ts";
export { recorderFolder } from "./recorder-folder.ts";
