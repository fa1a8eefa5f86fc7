// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, fieldsOf, isSameValue } from "../configuration-value.ts";

/** Top-level attributes that differ between two sides, sorted; all of them where one side is not there. */
export function findChangedAttributes(
  before: ConfigurationValue | null,
  after: ConfigurationValue | null,
): readonly string[] {
  const names = [...(before?.fields ?? []), ...(after?.fields ?? [])].map(({ name }) => name);
  return [...new Set(names)].sort().filter((name) => {
    const [a, b] = [before, after].map((side) => (side === null ? undefined : fieldsOf(side, name)[0]));
    return a === undefined || b === undefined || !isSameValue(a, b);
  });
}
