// SPDX-License-Identifier: Apache-2.0
import { didYouMean } from "../did-you-mean.ts";
import { type FactType, formatFactType } from "../fact-types.ts";
import type { Path } from "../yaml-source.ts";

export interface FactProblem {
  readonly path: Path;
  readonly message: string;
  readonly expected: string;
  readonly example: string;
}

/** What is wrong with facts that a test states; whatever it leaves out is no problem. */
export function findFactProblems(value: unknown, type: FactType, path: Path): readonly FactProblem[] {
  if (type.kind === "object") return findObjectProblems(value, type, path);
  if (type.kind === "list") {
    if (!Array.isArray(value)) return [wrongType(value, type, path)];
    return value.flatMap((item, i) => findFactProblems(item, type.of, [...path, i]));
  }
  if (type.kind === "bool") return typeof value === "boolean" ? [] : [wrongType(value, type, path)];
  if (type.kind === "int") return Number.isSafeInteger(value) ? [] : [wrongType(value, type, path)];
  if (type.kind !== "string") return [];
  if (typeof value !== "string") return [wrongType(value, type, path)];
  if (type.values === undefined || type.values.includes(value)) return [];
  const message = `"${value.slice(0, 80)}" can never occur here${didYouMean(value, type.values)}`;
  return [{ path, message, expected: `one of ${type.values.join(", ")}`, example: type.values[0] ?? "" }];
}

function findObjectProblems(
  value: unknown,
  type: Extract<FactType, { kind: "object" }>,
  path: Path,
): readonly FactProblem[] {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return [wrongType(value, type, path)];
  const known = Object.keys(type.fields);
  return Object.entries(value).flatMap(([name, member]) => {
    const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
    if (field !== undefined) return findFactProblems(member, field, [...path, name]);
    const message = `${type.name} has no field "${name.slice(0, 80)}"${didYouMean(name, known)}`;
    return [
      {
        path: [...path, name],
        message,
        expected: `one of ${known.join(", ")}`,
        example: "{ ai: { assisted: true } }",
      },
    ];
  });
}

function wrongType(value: unknown, type: FactType, path: Path): FactProblem {
  const given = JSON.stringify(value) ?? "nothing";
  return {
    path,
    message: `${given.slice(0, 80)} does not fit`,
    expected: expectedOf(type),
    example: exampleOf(type),
  };
}

function expectedOf(type: FactType): string {
  if (type.kind === "bool") return "true or false";
  if (type.kind === "int") return "a whole number";
  if (type.kind === "object") return `a map of ${Object.keys(type.fields).join(", ")}`;
  return type.kind === "list" ? `a ${formatFactType(type)}` : "text";
}

function exampleOf(type: FactType): string {
  if (type.kind === "bool") return "true";
  if (type.kind === "int") return "3";
  if (type.kind === "list") return "[]";
  return type.kind === "object" ? "{ }" : '"text"';
}
