// SPDX-License-Identifier: Apache-2.0

/** Everything that an asynchronous source yields. */
export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const one of source) all.push(one);
  return all;
}
