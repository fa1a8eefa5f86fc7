// SPDX-License-Identifier: Apache-2.0
// Three published rules, written anew for the comparison from what their tools do; product code uses none of them.
import type { TestRepository } from "@countersign/testkit";
import { type Binding, type ForgeCommit, listApprovals, listCommits, type Question } from "./question.ts";

/**
 * policy-bot with `invalidate_on_push` (policy/approval/approve.go): an approval counts if it came after the head was
 * first seen; a head that comes back keeps the moment at which it was first seen (PushedAt looks it up by commit id).
 * Barred are whoever opened the change and, with `allow_contributor` off as by default, authors and committers of its
 * commits along the first parent; a commit whose e-mail belongs to no account bars nobody.
 */
export const byPushTime: Binding = {
  name: "push time",
  allows: async (question) => {
    const { events, head, opener } = question;
    const pushedAt = events.find((event) => event.kind === "push" && event.head === head)?.at;
    if (pushedAt === undefined) return false;
    const commits = await listCommits(question, ["--first-parent"]);
    const barred = new Set([opener, ...commits.flatMap(({ author, committer }) => [author, committer])]);
    return listApprovals(question).some(({ by, at }) => at > pushedAt && !barred.has(by));
  },
};

const SERVICE_ACCOUNT = /svc_.*|.*\[bot\]|noreply@github\.com/;

/**
 * Kosli's four-eyes policy as it stood in May 2026 (kosli-dev/never-alone-ts, four-eyes.rego at 3c43d6b): an approval
 * counts if it is younger than the newest committer date of the change, merges included. Every author and the opener
 * need one by somebody else; a commit whose author has no account fails; a commit by a service account, recognised by
 * its author line, needs none. Later versions bind to the head commit and leave dates alone.
 */
export const byCommitTime: Binding = {
  name: "commit timestamp",
  allows: async (question) => {
    const commits = await listCommits(question);
    const isExempt = ({ authorLine }: ForgeCommit) => SERVICE_ACCOUNT.test(authorLine);
    if (commits.length > 0 && commits.every(isExempt)) return true;
    if (commits.some((commit) => commit.author === undefined && !isExempt(commit))) return false;
    const newest = Math.max(...commits.map(({ committedAt }) => committedAt));
    const approvals = listApprovals(question).filter(({ at }) => at > newest);
    const authors = new Set([question.opener, ...commits.flatMap(({ author }) => author ?? [])]);
    return [...authors].every((author) => approvals.some(({ by }) => by !== author));
  },
};

/**
 * GitLab with "remove all approvals when commits are added": a push deletes the approvals whose recorded patch id is
 * not the new one (ResetApprovalsService); the patch id is that of the diff from the merge base (Gitaly, GetPatchID:
 * `--stable`; with a feature flag `--verbatim`). Barred are the opener and, with the settings on, committers of the
 * present commits; "require user re-authentication to approve" is a setting too.
 */
export function byPatchId(kind: "--stable" | "--verbatim"): Binding {
  return {
    name: kind === "--stable" ? "patch id" : "patch id --verbatim",
    allows: async (question) => {
      const commits = await listCommits(question);
      const barred = new Set([question.opener, ...commits.map(({ committer }) => committer)]);
      const kept = await listKeptApprovals(question, kind);
      return kept.some(
        ({ by, isReauthenticated }) =>
          !barred.has(by) && (isReauthenticated || !question.asksReauthentication),
      );
    },
  };
}

/** Walks through the pushes: once deleted, an approval does not come back with the patch it was about. */
async function listKeptApprovals(question: Question, kind: string) {
  const { repo, base, events } = question;
  const heads = [...new Set(events.map(({ head }) => head))];
  const ids = new Map(
    await Promise.all(heads.map(async (head) => [head, await toPatchId(repo, base, head, kind)] as const)),
  );
  return listApprovals(question).filter((approval) =>
    events
      .slice(events.indexOf(approval))
      .every((event) => event.kind !== "push" || ids.get(event.head) === ids.get(approval.head)),
  );
}

/** The empty text for a change without a diff: patch-id prints nothing then. */
export async function toPatchId(
  repo: TestRepository,
  base: string,
  head: string,
  kind: string,
): Promise<string> {
  const fork = await repo.git(["merge-base", base, head]);
  const { stdout } = await repo.tryGit(["diff", "--full-index", fork, head]);
  return (await repo.git(["patch-id", kind], { input: stdout })).split(" ")[0] ?? "";
}
