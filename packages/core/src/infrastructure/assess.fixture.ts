// SPDX-License-Identifier: Apache-2.0
import { type Assessment, assessChange } from "./assess-change.ts";

/** Assesses one file that becomes another text. */
export function assessFile(path: string, before: string | null, after: string | null): Assessment {
  const side = (text: string | null) => (text === null ? null : { path, text });
  return assessChange([{ path, before: side(before), after: side(after) }]);
}

/** `create aws_iam_policy.admin iam: wildcard-action, privilege-widened`, a line a resource. */
export function summarize({ resources }: Assessment): readonly string[] {
  return resources.map(({ action, type, name, category, dangers }) =>
    `${action} ${type}.${name} ${category}: ${dangers.map(({ code }) => code).join(", ")}`.trim(),
  );
}

export function reasonsOf({ resources }: Assessment): readonly string[] {
  return resources.flatMap(({ dangers }) => dangers.map(({ code, reason }) => `${code}: ${reason}`));
}

/** The codes of all dangers of a file that changes, sorted. */
export function codesOf(path: string, before: string | null, after: string | null): string {
  const { resources } = assessFile(path, before, after);
  return resources
    .flatMap(({ dangers }) => dangers.map(({ code }) => code))
    .sort()
    .join(" ");
}

export function block(type: string, body: string): string {
  return `resource "${type}" "a" {\n  ${body}\n}\n`;
}
