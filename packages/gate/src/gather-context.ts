// SPDX-License-Identifier: Apache-2.0

import type { ObjectId } from "@countersign/core/ids";
import { findPrincipalByKey, isWithin, type Policy } from "@countersign/core/policy";
import { type Assistance, parseCommitMessage } from "@countersign/core/trailers";
import { EVIDENCE_REF, filterCommits, isAncestor, listRefs, readRef } from "@countersign/git";
import { RECORDING_REFS, toRecordSources } from "@countersign/recorder";
import { findOpenOverrides } from "./find-open-overrides.ts";
import type { GateRequest } from "./gate-request.ts";
import type { GatherContext } from "./gather-change.ts";
import { readPushHistory } from "./gather-versions.ts";
import { relevantTo } from "./is-relevant.ts";
import { readInclusion, withLoggedTimes } from "./ledger/read-inclusion.ts";
import type { History } from "./read-history.ts";
import { askLoggedStated } from "./read-logged-stated.ts";
import { readStated } from "./read-stated.ts";
import { readStatements, type VerifiedAmendment } from "./read-statements.ts";

export { EVIDENCE_REF };

/** `commit` is the one whose policy it is. Reads what is common to all landings of one request: evidence, earlier versions, open break-glass. */
export async function gatherContext(
  request: GateRequest,
  { policy, commit }: { readonly policy: Policy; readonly commit: ObjectId },
  history: History,
): Promise<GatherContext> {
  const { repository, target, base } = request;
  const own = await readRef(repository, EVIDENCE_REF);
  const tips = [...(own === undefined ? [] : [own]), ...request.evidence];
  const commits = new Set([request.head, ...request.versions, ...history.chain.map((link) => link.id)]);
  const inclusion = await readInclusion({
    repository,
    policy,
    ledgerDir: request.ledgerDir,
    isOurs: (id) => commits.has(id),
  });
  const [statements, pushes, isLanded, recordRefs] = await Promise.all([
    readStatements(repository, tips, relevantTo(request, policy, history), inclusion.envelopes),
    readPushHistory(repository),
    isOnTarget(request, history),
    listRefs(repository, RECORDING_REFS),
  ]);
  const named = statements.reviews.flatMap(({ predicate }) => [
    predicate.change.head,
    predicate.change.mergeBase,
  ]);
  const available = await filterCommits(repository, [...new Set([...named, ...request.versions])]);
  const reviews = await withLoggedTimes(statements.reviews, inclusion);
  const stated = await readStated(repository, { policy, commit }, statements.machines);
  const openOverrides = await findOpenOverrides({
    repository,
    policy,
    target,
    base,
    reviews,
    available,
    evaluatedAt: request.evaluatedAt,
  });
  return {
    repository,
    policy,
    target,
    isLanding: request.isLanding,
    isTargetNew: request.isTargetNew === true,
    branchNames: request.branchNames,
    amendments: toAmendments(policy, statements.amendments, request.evaluatedAt),
    stated,
    askLogged: askLoggedStated({ repository, policy, commit, inclusion, machines: statements.machines }),
    reviews,
    available,
    openOverrides,
    claims: request.description === null ? [] : readClaims(request.description, "description"),
    contributors: request.contributors,
    versions: request.versions,
    pushes,
    isLanded,
    branchTips: isLanded
      ? (await listRefs(repository, ["refs/heads", "refs/remotes"])).map((ref) => ref.id)
      : [],
    recordSources: toRecordSources([...recordRefs, ...(request.recordRefs ?? [])]),
    problems: [...pushes.problems, ...statements.losses, ...inclusion.problems],
    evidenceProblems: [...statements.problems, ...stated.problems],
    notes: inclusion.notes,
  };
}

/** The target is about to hold the change, or holds it already. */
async function isOnTarget(
  { repository, target, base, head, isLanding }: GateRequest,
  history: History,
): Promise<boolean> {
  const tip = isLanding ? undefined : await readRef(repository, target);
  if (tip === base) return history.mergeBase?.id === head;
  return isLanding || (tip !== undefined && (await isAncestor(repository, head, tip)));
}

const NOBODY = { name: "", email: "" };

/** Claims of a text that is no commit message, read by the one parser there is. */
function readClaims(message: string, convention: string): readonly Assistance[] {
  const parsed = parseCommitMessage({ message, author: NOBODY, committer: NOBODY });
  return parsed.assistance.map((claim) => ({ ...claim, convention }));
}

/** Signed labels by people the policy knows; anybody else's could be noise poured over other people's commits. */
export function toAmendments(
  policy: Policy,
  amendments: readonly VerifiedAmendment[],
  at: number,
): ReadonlyMap<string, readonly Assistance[]> {
  const byCommit = new Map<string, readonly Assistance[]>();
  for (const { commit, tree, predicate, publicKey } of amendments) {
    const signer = findPrincipalByKey(policy, publicKey);
    if (signer === undefined || !isWithin(signer.key, at)) continue;
    const trailers = predicate.assistance.map(
      ({ tool, model, extent }) =>
        `AI-Assisted: ${tool}/${model ?? "unknown"}${extent === null ? "" : `; extent=${extent}`}`,
    );
    const added = readClaims(`label\n\n${trailers.join("\n")}`, "amendment");
    const key = `${commit}:${tree}`;
    byCommit.set(key, [...(byCommit.get(key) ?? []), ...added]);
  }
  return byCommit;
}
