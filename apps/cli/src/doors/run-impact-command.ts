// SPDX-License-Identifier: Apache-2.0
import { formatImpactJson, formatImpactTable } from "@countersign/core/render";
import { runImpact } from "@countersign/gate";
import { fetchedEvidence } from "@countersign/git";
import { type CliContext, paletteOf, widthOf } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import type { ExitCode } from "../exit-code.ts";
import { openRecorded } from "../open-recorded.ts";
import { type BoundPlanFlags, readBoundPlan } from "../plan/read-bound-plan.ts";
import { type ChangeFlags, requireCommit } from "./change-flags.ts";

export type ImpactFlags = CommonFlags & Pick<ChangeFlags, "base" | "head"> & BoundPlanFlags;

/** `countersign impact`: says what a change touches and decides nothing. */
export async function runImpactCommand(context: CliContext, flags: ImpactFlags): Promise<ExitCode> {
  const repository = await openRecorded(context, repoDirectory(context, flags));
  const [base, head] = await Promise.all([
    requireCommit(repository, "--base", flags.base),
    requireCommit(repository, "--head", flags.head),
  ]);
  const plan = await readBoundPlan(context, flags, { repository, commit: head });
  const impact = await runImpact({
    ...{ repository, base, head },
    evidence: await fetchedEvidence(repository),
    evaluatedAt: Math.floor(Date.now() / 1000),
  });
  const options = { palette: paletteOf(context, flags.color), width: widthOf(context) };
  await context.output.write(
    flags.json ? formatImpactJson(impact, plan) : formatImpactTable(impact, options, plan),
  );
  return 0;
}
