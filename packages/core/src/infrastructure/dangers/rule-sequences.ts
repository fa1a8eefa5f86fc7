// SPDX-License-Identifier: Apache-2.0
import type { ConfigurationValue } from "../configuration-value.ts";

/** Elements of a list, or blocks of one name that follow each other. */
export interface RuleSequence {
  /** Names on the way to it, as they are written. */
  readonly path: string;
  readonly name: string;
  readonly items: readonly ConfigurationValue[];
}

/** Every sequence in a value, from the outside in; what stands alone is a sequence of one. */
export function sequencesIn(value: ConfigurationValue): readonly RuleSequence[] {
  const found: RuleSequence[] = [];
  addSequences(found, value, "");
  return found;
}

function addSequences(found: RuleSequence[], value: ConfigurationValue, path: string): void {
  const byName = new Map<string, ConfigurationValue[]>();
  for (const field of value.fields) {
    const isList = field.value.fields.length === 0 && field.value.items.length > 0;
    const items = isList ? field.value.items : [field.value];
    const known = byName.get(field.name);
    if (known === undefined) byName.set(field.name, [...items]);
    else known.push(...items);
  }
  for (const [name, items] of byName) {
    const own = path === "" ? name : `${path}.${name}`;
    found.push({ path: own, name, items });
    for (const item of items) addSequences(found, item, own);
  }
}
