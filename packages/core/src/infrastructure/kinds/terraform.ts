// SPDX-License-Identifier: Apache-2.0
import {
  type ConfigurationField,
  type ConfigurationValue,
  fieldsOf,
  type LineRange,
  literalOf,
  toObject,
} from "../configuration-value.ts";
import { addressOf } from "../find-addresses-moved.ts";
import type { DeclaredResource, ParsedConfiguration } from "../resource.ts";
import { LABEL, readHcl } from "../text/hcl-body.ts";
import { readJsonValue } from "../text/json-value.ts";
import { expandDynamic } from "./expand-dynamic.ts";
import { expandYaml } from "./expand-yaml.ts";

/** What a `.tf` or `.tofu` file declares. */
export function parseTerraform(text: string): ParsedConfiguration {
  const { value, problems } = readHcl(text);
  return toConfiguration(value, problems, toBlock);
}

/** What a `.tfvars` file sets: a value for each variable. */
export function parseTfvars(text: string): ParsedConfiguration {
  const { value, problems } = readHcl(text);
  return toConfiguration(value, problems, toVariableValue);
}

/** The same in JSON, where labels are keys (developer.hashicorp.com/terraform/language/syntax/json). */
export function parseTerraformJson(text: string): ParsedConfiguration {
  const { value, problems } = readJsonValue(text);
  return toConfiguration(value, problems, toJsonBlocks);
}

export function parseTfvarsJson(text: string): ParsedConfiguration {
  const { value, problems } = readJsonValue(text);
  return toConfiguration(value, problems, toVariableValue);
}

type ToResources = (field: ConfigurationField) => readonly DeclaredResource[];

function toConfiguration(
  value: ConfigurationValue,
  problems: readonly string[],
  toResources: ToResources,
): ParsedConfiguration {
  const isDocument = value.fields.length > 0 || value.text === "{}" || value.text === "";
  const strange = isDocument ? [] : ["it holds a value where a configuration is expected"];
  return { resources: value.fields.flatMap(toResources), problems: [...problems, ...strange] };
}

const LABELS: ReadonlyMap<string, number> = new Map([
  ["resource", 2],
  ["data", 2],
  ["ephemeral", 2],
  ["module", 1],
  ["variable", 1],
  ["output", 1],
  ["provider", 1],
  ["check", 1],
  ["locals", 0],
  ["terraform", 0],
  ["moved", 0],
  ["import", 0],
  ["removed", 0],
]);

function toBlock({ name, value, lines }: ConfigurationField): readonly DeclaredResource[] {
  const labels = fieldsOf(value, LABEL).map((label) => label.literal ?? "");
  const body = { ...value, fields: value.fields.filter((field) => field.name !== LABEL) };
  // What Terragrunt hands to the module is the module's variables.
  if (name === "inputs" && labels.length === 0) return body.fields.flatMap(toVariableValue);
  return toDeclared(name, labels, body, lines);
}

function toDeclared(
  block: string,
  labels: readonly string[],
  written: ConfigurationValue,
  lines: LineRange,
): readonly DeclaredResource[] {
  const body = expandDynamic(written);
  const declare = (type: string, name: string) => [
    { kind: "terraform" as const, type, name, lines, body: expandYaml(type, body) },
  ];
  const [first = "", second = ""] = labels;
  switch (block) {
    case "resource":
      return declare(first, second);
    case "data":
    case "ephemeral":
      return declare(`${block}.${first}`, second);
    case "locals":
      return body.fields.map((field) => toLocal("local", field));
    case "terraform":
      return declare(block, block);
    case "moved":
    case "import":
    case "removed":
      return declare(block, stateAddress(body));
    case "provider":
      // Several configurations of one provider differ by their alias.
      return declare(block, [first, literalOf(body, "alias")].filter(Boolean).join("."));
    default:
      return declare(block, labels.join("."));
  }
}

/** Where a block about the state leads: what it names `to`, else `from`. */
function stateAddress(body: ConfigurationValue): string {
  return addressOf(body, "to") || addressOf(body, "from");
}

function toLocal(type: string, { name, value, lines }: ConfigurationField): DeclaredResource {
  const body = value.fields.length > 0 ? value : toObject([{ name: "value", value, lines }]);
  return { kind: "terraform", type, name, lines, body };
}

function toVariableValue(field: ConfigurationField): readonly DeclaredResource[] {
  return [toLocal("variable", field)];
}

/** Down to as many keys as the block has labels; a list stands for several blocks. */
function toJsonBlocks({ name, value, lines }: ConfigurationField): readonly DeclaredResource[] {
  if (name === "//") return [];
  const depth = LABELS.get(name) ?? 0;
  return descend([], value, lines);

  function descend(
    labels: readonly string[],
    inner: ConfigurationValue,
    own: LineRange,
  ): readonly DeclaredResource[] {
    const isList = inner.fields.length === 0 && inner.items.length > 0;
    if (isList) return inner.items.flatMap((item) => descend(labels, item, own));
    if (labels.length === depth) return toDeclared(name, labels, inner, own);
    // A value where labels are expected is nothing Terraform reads, and must not be overlooked.
    if (inner.fields.length === 0) return inner.text === "{}" ? [] : toDeclared(name, labels, inner, own);
    return inner.fields.flatMap((field) => descend([...labels, field.name], field.value, field.lines));
  }
}
