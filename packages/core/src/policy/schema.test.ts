// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { policyJsonSchema } from "./policy-json-schema.ts";

const FILE = new URL("../../../../specs/policy.schema.json", import.meta.url);

test("specs/policy.schema.json is what the schema says", () => {
  expect(JSON.parse(readFileSync(FILE, "utf8"))).toEqual(JSON.parse(JSON.stringify(policyJsonSchema())));
});

test("the JSON Schema is closed at every level that has fixed keys", () => {
  const open: string[] = [];
  const visit = (node: unknown, path: string) => {
    if (typeof node !== "object" || node === null) return;
    const schema = node as Readonly<Record<string, unknown>>;
    if (schema.properties !== undefined && schema.additionalProperties !== false) open.push(path);
    for (const [key, value] of Object.entries(schema)) visit(value, `${path}/${key}`);
  };
  visit(policyJsonSchema(), "");
  expect(open).toEqual([]);
});
