// SPDX-License-Identifier: Apache-2.0
import type { GateReport } from "@countersign/core/render";
import { PUSHES_REF } from "@countersign/gate";
import type { Attack, Scene } from "./attack.ts";
import type { Question } from "./question.ts";
import { byCommitTime, byPatchId, byPushTime } from "./rules.ts";
import { CHANGE, createStage, type Project, type Stage } from "./stage.ts";

/** Columns of the table; the last is ours. */
export const NAMES: readonly string[] = ["push time", "commit timestamp", "patch id", "ours (trees)"];

export interface Outcome {
  readonly scene: Scene;
  /** True where the change may land, in the order of NAMES. */
  readonly allowed: readonly boolean[];
  readonly isAllowedVerbatim: boolean;
  /** Ours could decide; a gate that breaks down stops everything and has shown nothing. */
  readonly isDecided: boolean;
  /** Everything that our report objected to. */
  readonly objections: string;
}

export interface Variant {
  readonly isBackdating?: boolean;
  readonly project?: Project;
  /** Judged where neither push records nor reflogs are, as in a fresh clone of a server without our hook. */
  readonly isForgetful?: boolean;
}

/** Plays the scene on a repository of its own and asks all rules about the same result. */
export async function playScene(scene: Scene, variant: Variant = {}): Promise<Outcome> {
  const stage = await createStage(variant.project ?? scene.project ?? {}, variant.isBackdating);
  await using scenario = stage.scenario;
  await scene.play(stage);
  const question = await toQuestion(stage);
  const rules = [byPushTime, byCommitTime, byPatchId("--stable"), byPatchId("--verbatim")];
  const [push = false, date = false, stable = false, verbatim = false] = await Promise.all(
    rules.map((rule) => rule.allows(question)),
  );
  if (variant.isForgetful === true) await forget(stage);
  const report = await scenario.gate({ base: question.base, head: question.head });
  return {
    scene,
    allowed: [push, date, stable, report.verdict === "pass"],
    isAllowedVerbatim: verbatim,
    isDecided: report.verdict !== "error",
    objections: listObjections(report),
  };
}

async function forget({ scenario: { repo } }: Stage): Promise<void> {
  await repo.git(["update-ref", "-d", PUSHES_REF]);
  await repo.git(["reflog", "expire", "--expire=now", "--all"]);
}

async function toQuestion({ scenario: { repo }, project, events, opener }: Stage): Promise<Question> {
  const seniors = ["senior", "second", "author"];
  return {
    repo,
    base: await repo.id("refs/heads/main"),
    head: await repo.id(CHANGE),
    events,
    opener: opener(),
    approvers: project.listsBot === true ? ["robot", ...seniors] : seniors,
    asksReauthentication: project.asksReauthentication === true,
  };
}

function listObjections(report: GateReport): string {
  const signOffs = report.signOffs.filter(({ counted }) => !counted);
  const findings = report.findings.filter(({ status }) => status !== "pass" && status !== "skipped");
  return [...signOffs, ...findings].map(({ reason }) => reason).join("\n");
}

/** True where ours refuses the attack, could decide, and says the attack's own reason. */
export function isStoppedByOurs({ ours }: Attack, outcome: Outcome): boolean {
  return outcome.allowed.at(-1) === false && outcome.isDecided && ours.test(outcome.objections);
}
