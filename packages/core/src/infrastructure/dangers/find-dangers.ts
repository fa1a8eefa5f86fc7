// SPDX-License-Identifier: Apache-2.0
import type { Danger } from "../resource.ts";
import type { ChangeView, FindDangers } from "./change-view.ts";
import { findAccountDangers } from "./find-account-dangers.ts";
import { findAdmissionDangers } from "./find-admission-dangers.ts";
import { findCapacityDangers } from "./find-capacity-dangers.ts";
import { findClusterDangers } from "./find-cluster-dangers.ts";
import { findCodeDangers } from "./find-code-dangers.ts";
import { findConditionDangers } from "./find-condition-dangers.ts";
import { findDefaultDangers } from "./find-default-dangers.ts";
import { findDetectionDangers } from "./find-detection-dangers.ts";
import { findDoorDangers } from "./find-door-dangers.ts";
import { findEverybodyDangers } from "./find-everybody-dangers.ts";
import { findExemptionDangers } from "./find-exemption-dangers.ts";
import { findExposureDangers } from "./find-exposure-dangers.ts";
import { findForeignSource } from "./find-foreign-source.ts";
import { findForgivenDangers } from "./find-forgiven-dangers.ts";
import { findGoneCheckDangers } from "./find-gone-check-dangers.ts";
import { findHostDangers } from "./find-host-dangers.ts";
import { findImageDangers } from "./find-image-dangers.ts";
import { findImageRoot } from "./find-image-root.ts";
import { findImageSecrets } from "./find-image-secrets.ts";
import { findIsolationDangers } from "./find-isolation-dangers.ts";
import { findJenkinsImages } from "./find-jenkins-images.ts";
import { findLiftedDenials } from "./find-lifted-denials.ts";
import { findLoginDangers } from "./find-login-dangers.ts";
import { findModeDangers } from "./find-mode-dangers.ts";
import { findNamedGrantDangers } from "./find-named-grant-dangers.ts";
import { findOperatorDangers } from "./find-operator-dangers.ts";
import { findOrderDangers } from "./find-order-dangers.ts";
import { findPatchDangers } from "./find-patch-dangers.ts";
import { findPausedDangers } from "./find-paused-dangers.ts";
import { findPeerDangers } from "./find-peer-dangers.ts";
import { findPipelineDangers } from "./find-pipeline-dangers.ts";
import { findPolicyWidened } from "./find-policy-widened.ts";
import { findPrintedNames } from "./find-printed-names.ts";
import { findPrivilegeDangers } from "./find-privilege-dangers.ts";
import { findProbeDangers } from "./find-probe-dangers.ts";
import { findProgramSwitches } from "./find-program-switches.ts";
import { findProtectionDangers } from "./find-protection-dangers.ts";
import { findProxyDangers } from "./find-proxy-dangers.ts";
import { findRarerDangers } from "./find-rarer-dangers.ts";
import { findReplacementDangers } from "./find-replacement-dangers.ts";
import { findRoleDangers } from "./find-role-dangers.ts";
import { findRolloutDangers } from "./find-rollout-dangers.ts";
import { findRouteDangers } from "./find-route-dangers.ts";
import { findSecretDangers } from "./find-secret-dangers.ts";
import { findSettingDangers } from "./find-setting-dangers.ts";
import { findSpotDangers } from "./find-spot-dangers.ts";
import { findStoreDangers } from "./find-store-dangers.ts";
import { findSubjectDangers } from "./find-subject-dangers.ts";
import { findTracedDangers } from "./find-traced-dangers.ts";
import { findTriggerDangers } from "./find-trigger-dangers.ts";
import { findUnlistedDangers } from "./find-unlisted-dangers.ts";
import { findUnpinnedDangers } from "./find-unpinned-dangers.ts";
import { findVerdictDangers } from "./find-verdict-dangers.ts";
import { findVolumeDangers } from "./find-volume-dangers.ts";
import { findWorkloadDangers } from "./find-workload-dangers.ts";

const FINDERS: readonly FindDangers[] = [
  findPrivilegeDangers,
  findRoleDangers,
  findNamedGrantDangers,
  findEverybodyDangers,
  findExposureDangers,
  findDoorDangers,
  findDefaultDangers,
  findOrderDangers,
  findVerdictDangers,
  findRouteDangers,
  findProtectionDangers,
  findDetectionDangers,
  findLoginDangers,
  findCapacityDangers,
  findReplacementDangers,
  findSecretDangers,
  findIsolationDangers,
  findPeerDangers,
  findImageDangers,
  findImageSecrets,
  findCodeDangers,
  findUnpinnedDangers,
  findForeignSource,
  findClusterDangers,
  findPipelineDangers,
  findGoneCheckDangers,
  findPatchDangers,
  findPausedDangers,
  findVolumeDangers,
  findExemptionDangers,
  findSettingDangers,
  findHostDangers,
  findOperatorDangers,
  findAccountDangers,
  findRarerDangers,
  findRolloutDangers,
  findUnlistedDangers,
  findImageRoot,
  findTracedDangers,
  findAdmissionDangers,
  findProbeDangers,
  findLiftedDenials,
  findSubjectDangers,
  findProxyDangers,
  findModeDangers,
  findConditionDangers,
  findForgivenDangers,
  findTriggerDangers,
  findJenkinsImages,
  findPrintedNames,
  findProgramSwitches,
  findWorkloadDangers,
  findStoreDangers,
  findPolicyWidened,
  findSpotDangers,
];

/** What makes a change of one resource dangerous, each code once with all of its reasons in one line. */
export function findDangers(view: ChangeView): readonly Danger[] {
  const reasons = new Map<Danger["code"], string[]>();
  for (const { code, reason } of FINDERS.flatMap((find) => find(view))) {
    const known = reasons.get(code);
    if (known === undefined) reasons.set(code, [reason]);
    else if (!known.includes(reason)) known.push(reason);
  }
  return [...reasons].map(([code, all]) => ({ code, reason: all.slice(0, MOST_REASONS).join("; ") }));
}

const MOST_REASONS = 3;
