// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import { fieldsOf, toObject } from "../configuration-value.ts";
import type { ParsedConfiguration } from "../resource.ts";
import { readYaml } from "../text/yaml-value.ts";
import { baseName } from "./base-name.ts";
import { inOrder, toDeclared, wordOf } from "./file-document.ts";

/** Values of a chart: each key of the file is one. */
export function parseHelmValues(text: string): ParsedConfiguration {
  const { documents, problems } = readYaml(text);
  const resources = documents.flatMap(({ value }) =>
    value.fields.map(({ name, value: own, lines }) => {
      const body = own.fields.length > 0 ? own : toObject([{ name: "value", value: own, lines }]);
      return toDeclared("helm", "values", name, { value: body, lines });
    }),
  );
  return { resources: inOrder(resources), problems };
}

/** `Chart.yaml`: what the chart is made of. */
export function parseHelmChart(text: string, path: RepoPath): ParsedConfiguration {
  const { documents, problems } = readYaml(text);
  const resources = documents.map((document) => {
    const name = wordOf(fieldsOf(document.value, "name")[0]);
    return toDeclared("helm", "Chart", name === "" ? baseName(path) : name, document);
  });
  return { resources, problems };
}
