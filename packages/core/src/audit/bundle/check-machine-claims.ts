// SPDX-License-Identifier: Apache-2.0
import type { Sha256 } from "../../ids/index.ts";
import type { ReportedDeployment } from "../report/audit-report.ts";
import type { AttestedVerdict } from "../report/shipped-change.ts";
import type { CheckedEvidence, CheckedStatement } from "./check-evidence.ts";

type MachineStatement = Extract<CheckedStatement, { readonly by: "machine" }>;

/** What a report shows of a gate's verdict, against what the gate signed. */
export function findVerdictFaults(
  { envelope, verdict, at }: AttestedVerdict,
  target: string,
  evidence: CheckedEvidence,
): readonly string[] {
  const found = findMachineStatement(envelope, evidence);
  if (found === undefined) return [];
  if (typeof found === "string" || found.said.kind !== "verdict")
    return ["what it names is no verdict of a gate"];
  const { predicate } = found.said;
  return [
    ...findPowerFault(found, "verdict"),
    ...differ("verdict", verdict, predicate.verdict),
    ...differ("at", at, predicate.evaluatedAt),
    ...differ("target", target, predicate.target),
  ];
}

/** What a report shows of a delivery, against what the pipeline signed. A delivery that cannot be trusted may be by whoever may not deliver. */
export function findDeploymentFaults(
  shown: ReportedDeployment,
  target: string,
  evidence: CheckedEvidence,
): readonly string[] {
  const found = findMachineStatement(shown.envelope, evidence);
  if (found === undefined) return [];
  if (typeof found === "string" || found.said.kind !== "deployment")
    return ["what it names is no deployment"];
  const { predicate } = found.said;
  const artifacts = (names: readonly { readonly name: string; readonly digest: unknown }[]) =>
    names.map(({ name, digest }) => `${name}@${digest}`).join(" ");
  return [
    ...(shown.problem === null ? findPowerFault(found, "deployment") : []),
    ...differ("environment", shown.environment, predicate.environment),
    ...differ("at", shown.at, predicate.at),
    ...differ("head", shown.head, predicate.commits.head),
    ...differ("base", shown.base, predicate.commits.base),
    ...differ("verdict", shown.verdict, predicate.verdict),
    ...differ("target", target, predicate.target),
    ...differ(
      "artifacts",
      artifacts(shown.artifacts),
      artifacts(predicate.artifacts.map(({ name, digest }) => ({ name, digest: digest.sha256 }))),
    ),
  ];
}

/** Undefined for what is withheld, redacted, or named as a fault already. */
function findMachineStatement(
  envelope: Sha256,
  { statements }: CheckedEvidence,
): MachineStatement | "other" | undefined {
  const checked = statements.get(envelope);
  if (checked === undefined) return undefined;
  return checked.by === "machine" ? checked : "other";
}

/** The policies of a bundle are of different times; one of them has to give the machine the word. */
function findPowerFault({ machines }: MachineStatement, power: "verdict" | "deployment"): readonly string[] {
  if (machines.some(({ may }) => may.includes(power))) return [];
  return [`the machine ${machines[0]?.id} may not say a ${power}, by no policy in this bundle`];
}

function differ(name: string, shown: string | null, said: string | null): readonly string[] {
  return shown === said
    ? []
    : [`${name} is ${JSON.stringify(shown)}, the statement says ${JSON.stringify(said)}`];
}
