// SPDX-License-Identifier: Apache-2.0
import { lstat, readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { CliContext } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import { UsageError } from "../exit-code.ts";

/** A policy file of the work tree; only the gate reads policies from commits. */
export interface PolicySource {
  readonly bytes: Uint8Array;
  /** As the person would write it, for messages. */
  readonly name: string;
}

const DEFAULT_PATH = ".countersign/policy.yml";

/** The named file, or the repository's own; a relative name is relative to `--repo`. */
export async function readPolicyFile(
  context: CliContext,
  flags: CommonFlags,
  file: string | undefined,
): Promise<PolicySource> {
  const directory = repoDirectory(context, flags);
  const path = file === undefined ? join(directory, DEFAULT_PATH) : resolve(directory, file);
  const name = file ?? DEFAULT_PATH;
  if (file === undefined) await requirePlain(directory);
  try {
    return { bytes: await readFile(path), name };
  } catch (cause) {
    const hint = "countersign policy init --profile amazon --write starts one";
    throw new UsageError(`cannot read the policy file ${path}; expected a YAML file; ${hint}`, { cause });
  }
}

/** The gate reads the repository's policy from commits, where a symbolic link is no file and leads nowhere. */
async function requirePlain(directory: string): Promise<void> {
  for (const path of [dirname(DEFAULT_PATH), DEFAULT_PATH]) {
    const found = await lstat(join(directory, path)).catch(() => undefined);
    if (found?.isSymbolicLink() === true)
      throw new UsageError(
        `${path} is a symbolic link, which the gate does not follow; expected a file of its own`,
      );
  }
}
