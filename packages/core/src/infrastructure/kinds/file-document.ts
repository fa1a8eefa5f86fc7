// SPDX-License-Identifier: Apache-2.0
import type { ConfigurationValue } from "../configuration-value.ts";
import type { DeclaredResource, InfrastructureKind } from "../resource.ts";
import type { YamlDocument } from "../text/yaml-value.ts";

/** A document as the one thing that it describes. */
export function toDeclared(
  kind: InfrastructureKind,
  type: string,
  name: string,
  { value, lines }: YamlDocument,
): DeclaredResource {
  return { kind, type, name, lines, body: value };
}

/** In the order of the file. */
export function inOrder(resources: readonly DeclaredResource[]): readonly DeclaredResource[] {
  return resources.toSorted((a, b) => a.lines[0] - b.lines[0]);
}

/** What a value surely is, else how it is written. */
export function wordOf(value: ConfigurationValue | undefined): string {
  return value?.literal ?? value?.text ?? "";
}
