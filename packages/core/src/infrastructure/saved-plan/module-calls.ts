// SPDX-License-Identifier: Apache-2.0
import { toText } from "../../ids/index.ts";
import { type ConfigurationValue, fieldsOf } from "../configuration-value.ts";
import { parseTerraform, parseTerraformJson } from "../kinds/terraform.ts";
import { LARGEST_CONFIGURATION } from "../read-configuration.ts";
import type { PlanModule } from "./saved-plan.ts";

/** The calls of a module by their names; of each the sources that its blocks name, null for one that is computed. */
export interface ModuleCalls {
  readonly calls: ReadonlyMap<string, readonly (string | null)[]>;
  /** Files whose calls nobody can tell, with the reason. */
  readonly problems: readonly string[];
}

/** The name of a block is written as it is; in JSON, letters may be written by their numbers. */
const CALLS = /\bmodule\b|\\u/;

/** An override may give the source of a block in another file, so that a call can have several. */
export function readModuleCalls({ files }: PlanModule): ModuleCalls {
  const calls = new Map<string, (string | null)[]>();
  const problems: string[] = [];
  for (const [name, bytes] of files) {
    const text = toText(bytes).replace(/^\ufeff/, "");
    if (!CALLS.test(text)) continue;
    if (text.length > LARGEST_CONFIGURATION) {
      problems.push(`${name} has more than ${LARGEST_CONFIGURATION} characters`);
      continue;
    }
    const read = name.endsWith(".json") ? parseTerraformJson(text) : parseTerraform(text);
    const [problem] = read.problems;
    if (problem !== undefined) problems.push(`${name} is not understood: ${problem}`);
    for (const { type, name: call, body } of read.resources)
      if (type === "module") calls.set(call, [...(calls.get(call) ?? []), ...sourcesOf(body)]);
  }
  return { calls, problems };
}

function sourcesOf(body: ConfigurationValue): readonly (string | null)[] {
  return fieldsOf(body, "source").map(({ literal }) => literal);
}
