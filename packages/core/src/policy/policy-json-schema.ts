// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { policyFileSchema } from "./schema.ts";

/** JSON Schema (draft 2020-12) of the policy file, for editors. */
export function policyJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(policyFileSchema, { io: "input", target: "draft-2020-12" });
  const rules = (schema.properties?.rules as { items?: Record<string, unknown> } | undefined)?.items;
  if (rules !== undefined) {
    rules.oneOf = [{ required: ["require"] }, { required: ["deny"] }, { required: ["assert", "message"] }];
  }
  return { ...schema, $id: "https://countersign.dev/policy.schema.json", title: "Countersign policy" };
}
