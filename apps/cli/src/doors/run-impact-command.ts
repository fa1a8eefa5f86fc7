// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { LARGEST_PLAN, parsePlan } from "@countersign/core/infrastructure";
import { type BoundPlan, displayText, formatImpactJson, formatImpactTable } from "@countersign/core/render";
import { runImpact } from "@countersign/gate";
import { fetchedEvidence } from "@countersign/git";
import { type CliContext, paletteOf, widthOf } from "../cli-context.ts";
import { type CommonFlags, repoDirectory } from "../common-flags.ts";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { openRecorded } from "../open-recorded.ts";
import { type ChangeFlags, requireCommit } from "./change-flags.ts";

export type ImpactFlags = CommonFlags & Pick<ChangeFlags, "base" | "head"> & { readonly plan?: string };

/** `countersign impact`: says what a change touches and decides nothing. */
export async function runImpactCommand(context: CliContext, flags: ImpactFlags): Promise<ExitCode> {
  const repository = await openRecorded(context, repoDirectory(context, flags));
  const [base, head] = await Promise.all([
    requireCommit(repository, "--base", flags.base),
    requireCommit(repository, "--head", flags.head),
  ]);
  const plan =
    flags.plan === undefined ? undefined : { ...(await readPlan(context, flags.plan)), commit: head };
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

/** The plan with the digest of the file that it was read from, so that nobody takes another one for it. */
async function readPlan({ host }: CliContext, file: string): Promise<Omit<BoundPlan, "commit">> {
  const shown = `--plan ${displayText(file, 500)}`;
  const bytes = await readFile(resolve(host.env.COUNTERSIGN_CWD ?? host.cwd(), file)).catch(
    (cause: NodeJS.ErrnoException) => {
      throw new UsageError(
        `${shown} cannot be read (${cause.code}); expected what terraform show -json prints`,
        {
          cause,
        },
      );
    },
  );
  if (bytes.length > LARGEST_PLAN)
    throw new UsageError(`${shown} has ${bytes.length} bytes; at most ${LARGEST_PLAN} are read`);
  const plan = parsePlan(bytes.toString("utf8"));
  if (plan !== undefined) return { ...plan, sha256: createHash("sha256").update(bytes).digest("hex") };
  throw new UsageError(
    `${shown} is no plan; expected the JSON of \`terraform show -json plan.tfplan\` or \`pulumi preview --json\``,
  );
}
