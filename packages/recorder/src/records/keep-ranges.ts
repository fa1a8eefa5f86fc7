// SPDX-License-Identifier: Apache-2.0

/** The files with those of their ranges that are meant; without the files that have none. */
export function keepRanges<Range, File extends { readonly ranges: readonly Range[] }>(
  files: readonly (File & { readonly ranges: readonly Range[] })[],
  isMeant: (range: Range) => boolean,
): readonly (File & { readonly ranges: readonly Range[] })[] {
  return files
    .map((file) => ({ ...file, ranges: file.ranges.filter(isMeant) }))
    .filter(({ ranges }) => ranges.length > 0);
}
