// SPDX-License-Identifier: Apache-2.0
import type { ConfigurationField, ConfigurationValue } from "../configuration-value.ts";
import { LABEL } from "../text/hcl-body.ts";

/**
 * `dynamic "ingress" { for_each = …  content { … } }` is so many blocks `ingress`: it stands as one, with what it is made for beside what is
 * in it. In JSON the block's name is a key. Values without one are returned as they are.
 */
export function expandDynamic(value: ConfigurationValue): ConfigurationValue {
  if (value.fields.length === 0) return value;
  let isChanged = false;
  const fields = value.fields.flatMap((field): readonly ConfigurationField[] => {
    if (field.name === "dynamic") {
      isChanged = true;
      return toBlocks(field);
    }
    const inner = expandDynamic(field.value);
    if (inner === field.value) return [field];
    isChanged = true;
    return [{ ...field, value: inner }];
  });
  return isChanged ? { ...value, fields } : value;
}

function toBlocks({ value, lines }: ConfigurationField): readonly ConfigurationField[] {
  const label = value.fields.find(({ name }) => name === LABEL)?.value.literal;
  if (label !== undefined && label !== null) return [{ name: label, value: toContent(value), lines }];
  const parts = value.items.length > 0 ? value.items.flatMap((item) => item.fields) : value.fields;
  return parts.flatMap((part) =>
    (part.value.items.length > 0 ? part.value.items : [part.value]).map((own) => ({
      name: part.name,
      value: toContent(own),
      lines: part.lines,
    })),
  );
}

function toContent(value: ConfigurationValue): ConfigurationValue {
  const fields = value.fields.flatMap((field): readonly ConfigurationField[] => {
    if (field.name === LABEL) return [];
    if (field.name !== "content") return [field];
    const [only = field.value] = field.value.items;
    return expandDynamic(only).fields;
  });
  return { ...value, fields };
}
