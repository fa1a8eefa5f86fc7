// SPDX-License-Identifier: Apache-2.0

/** A table that is made when it is first needed: a Git hook loads this package at every commit and needs few of them. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
