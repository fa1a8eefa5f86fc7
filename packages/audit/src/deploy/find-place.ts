// SPDX-License-Identifier: Apache-2.0
import { type DeploymentKind, parseInstant } from "@countersign/core/attestation";
import {
  type DeployFinding,
  type DeploymentChain,
  findEarlier,
  type KnownDeployment,
} from "@countersign/core/audit";
import type { ObjectId } from "@countersign/core/ids";
import { isAncestor, mergeBases, type Repository } from "@countersign/git";

export interface PlaceQuestion {
  readonly repository: Repository;
  readonly environment: string;
  readonly since: ObjectId | null;
  readonly rollback: "allow" | "deny";
}

/** How a commit lies to what runs in an environment, and from where it is to be looked at. */
export interface Place {
  readonly kind: DeploymentKind;
  readonly base: ObjectId | null;
  /** When exactly this was approved here before; null for what is new. */
  readonly approvedAt: number | null;
  readonly findings: readonly DeployFinding[];
  /** Nothing says from where to look. */
  readonly isUnknown: boolean;
}

export async function findPlace(
  request: PlaceQuestion,
  chain: DeploymentChain,
  commit: ObjectId,
): Promise<Place> {
  const { repository, since } = request;
  const { approved } = chain;
  if (approved === undefined) return toFirst(request, chain);
  if (since !== null) {
    const reason = `deployments of ${request.environment} are recorded, so what runs there is known; --since is for an environment without any`;
    return {
      kind: "forward",
      base: null,
      approvedAt: null,
      isUnknown: true,
      findings: [fail("since", reason)],
    };
  }
  const running = approved.predicate.commits.head;
  if (running === commit) return toAgain("again", approved);
  if (await isAncestor(repository, running, commit))
    return { kind: "forward", base: running, approvedAt: null, isUnknown: false, findings: [] };
  const earlier = findEarlier(chain, commit);
  if (await isAncestor(repository, commit, running))
    return withoutRollback(request, await toRollback(request, chain, commit, earlier));
  const [fork] = [...(await mergeBases(repository, running, commit))].sort();
  return { kind: "sideways", base: fork ?? null, approvedAt: null, isUnknown: false, findings: [] };
}

function withoutRollback({ environment, rollback }: PlaceQuestion, place: Place): Place {
  if (rollback === "allow") return place;
  const reason = `the policy does not let ${environment} go back (deployments.${environment}.rollback); revert the change on the branch and deploy that`;
  return { ...place, findings: [...place.findings, fail("rollback", reason)] };
}

function toFirst({ environment, since }: PlaceQuestion, chain: DeploymentChain): Place {
  if (since !== null) return { kind: "first", base: since, approvedAt: null, isUnknown: false, findings: [] };
  const what = chain.last === undefined ? "nothing was ever recorded" : "no deployment was ever approved";
  const reason = `${what} for ${environment}, so nothing says since when to look; name what runs there now with --since COMMIT, or record it once: countersign deploy record --environment ${environment} --baseline`;
  return { kind: "first", base: null, approvedAt: null, isUnknown: true, findings: [error("since", reason)] };
}

/** The same range as when it was approved, judged as of then; what was said since counts (T56). */
function toAgain(kind: "again" | "rollback", { predicate }: KnownDeployment): Place {
  const { base, head } = predicate.commits;
  // A baseline was taken as it was: there is nothing to look at again.
  const from = predicate.verdict === "baseline" || base === null ? head : base;
  return { kind, base: from, approvedAt: parseInstant(predicate.at), isUnknown: false, findings: [] };
}

async function toRollback(
  request: PlaceQuestion,
  chain: DeploymentChain,
  commit: ObjectId,
  earlier: KnownDeployment | undefined,
): Promise<Place> {
  const { repository, environment } = request;
  if (earlier !== undefined) {
    const reason = `${commit.slice(0, 12)} was approved here at ${earlier.predicate.at}; this goes back to it`;
    return { ...toAgain("rollback", earlier), findings: [warning("rollback", reason)] };
  }
  const before = [];
  for (const one of chain.all)
    if (
      one.predicate.commits.head !== commit &&
      (await isAncestor(repository, one.predicate.commits.head, commit))
    )
      before.push(one);
  const reason = `${commit.slice(0, 12)} lies before what runs there and was never deployed to ${environment} itself; it is judged as if it were new`;
  const base = before.at(-1)?.predicate.commits.head;
  if (base === undefined) {
    const unknown = `${reason}, and nothing that was recorded lies before it`;
    return {
      kind: "rollback",
      base: null,
      approvedAt: null,
      isUnknown: true,
      findings: [error("rollback", unknown)],
    };
  }
  return {
    kind: "rollback",
    base,
    approvedAt: null,
    isUnknown: false,
    findings: [warning("rollback", reason)],
  };
}

function fail(rule: string, reason: string, ...commits: readonly ObjectId[]): DeployFinding {
  return { rule, status: "fail", reason, commits };
}

function error(rule: string, reason: string): DeployFinding {
  return { rule, status: "error", reason, commits: [] };
}

function warning(rule: string, reason: string): DeployFinding {
  return { rule, status: "warning", reason, commits: [] };
}
