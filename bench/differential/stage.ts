// SPDX-License-Identifier: Apache-2.0
import { toCodeReviewStatement } from "@countersign/core/attestation";
import { formatPushRecord, PUSHES_REF } from "@countersign/gate";
import { addEvidence, openRepository } from "@countersign/git";
import type { CommitOptions } from "@countersign/testkit";
import {
  AI_MESSAGE,
  createScenario,
  identityOf,
  keyOf,
  NOW,
  type PersonId,
  peopleYaml,
  type Scenario,
  SENIOR_RULES,
  TARGET,
} from "../../packages/gate/src/threats/gate-scenario.fixture.ts";
import { createSecurityKey, type SecurityKey } from "../../packages/gate/src/threats/security-key.fixture.ts";
import type { Event } from "./question.ts";

export const CHANGE = "refs/heads/change";

/** What a project asks for beyond one senior; each rule follows it as far as its tool can. */
export interface Project {
  readonly files?: CommitOptions["files"];
  /** Somebody put the bot on the list of approvers, in every rule's configuration. */
  readonly listsBot?: boolean;
  /** Approvers prove that they are there: `keys: sk` here, re-authentication on a forge that has it. */
  readonly asksReauthentication?: boolean;
  /** Our rule says `carryOver: { unless: infrastructure }`; no other rule has the like. */
  readonly carriesOver?: "unless-infrastructure";
}

type Overrides = Omit<Partial<CommitOptions>, "message"> & { readonly message?: string };

/** Plays one change on a real repository, and keeps the log that a server would have of it. */
export interface Stage {
  readonly scenario: Scenario;
  readonly project: Project;
  readonly events: readonly Event[];
  /** Login that pushed first. */
  readonly opener: () => string;
  /** Commits on the change at the next moment; after an approval, a backdating stage lies about the date. */
  readonly commit: (files: CommitOptions["files"], options?: Overrides) => Promise<string>;
  /** Another commit in place of the tip: same parent, same message. */
  readonly replaceTip: (files: CommitOptions["files"], options?: Overrides) => Promise<string>;
  /** A colleague's commit on the target. */
  readonly moveTarget: (files: CommitOptions["files"]) => Promise<string>;
  /** Moves the change to any commit. */
  readonly reset: (head: string) => Promise<void>;
  readonly rebase: () => Promise<void>;
  /** The server sees the change at its present tip, at a moment later than all before. */
  readonly push: (login?: string) => Promise<string>;
  /** A real signature for ours and a forge's approval for the others, at one moment about one head. */
  readonly approve: (by: PersonId, options?: { readonly isTouched: boolean }) => Promise<void>;
  /** Date of the change's first commit: what a liar copies. */
  readonly firstDate: () => number;
}

interface Clock {
  readonly tick: () => number;
  /** The date that goes into a commit made now. */
  readonly commitDate: () => number;
  readonly firstDate: () => number;
}

export async function createStage(project: Project, isBackdating = false): Promise<Stage> {
  const key = createSecurityKey();
  const scenario = await createScenario({
    policy: toRules(project),
    people: await toPeople(key),
    ...(project.files && { files: project.files }),
  });
  const events: Event[] = [];
  const logins: string[] = [];
  const clock = createClock(() => isBackdating && events.some(({ kind }) => kind === "approve"));
  return {
    scenario,
    project,
    events,
    opener: () => logins[0] ?? "",
    firstDate: clock.firstDate,
    ...toMoves(scenario, clock),
    push: async (login = "author") => {
      const head = await scenario.repo.id(CHANGE);
      const old = events.findLast(({ kind }) => kind === "push")?.head ?? "0".repeat(40);
      const at = clock.tick();
      logins.push(login);
      events.push({ kind: "push", head, at });
      const record = formatPushRecord({ version: 1, ref: CHANGE, old, new: head, pusher: login, at });
      await addEvidence(await openRepository(scenario.repo.path), [record], PUSHES_REF);
      return head;
    },
    approve: async (by, { isTouched } = { isTouched: false }) => {
      const at = clock.tick();
      const head = await scenario.repo.id(CHANGE);
      events.push({ kind: "approve", by, head, at, isReauthenticated: isTouched });
      // Our policy that lists a bot is refused as a whole: there is no change under it that anybody could sign.
      if (project.listsBot === true) return;
      if (!isTouched) await scenario.sign(by, { at });
      else
        await scenario.addEnvelope(
          key.sign(toCodeReviewStatement(await scenario.describe(by, { at })), { flags: 1 }),
        );
    },
  };
}

function createClock(isLying: () => boolean): Clock {
  let now = NOW - 36_000;
  let first: number | undefined;
  const tick = () => {
    now += 600;
    return now;
  };
  const firstDate = () => first ?? now;
  const commitDate = () => {
    const at = tick();
    first ??= at;
    return isLying() ? first : at;
  };
  return { tick, commitDate, firstDate };
}

type Moves = Pick<Stage, "commit" | "replaceTip" | "moveTarget" | "reset" | "rebase">;

function toMoves(scenario: Scenario, clock: Clock): Moves {
  const { repo } = scenario;
  const commit: Stage["commit"] = (files, options = {}) =>
    scenario.commit({ message: AI_MESSAGE, at: clock.commitDate(), ...(files && { files }), ...options });
  return {
    commit,
    replaceTip: async (files, options = {}) =>
      await commit(files, { parents: [await repo.id(`${CHANGE}^`)], ...options }),
    moveTarget: (files) =>
      repo.commit({
        branch: TARGET,
        message: "other work\n",
        at: clock.tick(),
        author: identityOf("second"),
        ...(files && { files }),
      }),
    reset: async (head) => {
      await repo.git(["update-ref", CHANGE, head]);
    },
    rebase: async () => {
      await repo.checkout("change");
      await repo.git(["reset", "--quiet", "--hard"]);
      const environment = { GIT_COMMITTER_DATE: `@${clock.commitDate()} +0000` };
      await repo.git(["rebase", "--quiet", TARGET], { environment });
    },
  };
}

function toRules({ listsBot, asksReauthentication, carriesOver }: Project): string {
  const keys = asksReauthentication === true ? ", keys: sk" : "";
  const carry = carriesOver === undefined ? "" : ", carryOver: { unless: infrastructure }";
  const rules = SENIOR_RULES.replace("count: 1 }", `count: 1${keys}${carry} }`);
  return listsBot === true ? rules.replace("[senior, second", "[robot, senior, second") : rules;
}

/** Everybody, the senior with a hardware key beside the plain one. */
async function toPeople(key: SecurityKey): Promise<string> {
  const plain = `"${(await keyOf("senior")).publicKey}"`;
  return (await peopleYaml()).replace(plain, `${plain}, "${key.publicKey}"`);
}
