// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import { type ConfigurationValue, fieldsOf, literalOf } from "../configuration-value.ts";
import { parseTerraform, parseTerraformJson } from "../kinds/terraform.ts";
import type { DeclaredResource } from "../resource.ts";
import { isLocalSource } from "./terraform-modules.ts";

/** A run that asserts something about what it plans or applies. */
export interface TerraformRun {
  readonly name: string;
  /** Relative to the folder that the test is run in; null for that folder itself. */
  readonly source: string | null;
  /** Modules that are replaced by made-up outputs: whatever they hold is not exercised. */
  readonly overridden: ReadonlySet<string>;
}

/** Runs of a test file of Terraform or OpenTofu that can fail; undefined for one that cannot be read. */
export function readTerraformRuns(path: RepoPath, text: string): readonly TerraformRun[] | undefined {
  const isJson = path.endsWith(".json");
  const { resources, problems } = isJson ? parseTerraformJson(text) : parseTerraform(text);
  if (problems.length > 0) return undefined;
  const everywhere = resources
    .filter(({ type }) => type === "override_module")
    .flatMap(({ body }) => toBlocks(body));
  return resources
    .filter(({ type }) => type === "run")
    .flatMap((run) => (isJson ? toNamed(run) : [run]))
    .filter(({ body }) => canFail(body))
    .flatMap((run) => toRun(run, everywhere));
}

/** In JSON the name is a key. */
function toNamed({ body, ...run }: DeclaredResource): readonly DeclaredResource[] {
  return body.fields.map(({ name, value }) => ({ ...run, name, body: value }));
}

function toBlocks(value: ConfigurationValue): readonly ConfigurationValue[] {
  return value.items.length > 0 ? value.items : [value];
}

function blocksOf(body: ConfigurationValue, name: string): readonly ConfigurationValue[] {
  return fieldsOf(body, name).flatMap(toBlocks);
}

/** It asserts something about what it ran; a condition that refers to nothing is an error to Terraform. */
function canFail(body: ConfigurationValue): boolean {
  const conditions = blocksOf(body, "assert").flatMap((block) => fieldsOf(block, "condition"));
  const expected = fieldsOf(body, "expect_failures").flatMap(({ items }) => items);
  return [...conditions, ...expected].some(hasReference);
}

const REFERENCE = /(?<![\w-])[A-Za-z_][\w-]*\s?(?:\.|\[)\s?["A-Za-z_]/;

/** An expression's parts are values of their own; what is between them is its text. */
function hasReference({ text, literal, items }: ConfigurationValue): boolean {
  const isExpression = literal === null || text.includes("${");
  return (isExpression && REFERENCE.test(text)) || items.some(hasReference);
}

function toRun({ name, body }: DeclaredResource, everywhere: readonly ConfigurationValue[]): TerraformRun[] {
  const [module] = blocksOf(body, "module");
  const targets = [...everywhere, ...blocksOf(body, "override_module")].flatMap((block) =>
    fieldsOf(block, "target").map((value) => (value.literal ?? value.text).replaceAll(" ", "")),
  );
  const overridden = new Set(targets.map((target) => target.replace(/^module\./, "")));
  if (module === undefined) return [{ name, source: null, overridden }];
  const source = literalOf(module, "source") ?? "";
  // Of a registry's module, or one that an expression names, no file here is planned.
  return isLocalSource(source) ? [{ name, source, overridden }] : [];
}
