// SPDX-License-Identifier: Apache-2.0
import type { ConfigurationValue } from "../configuration-value.ts";
import { readYaml } from "../text/yaml-value.ts";

/** Attributes of Terraform's types that are YAML as a text. */
const YAML: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  [
    "helm_release: values",
    "kubectl_manifest: yaml_body",
    "kubectl_server_version: yaml_body",
    "argocd_application: values",
    "aws_ssm_document: content",
    "aws_cloudformation_stack: template_body",
    "aws_codebuild_project: buildspec",
    "aws_eks_addon: configuration_values",
    "aws_imagebuilder_component: data",
    "google_workflows_workflow: source_contents",
  ].map((line) => {
    const [type = "", names = ""] = line.split(": ");
    return [type, new Set(names.split(" "))] as const;
  }),
);

/** The body of a resource with such texts read; what is no map stays the text that it is. */
export function expandYaml(type: string, body: ConfigurationValue): ConfigurationValue {
  const names = YAML.get(type);
  return names === undefined ? body : expandNamed(body, names);
}

function expandNamed(value: ConfigurationValue, names: ReadonlySet<string>): ConfigurationValue {
  const fields = value.fields.map((field) => ({
    ...field,
    value: names.has(field.name) ? toStructure(field.value) : expandNamed(field.value, names),
  }));
  return { ...value, fields, items: value.items.map((item) => expandNamed(item, names)) };
}

function toStructure(value: ConfigurationValue): ConfigurationValue {
  if (value.literal === null) return { ...value, items: value.items.map(toStructure) };
  if (!/^\s*[\w."'/-]{1,100}\s{0,4}:/.test(value.literal.replace(/^(?:\s*(?:#[^\n]*|---)?\n)+/, "")))
    return value;
  const { documents, problems } = readYaml(value.literal, { hasNested: true });
  const [only, second] = documents;
  const isStructure = problems.length === 0 && second === undefined && (only?.value.fields.length ?? 0) > 0;
  return isStructure && only !== undefined ? only.value : value;
}
