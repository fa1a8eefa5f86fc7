// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { type PolicyQuestion, parsePolicy } from "@countersign/core/policy";
import { gatherQuestions, readPolicy } from "@countersign/gate";
import { openRepository } from "@countersign/git";
import type { CliContext } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import { type ChangeFlags, readChangeFlags } from "../doors/change-flags.ts";
import { UsageError } from "../exit-code.ts";

/** The questions that the gate would ask about a change, of the target's policy or of a draft. */
export async function gatherForPolicy(
  context: CliContext,
  flags: CommonFlags & ChangeFlags,
  draft: string | undefined,
): Promise<readonly PolicyQuestion[] | { readonly denial: string }> {
  const repository = await openRepository(repoDirectory(context, flags));
  const change = await readChangeFlags(repository, flags);
  const request = {
    repository,
    ...change,
    evaluatedAt: Math.floor(Date.now() / 1000),
    isLanding: false,
    branchNames: [],
    versions: [],
    contributors: [],
    description: null,
    evidence: [],
  };
  const reading = await readPolicy(repository, request);
  const chosen =
    draft === undefined ? reading : { source: reading.source, policy: await readDraft(context, draft) };
  const gathered = await gatherQuestions(request, chosen);
  return "denial" in gathered ? { denial: gathered.denial.reason } : gathered.questions;
}

async function readDraft(context: CliContext, path: string) {
  const file = resolve(context.host.env.COUNTERSIGN_CWD ?? context.host.cwd(), path);
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new UsageError(`--policy ${path} cannot be read; expected a policy file`, { cause });
  });
  return parsePolicy(bytes, path);
}
