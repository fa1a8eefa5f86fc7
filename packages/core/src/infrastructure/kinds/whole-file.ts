// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import type { InfrastructureKind, ParsedConfiguration } from "../resource.ts";
import { readYaml, type YamlOptions } from "../text/yaml-value.ts";
import { toDeclared } from "./file-document.ts";

/** YAML files that are one thing each, under the file's own path: workflows, kustomizations, a proxy's configuration, variables. */
export function parseWholeFile(
  kind: InfrastructureKind,
  type: string,
  options: YamlOptions = {},
): (text: string, path: RepoPath) => ParsedConfiguration {
  return (text, path) => {
    const { documents, problems } = readYaml(text, options);
    return { resources: documents.map((document) => toDeclared(kind, type, path, document)), problems };
  };
}
