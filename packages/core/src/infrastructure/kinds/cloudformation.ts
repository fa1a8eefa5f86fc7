// SPDX-License-Identifier: Apache-2.0
import {
  type ConfigurationField,
  type ConfigurationValue,
  fieldsOf,
  toObject,
} from "../configuration-value.ts";
import type { DeclaredResource, ParsedConfiguration } from "../resource.ts";
import { readYaml } from "../text/yaml-value.ts";
import { inOrder, wordOf } from "./file-document.ts";
import { toShortForm } from "./to-short-form.ts";

/** Sections of a template that hold one thing under each key, and what such a thing is called. */
const SECTIONS: ReadonlyMap<string, string> = new Map([
  ["Parameters", "Parameter"],
  ["Mappings", "Mapping"],
  ["Conditions", "Condition"],
  ["Outputs", "Output"],
  ["Rules", "Rule"],
]);

/** What a template of CloudFormation, of SAM, or what the CDK wrote declares. Properties stand directly in the body. */
export function parseCloudFormation(text: string): ParsedConfiguration {
  const { documents, problems } = readYaml(text);
  return { resources: inOrder(documents.flatMap(({ value }) => value.fields.flatMap(toSection))), problems };
}

function toSection(section: ConfigurationField): readonly DeclaredResource[] {
  if (section.name === "Resources") return section.value.fields.flatMap(toResources);
  const type = SECTIONS.get(section.name);
  if (type !== undefined) return section.value.fields.map((field) => toPart(type, field));
  // A description and a version are said to people; a macro changes everything.
  return /^(?:Description|AWSTemplateFormatVersion|Metadata)$/.test(section.name)
    ? []
    : [toPart(section.name, { ...section, name: "" })];
}

/** `Fn::ForEach::Name: [variable, collection, { Id: resource }]` is so many resources (AWS::LanguageExtensions). */
function toResources(field: ConfigurationField): readonly DeclaredResource[] {
  if (!field.name.startsWith("Fn::ForEach::")) return [toResource(field)];
  const [variable, collection, template] = field.value.items;
  const over = [variable, collection].flatMap((value) =>
    value === undefined ? [] : [{ name: "ForEach", value, lines: field.lines }],
  );
  return (template?.fields ?? []).flatMap((inner) =>
    toResources(inner).map((each) => ({ ...each, body: toObject([...each.body.fields, ...over]) })),
  );
}

function toResource({ name, value, lines }: ConfigurationField): DeclaredResource {
  const type = wordOf(fieldsOf(value, "Type")[0]);
  const [properties] = fieldsOf(value, "Properties");
  const others = value.fields.filter((field) => field.name !== "Type" && field.name !== "Properties");
  const body = toShortForm(toObject([...(properties?.fields ?? []), ...others]));
  return { kind: "cloudformation", type: type === "" ? "Resource" : type, name, lines, body };
}

function toPart(type: string, { name, value, lines }: ConfigurationField): DeclaredResource {
  const isPlain = value.fields.length === 0;
  const body: ConfigurationValue = isPlain ? toObject([{ name: "value", value, lines }]) : value;
  return { kind: "cloudformation", type, name, lines, body };
}
