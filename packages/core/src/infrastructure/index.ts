// SPDX-License-Identifier: Apache-2.0
export * from "./assess-change.ts";
export type { LineRange } from "./configuration-value.ts";

export * from "./resource.ts";
export { toLineRanges } from "./to-line-ranges.ts";
