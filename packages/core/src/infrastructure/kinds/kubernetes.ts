// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import { type ConfigurationValue, fieldsOf } from "../configuration-value.ts";
import type { DeclaredResource, InfrastructureKind, ParsedConfiguration } from "../resource.ts";
import { readYaml, type YamlDocument } from "../text/yaml-value.ts";
import { baseName } from "./base-name.ts";
import { toDeclared, wordOf } from "./file-document.ts";

/** API groups of service meshes and of what routes between services. */
const MESH =
  /^(?:[\w-]+\.)*(?:istio\.io|linkerd\.io|consul\.hashicorp\.com|appmesh\.k8s\.aws|gateway\.networking\.k8s\.io|kuma\.io|traefik\.(?:io|containo\.us)|projectcontour\.io|getambassador\.io|smi-spec\.io|gateway\.envoyproxy\.io|gateway\.networking\.x-k8s\.io|gateway\.kgateway\.dev|solo\.io)\//;

/** What a manifest declares, one object or many, also as a template of a chart. */
export function parseKubernetes(text: string, path: RepoPath): ParsedConfiguration {
  const { documents, problems } = readYaml(text, { hasNested: true });
  const isTemplate = /(?:^|\/)templates\//.test(path) && text.includes("{{");
  const objects = documents.flatMap((document) => toObjects(document, path));
  const resources = isTemplate ? objects.map((each) => ({ ...each, kind: "helm" as const })) : objects;
  return { resources, problems };
}

function toObjects(document: YamlDocument, path: RepoPath): readonly DeclaredResource[] {
  const { value, lines } = document;
  const type = wordOf(fieldsOf(value, "kind")[0]);
  const items = type.endsWith("List") ? fieldsOf(value, "items")[0]?.items : undefined;
  if (items !== undefined && items.length > 0)
    return items.flatMap((item) => toObjects({ value: item, lines }, path));
  // What has no kind is applied by nothing that we know, and must not be overlooked.
  if (type === "")
    return isEmpty(value) ? [] : [toDeclared("kubernetes", "document", baseName(path), document)];
  const version = wordOf(fieldsOf(value, "apiVersion")[0]);
  return [toDeclared(kindOf(version), type, nameOf(value), document)];
}

function isEmpty({ fields, items, text }: ConfigurationValue): boolean {
  return fields.length + items.length === 0 && text === "";
}

function kindOf(version: string): InfrastructureKind {
  return MESH.test(version) ? "mesh" : "kubernetes";
}

function nameOf(value: ConfigurationValue): string {
  const [metadata] = fieldsOf(value, "metadata");
  if (metadata === undefined) return "";
  return wordOf(fieldsOf(metadata, "name", "generateName")[0]);
}
