// SPDX-License-Identifier: Apache-2.0
import { resolve } from "node:path";
import type { ObjectId } from "@countersign/core/ids";
import { findPlanDifference, parsePlan } from "@countersign/core/infrastructure";
import { type BoundPlan, displayText } from "@countersign/core/render";
import { checkPlanOrigin } from "@countersign/gate";
import type { Repository } from "@countersign/git";
import type { CliContext } from "../cli-context.ts";
import { UsageError } from "../exit-code.ts";
import { findPlanPlace } from "./find-plan-place.ts";
import { namePlanFile, UNREAD } from "./name-plan-file.ts";
import { PlanError } from "./plan-error.ts";
import { type PlanFlags, toTrust } from "./plan-flags.ts";
import { readPlanJson } from "./read-plan-json.ts";
import { showPlan } from "./show-plan.ts";
import { takePlan } from "./take-plan.ts";
import { unpackPlan } from "./unpack-plan.ts";

export type BoundPlanFlags = PlanFlags & { readonly plan?: string; readonly planFile?: string };

/**
 * The plan that the flags name, bound to what is applied where they name the saved plan itself: then what it does is read from a copy of the very
 * bytes whose digest is shown, and a JSON beside it is only compared. Throws UsageError, CoreError PLAN_MALFORMED, PlanError.
 */
export async function readBoundPlan(
  context: CliContext,
  flags: BoundPlanFlags,
  { repository, commit }: { readonly repository: Repository; readonly commit: ObjectId },
): Promise<BoundPlan | undefined> {
  const { env } = context.host;
  const from = env.COUNTERSIGN_CWD ?? context.host.cwd();
  const given = flags.plan === undefined ? undefined : await readPlanJson(resolve(from, flags.plan));
  if (flags.planFile === undefined) {
    return given && { ...given.plan, sha256: given.sha256, commit, saved: null };
  }
  const shown = displayText(flags.planFile, 500);
  using taken = await takePlan({ flag: "--plan-file", file: resolve(from, flags.planFile) });
  const kind = namePlanFile(taken.bytes);
  if (kind !== "saved plan") throw new UsageError(`--plan-file ${shown} ${UNREAD[kind]}`);
  const saved = unpackPlan(taken.bytes);
  const { root, folder } = await findPlanPlace(from, flags.planRoot);
  const { json, program } = await showPlan({ plan: taken.path, cwd: folder, environment: env });
  const text = json.toString("utf8");
  const plan = parsePlan(text);
  if (plan?.tool !== "terraform")
    throw new PlanError("TOOL_FAILED", `${program} show -json printed no plan for ${shown}`);
  const difference = given && findPlanDifference(given.text, text);
  if (difference !== undefined)
    throw new UsageError(
      `--plan ${displayText(flags.plan ?? "", 500)} is not what --plan-file ${shown} does: they differ at ${displayText(difference, 500)}; leave --plan out, and what the file does is read from it`,
    );
  const origin = await checkPlanOrigin({ repository, commit, plan: saved, root, ...toTrust(flags) });
  const { sha256 } = taken.artifact.digest;
  return { ...plan, sha256, commit, saved: { program, header: saved.header, origin } };
}
