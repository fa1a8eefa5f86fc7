// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { DeployedArtifact } from "@countersign/core/attestation";
import type { ObjectId } from "@countersign/core/ids";
import { type PlanHeader, type SavedPlan, STATE_SETTINGS } from "@countersign/core/infrastructure";
import { displayText, type SavedPlanFacts } from "@countersign/core/render";
import { checkPlanOrigin } from "@countersign/gate";
import type { Repository } from "@countersign/git";
import { type ExitCode, UsageError } from "../exit-code.ts";
import { chdirOf } from "../plan/chdir-of.ts";
import { findPlanPlace, type PlanPlace } from "../plan/find-plan-place.ts";
import { namePlanFile, UNREAD } from "../plan/name-plan-file.ts";
import { type PlanFlags, toTrust } from "../plan/plan-flags.ts";
import { type TakenPlan, takePlan } from "../plan/take-plan.ts";
import { unpackPlan } from "../plan/unpack-plan.ts";

export type ExecPlanFlags = PlanFlags & {
  readonly plan?: string;
  readonly planDigest?: string;
  readonly planWorkspace?: string;
  readonly planState?: readonly string[];
  readonly planDigestOnly?: boolean;
};

/** The plan that a command is going to apply: a copy that nobody else can change. */
export interface ExecPlan extends Disposable {
  readonly path: string;
  readonly artifact: DeployedArtifact;
  /** Undefined for a plan of which only the digest can be checked. */
  readonly saved: SavedPlan | undefined;
  readonly place: PlanPlace;
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Undefined where the flags name none. Throws UsageError, CoreError PLAN_MALFORMED. */
export async function readExecPlan(
  flags: ExecPlanFlags,
  command: readonly string[],
  from: string,
): Promise<ExecPlan | undefined> {
  const { plan, planDigest } = flags;
  if (plan === undefined) {
    if (planDigest === undefined) return undefined;
    throw new UsageError("--plan-digest says what the plan must be; say which file it is with --plan FILE");
  }
  if (planDigest === undefined || !DIGEST.test(planDigest))
    throw new UsageError(
      "--plan needs --plan-digest sha256:HEX, the digest of the plan that was reviewed: countersign impact --plan-file FILE says it where it is reviewed, sha256sum FILE where it was made",
    );
  if (!command.slice(1).includes(plan))
    throw new UsageError(
      `the command has no argument ${JSON.stringify(plan)}, so it would apply something else`,
    );
  for (const wish of flags.planState ?? []) requireStateWish(wish);
  const folder = chdirOf(command, from);
  const inFolder = resolve(folder, plan);
  const taken = await takePlan({
    flag: "--plan",
    file: existsSync(inFolder) ? inFolder : resolve(from, plan),
  });
  try {
    const saved = readSaved(flags, taken);
    const place = await findPlanPlace(folder, flags.planRoot);
    const { path, artifact } = taken;
    return { path, artifact, saved, place, [Symbol.dispose]: () => taken[Symbol.dispose]() };
  } catch (error) {
    taken[Symbol.dispose]();
    throw error;
  }
}

function readSaved(
  { plan = "", planDigestOnly }: ExecPlanFlags,
  { bytes }: TakenPlan,
): SavedPlan | undefined {
  const kind = namePlanFile(bytes);
  if (kind === "saved plan") return unpackPlan(bytes);
  if (planDigestOnly === true) return undefined;
  throw new UsageError(
    `--plan ${displayText(plan, 500)} ${UNREAD[kind]}. To apply it though nobody can tell from which commit it was made: --plan-digest-only`,
  );
}

export interface PlanJudgement {
  readonly facts: SavedPlanFacts | undefined;
  /** Why it must not be applied. */
  readonly refusal: { readonly exitCode: ExitCode; readonly reason: string } | undefined;
}

/** Whether the plan is the one that was reviewed, and made from the commit for where it is going to be applied. Cannot tell is no yes. */
export async function judgeExecPlan(
  { artifact, saved, place }: ExecPlan,
  flags: ExecPlanFlags,
  { repository, commit }: { readonly repository: Repository; readonly commit: ObjectId },
): Promise<PlanJudgement> {
  const { sha256 } = artifact.digest;
  const refuse = (exitCode: ExitCode, reason: string) => ({ exitCode, reason });
  if (`sha256:${sha256}` !== flags.planDigest) {
    const reason = `the plan is sha256:${sha256}, and ${flags.planDigest} was reviewed: it is another plan`;
    return { facts: undefined, refusal: refuse(1, reason) };
  }
  if (saved === undefined) return { facts: undefined, refusal: undefined };
  const request = { repository, commit, plan: saved, root: place.root, ...toTrust(flags) };
  const origin = await checkPlanOrigin(request);
  const facts = { sha256, commit, header: saved.header, origin };
  const { workspace, isErrored } = saved.header;
  const asked = flags.planWorkspace ?? "default";
  const short = commit.slice(0, 12);
  if (origin.status === "differs")
    return {
      facts,
      refusal: refuse(1, `the plan was not made from ${short}; plan again in a clean checkout of it`),
    };
  if (workspace !== asked)
    return {
      facts,
      refusal: refuse(
        1,
        `the plan is for the workspace ${workspace}, not ${asked}; where it is meant: --plan-workspace`,
      ),
    };
  const elsewhere = flags.planState?.find((wish) => !saysOfState(saved.header, wish));
  if (elsewhere !== undefined)
    return { facts, refusal: refuse(1, `the plan's state is not where it is meant to be: ${elsewhere}`) };
  if (isErrored) return { facts, refusal: refuse(1, "the plan ended in an error and is not whole") };
  const unknown = refuse(3, `nobody can tell whether the plan was made from ${short}`);
  return { facts, refusal: origin.status === "unknown" ? unknown : undefined };
}

function requireStateWish(wish: string): void {
  const [name = ""] = wish.split("=", 1);
  if (wish.includes("=") && STATE_SETTINGS.has(name)) return;
  const names = [...STATE_SETTINGS].join(", ");
  throw new UsageError(
    `--plan-state ${displayText(wish, 200)}: expected NAME=VALUE with one of the names ${names}`,
  );
}

function saysOfState({ state }: PlanHeader, wish: string): boolean {
  return state.some(({ name, value }) => `${name}=${value}` === wish);
}
