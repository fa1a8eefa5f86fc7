// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import type { ParsedConfiguration } from "../resource.ts";
import { readJsonValue } from "../text/json-value.ts";
import { baseName } from "./base-name.ts";

/** A file that is one policy document, such as a template or `aws iam put-role-policy` takes it. */
export function parseIamPolicy(text: string, path: RepoPath): ParsedConfiguration {
  const { value, problems, lines } = readJsonValue(text);
  return {
    resources: [{ kind: "iam-policy", type: "policy", name: baseName(path), lines, body: value }],
    problems,
  };
}
