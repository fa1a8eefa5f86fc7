// SPDX-License-Identifier: Apache-2.0

/** Lines `aStart..aEnd` of one text stand as `bStart..bEnd` in the other; 0-based, half-open. One side may be empty. */
export interface LineHunk {
  readonly aStart: number;
  readonly aEnd: number;
  readonly bStart: number;
  readonly bEnd: number;
}
