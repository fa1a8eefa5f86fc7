// SPDX-License-Identifier: Apache-2.0
import type { TestRepository } from "@countersign/testkit";

/** Something that happened to a change, in the order in which the server saw it; seconds since the epoch. */
export type Event =
  | { readonly kind: "push"; readonly head: string; readonly at: number }
  | {
      readonly kind: "approve";
      readonly by: string;
      readonly head: string;
      readonly at: number;
      /** The person proved to be there: a password asked again by the forge, or a touch on a hardware key. */
      readonly isReauthenticated: boolean;
    };

/** What each rule is asked: may `head` land on `base`, given what happened? */
export interface Question {
  readonly repo: TestRepository;
  readonly base: string;
  readonly head: string;
  readonly events: readonly Event[];
  /** Account that opened the change. */
  readonly opener: string;
  /** Accounts that may approve: the same for every rule, so that only the binding differs. */
  readonly approvers: readonly string[];
  /** The project asks approvers to prove themselves again, where the rule's real tool can ask for it. */
  readonly asksReauthentication: boolean;
}

/** A way of deciding whether an earlier approval is about what is there now. */
export interface Binding {
  readonly name: string;
  /** True where the rule lets the change land. */
  readonly allows: (question: Question) => Promise<boolean>;
}

export type Approval = Extract<Event, { kind: "approve" }>;

/** Approvals by accounts that may give one, oldest first. */
export function listApprovals({ events, approvers }: Question): readonly Approval[] {
  return events.filter((event) => event.kind === "approve").filter(({ by }) => approvers.includes(by));
}

/** What a forge shows of a commit; an account is undefined where the e-mail is linked to none. */
export interface ForgeCommit {
  readonly author: string | undefined;
  readonly committer: string | undefined;
  /** `Name <email>`, as the commit says. */
  readonly authorLine: string;
  readonly committedAt: number;
}

/** Commits of the change, newest first, read without mailmap as forges do. */
export async function listCommits(
  { repo, base, head }: Question,
  options: readonly string[] = [],
): Promise<readonly ForgeCommit[]> {
  const format = "--format=%ae%x00%ce%x00%an <%ae>%x00%ct";
  const text = await repo.git(["log", "--no-mailmap", ...options, format, `${base}..${head}`]);
  const rows = text.split("\n").filter((line) => line !== "");
  return rows.map((row) => {
    const [author = "", committer = "", authorLine = "", committedAt = ""] = row.split("\0");
    return {
      author: findAccount(author),
      committer: findAccount(committer),
      authorLine,
      committedAt: Number(committedAt),
    };
  });
}

/** E-mails that the forge links to accounts: everybody's own, a senior's private second account, and apps' addresses. */
function findAccount(email: string): string | undefined {
  const app = /^\d+\+(.+\[bot\])@users\.noreply\.github\.com$/.exec(email);
  if (app !== null) return app[1];
  if (email === SECOND_ACCOUNT.email) return SECOND_ACCOUNT.login;
  return /^(author|senior|second|auditor|commander|deputy|robot)@example\.com$/.exec(email)?.[1];
}

export const SECOND_ACCOUNT = { login: "senior-home", email: "senior@home.example" } as const;
