// SPDX-License-Identifier: Apache-2.0
import { fieldsOf } from "./configuration-value.ts";
import type { DeclaredResource } from "./resource.ts";

/** What Terraform's `moved` blocks say: the old `type\0name` by the new `type.name`. */
export function findAddressesMoved(resources: readonly DeclaredResource[]): ReadonlyMap<string, string> {
  return new Map(
    resources
      .filter(({ type }) => type === "moved")
      .map(({ body }) => {
        const [from = "", to = ""] = ["from", "to"].map((name) => addressOf(body, name));
        const at = from.lastIndexOf(".");
        return [to, `${from.slice(0, at)}\0${from.slice(at + 1)}`] as const;
      }),
  );
}

function addressOf(body: DeclaredResource["body"], name: string): string {
  const [value] = fieldsOf(body, name);
  return (value?.literal ?? value?.text ?? "").replaceAll(" ", "");
}
