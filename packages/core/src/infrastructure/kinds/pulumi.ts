// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import { type ConfigurationField, fieldsOf, toObject } from "../configuration-value.ts";
import type { DeclaredResource, ParsedConfiguration } from "../resource.ts";
import { readYaml } from "../text/yaml-value.ts";
import { inOrder, toDeclared, wordOf } from "./file-document.ts";

/** `Pulumi.yaml`: resources where the program is YAML, and the project itself. */
export function parsePulumiProject(text: string, path: RepoPath): ParsedConfiguration {
  const { documents, problems } = readYaml(text);
  const resources = documents.flatMap(({ value, lines }) => {
    const rest = toObject(value.fields.filter(({ name }) => name !== "resources"));
    const [declared] = fieldsOf(value, "resources");
    return [
      toDeclared("pulumi", "project", path, { value: rest, lines }),
      ...(declared?.fields ?? []).map(toResource),
    ];
  });
  return { resources: inOrder(resources), problems };
}

function toResource({ name, value, lines }: ConfigurationField): DeclaredResource {
  const [properties] = fieldsOf(value, "properties");
  const others = value.fields.filter((field) => field.name !== "type" && field.name !== "properties");
  const body = toObject([...(properties?.fields ?? []), ...others]);
  return { kind: "pulumi", type: wordOf(fieldsOf(value, "type")[0]), name, lines, body };
}

/** `Pulumi.<stack>.yaml`: what the stack is configured with. */
export function parsePulumiStack(text: string): ParsedConfiguration {
  const { documents, problems } = readYaml(text);
  const resources = documents.flatMap(({ value }) =>
    value.fields.flatMap((field) => {
      const fields = field.name === "config" ? field.value.fields : [field];
      return fields.map(({ name, value: own, lines }) => {
        const body = own.fields.length > 0 ? own : toObject([{ name: "value", value: own, lines }]);
        return toDeclared("pulumi", "config", name, { value: body, lines });
      });
    }),
  );
  return { resources: inOrder(resources), problems };
}
