// SPDX-License-Identifier: Apache-2.0
import { fieldsOf, literalOf, objectsIn } from "./configuration-value.ts";
import type { DeclaredResource } from "./resource.ts";

/** What Terraform's `moved` blocks say: the old `type\0name`s by the new `type.name`. Instances are told by what they are instances of. */
export function findAddressesMoved(
  resources: readonly DeclaredResource[],
): ReadonlyMap<string, readonly string[]> {
  const moved = new Map<string, readonly string[]>();
  for (const { type, body } of resources) {
    if (type !== "moved") continue;
    const [from = "", to = ""] = ["from", "to"].map((name) => addressOf(body, name));
    const at = from.lastIndexOf(".");
    const old = `${from.slice(0, at)}\0${from.slice(at + 1)}`;
    const known = moved.get(to) ?? [];
    if (from !== to && !known.includes(old)) moved.set(to, [...known, old]);
  }
  return moved;
}

/** `type.name` of what keeps its address while its instances get another key: one becomes several, or the other way round. */
export function findAddressesSplit(resources: readonly DeclaredResource[]): ReadonlySet<string> {
  return new Set(
    resources
      .filter(({ type, body }) => type === "moved" && addressOf(body, "from") === addressOf(body, "to"))
      .map(({ body }) => addressOf(body, "to")),
  );
}

/** `type.name` of what Terraform forgets and does not destroy (a `removed` block, destroy = false). */
export function findAddressesForgotten(resources: readonly DeclaredResource[]): ReadonlySet<string> {
  return new Set(
    resources
      .filter(({ type, body }) => {
        const [lifecycle] = fieldsOf(body, "lifecycle");
        return type === "removed" && lifecycle !== undefined && literalOf(lifecycle, "destroy") === "false";
      })
      .map(({ body }) => addressOf(body, "from")),
  );
}

/** Names that a resource of Pulumi had before, by its option `aliases`: texts, or objects with a name. */
export function findAliases({ kind, body }: DeclaredResource): readonly string[] {
  if (kind !== "pulumi") return [];
  return objectsIn(body)
    .flatMap((each) => fieldsOf(each, "aliases"))
    .flatMap(({ items }) => items)
    .flatMap((item) => item.literal ?? objectsIn(item).flatMap((each) => literalOf(each, "name") ?? []));
}

/** Where a block about the state leads: the address without the key of an instance. */
export function addressOf(body: DeclaredResource["body"], name: string): string {
  const [value] = fieldsOf(body, name);
  return (value?.literal ?? value?.text ?? "").replaceAll(" ", "").replace(/\[[^\]]*\]$/, "");
}
