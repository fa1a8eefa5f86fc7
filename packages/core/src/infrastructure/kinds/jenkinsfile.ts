// SPDX-License-Identifier: Apache-2.0
import type { RepoPath } from "../../ids/index.ts";
import { type ConfigurationField, toLiteral, toProgram } from "../configuration-value.ts";
import type { ParsedConfiguration } from "../resource.ts";

/**
 * A Jenkinsfile is a program in Groovy. It is read statement by statement, a line each: the first word is what is called, and the rest
 * what it is called with. Nothing of it is left out but comments.
 */
export function parseJenkinsfile(text: string, path: RepoPath): ParsedConfiguration {
  const lines = text
    .replace(/\/\*[\s\S]*?(?:\*\/|$)/g, (comment) => comment.replace(/[^\n]/g, ""))
    .split("\n");
  const fields = lines.flatMap((line, index): readonly ConfigurationField[] => {
    const statement = line.replace(/(^|\s)\/\/.*$/, "$1").trim();
    const [, word = "", rest = ""] = /^([A-Za-z_][\w.]*)?\s*(.*)$/.exec(statement) ?? [];
    if (statement === "" || /^[{}()[\],;]+$/.test(statement)) return [];
    const range = [index + 1, index + 1] as const;
    return [{ name: word === "" ? "statement" : word, value: toLiteral(rest), lines: range }];
  });
  const last = Math.max(1, lines.at(-1) === "" ? lines.length - 1 : lines.length);
  const body = toProgram(fields);
  return {
    resources: [{ kind: "workflow", type: "workflow", name: path, lines: [1, last], body }],
    problems: [],
  };
}
