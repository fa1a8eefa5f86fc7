// SPDX-License-Identifier: Apache-2.0
import { resolve } from "node:path";
import type { CliContext } from "./cli-context.ts";
import { UsageError } from "./exit-code.ts";

/** Flags of every command. */
export type CommonFlags = {
  readonly repo: string;
  readonly json: boolean;
  readonly color?: boolean;
};

export function parseText(text: string): string {
  return text;
}

export const COMMON_FLAGS = {
  repo: {
    kind: "parsed",
    parse: parseText,
    placeholder: "DIR",
    brief: "Work in this repository, as if called there",
    default: ".",
  },
  json: { kind: "boolean", brief: "Print JSON instead of text", default: false, withNegated: false },
  color: { kind: "boolean", brief: "Colour, also where stdout is no terminal", optional: true },
} as const;

/**
 * The folder that `--repo` means. `npm start -- … --repo x` runs us in the workspace's own folder; npm says in INIT_CWD
 * where the person stood.
 */
export function repoDirectory(context: CliContext, flags: Pick<CommonFlags, "repo">): string {
  const { env } = context.host;
  const start = env.COUNTERSIGN_CWD ?? context.host.cwd();
  if (flags.repo === "") throw new UsageError("--repo needs a folder, for example --repo ../shop");
  return resolve(start, flags.repo);
}
