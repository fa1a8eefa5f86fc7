// SPDX-License-Identifier: Apache-2.0
import { type ConfigurationValue, flattenValue, objectsIn } from "./configuration-value.ts";

/** One statement of an IAM policy document, in AWS JSON or in Terraform's blocks. Expressions stand as their source. */
export interface IamStatement {
  readonly isAllow: boolean;
  /** In lower case: IAM does not tell `S3:*` from `s3:*`. */
  readonly actions: readonly string[];
  /** `NotAction`: all but these. */
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  readonly principals: readonly string[];
  readonly notPrincipals: readonly string[];
  /** Each condition as `operator key = value, …`. */
  readonly conditions: readonly string[];
}

const ACTIONS = new Set(["action", "actions", "notaction", "notactions"]);
const COMPANIONS = new Set([
  "effect",
  "resource",
  "resources",
  "notresource",
  "notresources",
  "principal",
  "principals",
  "notprincipal",
  "notprincipals",
]);

/** Statements at any depth of a value. An effect that is not surely Deny is Allow, which is also what Terraform defaults to. */
export function findStatements(value: ConfigurationValue): readonly IamStatement[] {
  return [...objectsIn(value).filter(isStatement), ...findPermissions(value)].map(toStatement);
}

function isStatement(value: ConfigurationValue): boolean {
  const names = value.fields.map((field) => toKey(field.name));
  return names.some((name) => ACTIONS.has(name)) && names.some((name) => COMPANIONS.has(name));
}

/** Azure's role definitions: what is not allowed is taken away from the actions beside it, and allows nothing by itself. */
function findPermissions(value: ConfigurationValue): readonly ConfigurationValue[] {
  return objectsIn(value)
    .flatMap((each) =>
      each.fields.some(({ name }) => toKey(name) === "assignablescopes")
        ? [each, ...permissionsOf(each)]
        : permissionsOf(each),
    )
    .filter((own) => own.fields.some(({ name }) => toKey(name) === "actions") && !isStatement(own))
    .map((own) => ({ ...own, fields: own.fields.filter(({ name }) => !toKey(name).startsWith("not")) }));
}

function permissionsOf({ fields }: ConfigurationValue): readonly ConfigurationValue[] {
  return fields
    .filter(({ name }) => toKey(name) === "permissions")
    .flatMap(({ value }) => [value, ...value.items]);
}

function toStatement(value: ConfigurationValue): IamStatement {
  const effect = read(value, ["effect"])[0] ?? "Allow";
  return {
    isAllow: effect.toLowerCase() !== "deny",
    actions: read(value, ["action", "actions", "dataactions"]).map((action) => action.toLowerCase()),
    notActions: read(value, ["notaction", "notactions"]),
    resources: read(value, ["resource", "resources"]),
    notResources: read(value, ["notresource", "notresources"]),
    principals: read(value, ["principal", "principals"]),
    notPrincipals: read(value, ["notprincipal", "notprincipals"]),
    conditions: value.fields.filter((field) => toKey(field.name) === "condition").flatMap(toConditions),
  };
}

function toConditions({ value }: ConfigurationValue["fields"][number]): readonly string[] {
  const [test, variable] = ["test", "variable"].map((name) => read(value, [name])[0]);
  if (test !== undefined && variable !== undefined)
    return [`${test} ${variable} = ${[...read(value, ["values"])].sort().join(", ")}`];
  const byPath = new Map<string, string[]>();
  for (const { path, text } of flattenValue(value)) byPath.set(path, [...(byPath.get(path) ?? []), text]);
  return [...byPath].map(([path, texts]) => `${path} = ${texts.sort().join(", ")}`);
}

function read(value: ConfigurationValue, keys: readonly string[]): readonly string[] {
  return value.fields
    .filter((field) => keys.includes(toKey(field.name)))
    .flatMap((field) => flattenValue(field.value))
    .filter(({ name }) => name !== "type")
    .map(({ text }) => text);
}

const KEYS = new Map<string, string>();
const MOST_KEYS = 10_000;

/** Names of fields are few and asked about often. */
function toKey(name: string): string {
  const known = KEYS.get(name);
  if (known !== undefined) return known;
  const key = name.toLowerCase().replaceAll("_", "");
  if (KEYS.size < MOST_KEYS && name.length < 200) KEYS.set(name, key);
  return key;
}
