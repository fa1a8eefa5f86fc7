// SPDX-License-Identifier: Apache-2.0
import type { TestRepository } from "@countersign/testkit";

/** Something that happened to a change, in the order in which the server saw it. */
export type Event =
  | { readonly kind: "push"; readonly head: string; readonly at: number }
  | { readonly kind: "approve"; readonly by: string; readonly head: string; readonly at: number };

/** What each rule is asked: may `head` land on `base`, given what happened? */
export interface Question {
  readonly repo: TestRepository;
  readonly base: string;
  readonly head: string;
  readonly events: readonly Event[];
}

/** People who may approve: the same seniors for every rule, so that only the binding differs. */
export const SENIORS: readonly string[] = ["senior", "second", "author"];

export interface Binding {
  readonly name: string;
  /** True where the rule lets the change land. */
  readonly allows: (question: Question) => Promise<boolean>;
}

/**
 * policy-bot: an approval counts if it came after the last push (`invalidate_on_push`), and not from an author or
 * committer of a commit that is in the change now (`allow_author` and `allow_contributor` off, as they are by default).
 */
export const byPushTime: Binding = {
  name: "push time",
  allows: async (question) => {
    const lastPush = Math.max(
      ...question.events.flatMap((event) => (event.kind === "push" ? [event.at] : [])),
    );
    const people = await listPeople(question, ["%ae", "%ce"]);
    return listApprovals(question).some(
      ({ by, at }) => SENIORS.includes(by) && at > lastPush && !people.has(toEmail(by)),
    );
  },
};

/**
 * Kosli's rule as published in its policies: an approval counts if it is younger than the newest commit that is not a
 * merge, and not from the author of the commits, read with `git log`'s own identities.
 */
export const byCommitTime: Binding = {
  name: "commit timestamp",
  allows: async (question) => {
    const dates = await listLines(question, ["--no-merges", "--format=%ct"]);
    const newest = Math.max(0, ...dates.map(Number));
    const people = await listPeople(question, ["%aE"]);
    return listApprovals(question).some(
      ({ by, at }) => SENIORS.includes(by) && at > newest && !people.has(toEmail(by)),
    );
  },
};

/** An approval counts for every head whose diff has the same `git patch-id --stable`, whatever it stands on. */
export const byPatchId: Binding = {
  name: "patch id",
  allows: async (question) => {
    const patch = await toPatchId(question.repo, question.base, question.head);
    const people = await listPeople(question, ["%aE"]);
    for (const { by, head } of listApprovals(question)) {
      const isSame = (await toPatchId(question.repo, question.base, head)) === patch;
      if (SENIORS.includes(by) && isSame && !people.has(toEmail(by))) return true;
    }
    return false;
  },
};

function listApprovals({ events }: Question) {
  return events.filter((event) => event.kind === "approve");
}

function toEmail(person: string): string {
  return `${person}@example.com`;
}

async function listPeople(question: Question, formats: readonly string[]): Promise<ReadonlySet<string>> {
  const lines = await Promise.all(formats.map((format) => listLines(question, [`--format=${format}`])));
  return new Set(lines.flat().map((email) => email.toLowerCase()));
}

async function listLines(
  { repo, base, head }: Question,
  options: readonly string[],
): Promise<readonly string[]> {
  const text = await repo.git(["log", ...options, `${base}..${head}`]);
  return text.split("\n").filter((line) => line !== "");
}

/** The empty text for a change without a diff; patch-id itself prints nothing then. */
async function toPatchId(repo: TestRepository, base: string, head: string): Promise<string> {
  const fork = await repo.git(["merge-base", base, head]);
  const diff = await repo.git(["diff", fork, head]);
  return (await repo.git(["patch-id", "--stable"], { input: `${diff}\n` })).split(" ")[0] ?? "";
}
