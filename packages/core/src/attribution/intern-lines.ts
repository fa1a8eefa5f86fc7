// SPDX-License-Identifier: Apache-2.0

export interface InternedPair {
  readonly a: Int32Array;
  readonly b: Int32Array;
  /** Numbers run from 0 to here, exclusive. */
  readonly count: number;
}

/** One number for each different text, so that comparing two lines is comparing two integers. */
export function internLines(a: readonly string[], b: readonly string[]): InternedPair {
  const numbers = new Map<string, number>();
  const intern = (line: string): number => {
    const known = numbers.get(line);
    if (known !== undefined) return known;
    numbers.set(line, numbers.size);
    return numbers.size - 1;
  };
  return { a: Int32Array.from(a, intern), b: Int32Array.from(b, intern), count: numbers.size };
}
