// SPDX-License-Identifier: Apache-2.0
import { z } from "zod";
import { didYouMean } from "./did-you-mean.ts";
import type { PolicyIssue } from "./policy-error.ts";
import { type PolicyFile, policyFileSchema } from "./schema.ts";
import { formatPath, type Path, type YamlSource } from "./yaml-source.ts";

const MAX_ISSUES = 100;

export type SchemaAnswer = { readonly file: PolicyFile } | { readonly issues: readonly PolicyIssue[] };

/** Checks the shape of a policy file and says for every mistake where it is and what would be right. */
export function checkPolicyShape(source: YamlSource): SchemaAnswer {
  const result = policyFileSchema.safeParse(source.value);
  if (result.success) return { file: result.data };
  const issues = result.error.issues.flatMap((issue) => toPolicyIssues(source, issue, []));
  return { issues: issues.slice(0, MAX_ISSUES) };
}

/** An issue about the value at `path`, with its position. */
export function issueAt(
  source: YamlSource,
  path: Path,
  said: Pick<PolicyIssue, "message" | "expected" | "example">,
): PolicyIssue {
  return { ...source.positionOf(path), path: formatPath(path), ...said };
}

function toPolicyIssues(source: YamlSource, issue: z.core.$ZodIssue, prefix: Path): PolicyIssue[] {
  const path = [...prefix, ...(issue.path as Path)];
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key) => unknownKeyIssue(source, [...path, key]));
  if (issue.code === "invalid_key") {
    const at = source.keyPositionOf(path);
    const message = `"${short(path.at(-1))}" cannot be an id`;
    return [
      {
        ...at,
        path: formatPath(path),
        message,
        ...adviceOf(
          z
            .string()
            .meta({ description: "lower-case letters, digits, `.`, `_` and `-`", examples: ["senior-a"] }),
        ),
      },
    ];
  }
  if (issue.code === "invalid_union") {
    const nearest = nearestOption(issue.errors);
    if (nearest !== undefined) return nearest.flatMap((inner) => toPolicyIssues(source, inner, path));
  }
  const value = valueAt(source.value, path);
  const parent = valueAt(source.value, path.slice(0, -1));
  const isMissing = value === undefined && parent !== undefined && path.length > 0;
  const message = isMissing ? `"${short(path.at(-1))}" is missing` : `${describe(value)} does not fit`;
  return [
    issueAt(source, path, { message: message + enumAdvice(issue, value), ...adviceOf(schemaAt(path)) }),
  ];
}

/** Of the alternatives of a union, the one that got furthest: the object form for objects, for example. */
function nearestOption(
  errors: readonly (readonly z.core.$ZodIssue[])[],
): readonly z.core.$ZodIssue[] | undefined {
  return errors.find(
    (issues) =>
      issues.length > 0 &&
      issues.every((issue) => issue.path.length > 0 || issue.code === "unrecognized_keys"),
  );
}

function unknownKeyIssue(source: YamlSource, path: Path): PolicyIssue {
  const key = String(path.at(-1));
  const known = Object.keys(shapeOf(schemaAt(path.slice(0, -1))) ?? {});
  return {
    ...source.keyPositionOf(path),
    path: formatPath(path),
    message: `unknown key "${short(key)}"${didYouMean(key, known)}`,
    expected: known.length === 0 ? "no such key" : `one of ${known.join(", ")}`,
    example: adviceOf(schemaAt(path.slice(0, -1))).example,
  };
}

function enumAdvice(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code !== "invalid_value" || typeof value !== "string") return "";
  if (issue.values.some((known) => typeof known !== "string" && String(known) === value))
    return `; did you mean ${value} without quotes?`;
  return didYouMean(value, issue.values.map(String));
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return "an empty value";
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === "object") return "a map";
  return short(JSON.stringify(value));
}

function short(value: unknown): string {
  const text = String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const part of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, part)) return undefined;
    current = (current as Record<string | number, unknown>)[part];
  }
  return current;
}

function adviceOf(schema: z.ZodType | undefined): { readonly expected: string; readonly example: string } {
  const meta = schema?.meta();
  const example = (meta?.examples as readonly unknown[] | undefined)?.[0];
  return {
    expected: meta?.description ?? "text",
    example:
      example === undefined ? '"text"' : typeof example === "string" ? example : JSON.stringify(example),
  };
}

/** The schema that governs a path; unions answer with the object alternative for what lies inside them. */
function schemaAt(path: Path): z.ZodType | undefined {
  let schema: z.ZodType | undefined = policyFileSchema;
  for (const part of path) {
    schema = childOf(unwrap(schema), part);
    if (schema === undefined) return undefined;
  }
  return unwrap(schema);
}

function childOf(schema: z.ZodType, part: string | number): z.ZodType | undefined {
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  return shapeOf(schema)?.[part];
}

function shapeOf(schema: z.ZodType | undefined): Record<string, z.ZodType> | undefined {
  if (schema instanceof z.ZodObject) return schema.shape as Record<string, z.ZodType>;
  if (schema instanceof z.ZodUnion) {
    return shapeOf((schema.options as readonly z.ZodType[]).find((option) => option instanceof z.ZodObject));
  }
  return undefined;
}

function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodOptional ? unwrap(schema.unwrap() as z.ZodType) : schema;
}
