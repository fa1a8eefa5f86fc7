// SPDX-License-Identifier: Apache-2.0
import { type CountedSignOff, type GateVerdictPredicate, toGateVerdict } from "@countersign/core/attestation";
import type { GateReport } from "@countersign/core/render";
import type { Repository } from "@countersign/git";
import { describeChange } from "./describe-change.ts";

/**
 * What a gate run found, as the predicate that a machine signs. `repository` is the state of the refs that the run saw;
 * `nonce` is 128 random bits in hex.
 */
export async function toVerdict(
  repository: Repository,
  report: GateReport,
  made: Pick<GateVerdictPredicate, "program" | "nonce">,
): Promise<GateVerdictPredicate> {
  const { verdict, target, base, head, policyDigest, evaluatedAt, findings } = report;
  const change =
    policyDigest === null || report.mergeBase === null
      ? null
      : await describeChange({ repository, base, head, target });
  return toGateVerdict({
    verdict,
    repository: report.repository,
    target,
    base,
    head,
    change,
    policyDigest,
    evaluatedAt,
    ...toAssistance(report),
    findings,
    signOffs: toSignOffs(report),
    ...made,
  });
}

/** Null where the facts are missing: unknown is not human. */
function toAssistance({ change, mergeBase, head, policyDigest }: GateReport): {
  readonly assisted: boolean | null;
  readonly tools: readonly string[];
} {
  if (policyDigest === null || mergeBase === null) return { assisted: null, tools: [] };
  if (mergeBase === head) return { assisted: false, tools: [] };
  const landings = "landings" in change ? (change.landings as readonly Facts[]) : [change as Facts];
  const known = landings.flatMap(({ ai }) => (ai === undefined ? [] : [ai]));
  if (known.length < landings.length) return { assisted: null, tools: [] };
  return {
    assisted: known.some(({ assisted }) => assisted),
    tools: [...new Set(known.flatMap(({ tools }) => tools))].sort(),
  };
}

interface Facts {
  readonly ai?: { readonly assisted: boolean; readonly tools: readonly string[] };
}

function toSignOffs({ signOffs }: GateReport): readonly CountedSignOff[] {
  const counted = signOffs.flatMap(({ counted, principal, envelope, decision }) =>
    counted && principal !== null ? [{ envelope, principal, decision }] : [],
  );
  return [...new Map(counted.map((one) => [one.envelope, one])).values()];
}
