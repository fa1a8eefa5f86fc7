// SPDX-License-Identifier: Apache-2.0
import { mkdir, realpath, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { POLICY_PATH, PROFILE_NAMES, type ProfileName } from "@countersign/core/policy";
import { openRepository } from "@countersign/git";
import type { CliContext } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { formatStarterPolicy } from "./starter-policy.ts";

export type InitFlags = CommonFlags & {
  readonly profile: string;
  readonly write: boolean;
};

export async function runPolicyInit(context: CliContext, flags: InitFlags): Promise<ExitCode> {
  const text = formatStarterPolicy(requireProfile(flags.profile));
  if (!flags.write) {
    await context.output.write(flags.json ? `${JSON.stringify({ path: POLICY_PATH, text })}\n` : text);
    return 0;
  }
  const repo = await openRepository(repoDirectory(context, flags));
  if (repo.workTree === undefined) {
    throw new UsageError(
      "a bare repository has no work tree to write a policy to; use a clone, or leave out --write",
    );
  }
  const { path, isNew } = await writeStarterPolicy(repo.workTree, text);
  if (!isNew)
    throw new UsageError(`${path} exists already and stays as it is; without --write the profile is printed`);
  await context.output.write(flags.json ? `${JSON.stringify({ path })}\n` : `wrote ${path}\n`);
  context.warn("put your people and their keys into it, then: countersign policy check");
  return 0;
}

export function requireProfile(name: string): ProfileName {
  const known = PROFILE_NAMES.find((profile) => profile === name);
  if (known !== undefined) return known;
  throw new UsageError(
    `"${name}" is no profile; expected one of ${PROFILE_NAMES.join(", ")}, for example --profile amazon`,
  );
}

/**
 * Writes a policy where none is; the exclusive flag makes the file system refuse, whoever writes at the same moment.
 * @throws UsageError where the folder is a link
 */
export async function writeStarterPolicy(
  top: string,
  text: string,
): Promise<{ readonly path: string; readonly isNew: boolean }> {
  const path = join(top, POLICY_PATH);
  await mkdir(dirname(path), { recursive: true });
  const [real, inside] = await Promise.all([realpath(dirname(path)), realpath(top)]);
  if (real !== join(inside, dirname(POLICY_PATH))) {
    throw new UsageError(`${dirname(path)} is a link to ${real}; expected a folder of the repository itself`);
  }
  try {
    await writeFile(path, text, { flag: "wx" });
    return { path, isNew: true };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") throw cause;
    return { path, isNew: false };
  }
}
