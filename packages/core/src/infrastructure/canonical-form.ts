// SPDX-License-Identifier: Apache-2.0
import type { ConfigurationValue } from "./configuration-value.ts";
import { resolveArguments } from "./kinds/resolve-arguments.ts";
import { toJoinedForm } from "./kinds/to-joined-form.ts";
import { isConnected, toKnownValue } from "./kinds/to-known-value.ts";
import type { DeclaredResource } from "./resource.ts";
import { toReference, toTemplate } from "./text/hcl-template.ts";

/** A resource with what can be written by several functions written by one: what is said otherwise and says the same is no danger. */
export function toCanonicalForm(resource: DeclaredResource | null): DeclaredResource | null {
  if (resource?.kind === "dockerfile") return { ...resource, body: resolveArguments(resource.body) };
  const form = resource === null ? undefined : FORMS.get(resource.kind);
  if (resource === null || form === undefined || !holds(resource.body, form.isOf)) return resource;
  const { write } = form;
  const body = rewrite(resource.body, write);
  return body === resource.body ? resource : { ...resource, body };
}

type Rewrite = (value: ConfigurationValue) => ConfigurationValue;

interface Form {
  readonly write: Rewrite;
  /** Whether a value may have to be written otherwise. */
  readonly isOf: (value: ConfigurationValue) => boolean;
}

const FORMS: ReadonlyMap<DeclaredResource["kind"], Form> = new Map<DeclaredResource["kind"], Form>([
  [
    "cloudformation",
    { write: toJoinedForm, isOf: ({ text }) => text === "!Join" || text.startsWith("!Sub ") },
  ],
  [
    "terraform",
    {
      write: toWritten,
      isOf: (value) =>
        value.text === "format ()" ||
        value.text === "join ()" ||
        value.literal?.startsWith("${") === true ||
        isConnected(value),
    },
  ],
]);

/** Most resources hold none, and stay as they are. */
function holds(value: ConfigurationValue, isOf: Form["isOf"]): boolean {
  return (
    isOf(value) ||
    value.fields.some((field) => holds(field.value, isOf)) ||
    value.items.some((item) => holds(item, isOf))
  );
}

function toWritten(value: ConfigurationValue): ConfigurationValue {
  const callee = /^(format|join) \(\)$/.exec(value.text)?.[1];
  const [call] = value.items;
  if (callee === undefined || call === undefined) return toReference(toKnownValue(value));
  return toTemplate(callee, call) ?? value;
}

/** From the inside out; what holds nothing to rewrite stays the value that it is. */
function rewrite(value: ConfigurationValue, write: Rewrite): ConfigurationValue {
  const fields = value.fields.map((field) => {
    const inner = rewrite(field.value, write);
    return inner === field.value ? field : { ...field, value: inner };
  });
  const items = value.items.map((item) => rewrite(item, write));
  const isSame =
    fields.every((field, at) => field === value.fields[at]) &&
    items.every((item, at) => item === value.items[at]);
  return write(isSame ? value : { ...value, fields, items });
}
