// SPDX-License-Identifier: Apache-2.0
// long: a table of played scenes, one after the other
import { formatPushRecord, PUSHES_REF } from "@countersign/gate";
import { addEvidence, openRepository } from "@countersign/git";
import {
  AI_MESSAGE,
  createScenario,
  identityOf,
  NOW,
  type PersonId,
  type Scenario,
  type ScenarioOptions,
  SENIOR_RULES,
  type SignOptions,
  TARGET,
} from "../../packages/gate/src/threats/gate-scenario.fixture.ts";
import type { Event } from "./bindings.ts";

/** One row of the table. `isAttack` false: something that must be allowed, or a rule that denies everything would win. */
export interface Attack {
  readonly id: string;
  readonly what: string;
  readonly isAttack: boolean;
  readonly why: string;
  readonly play: (stage: Stage) => Promise<void>;
  readonly options?: ScenarioOptions;
}

/** Plays one change on a real repository and keeps the server's log of it. */
export interface Stage {
  readonly scenario: Scenario;
  readonly events: readonly Event[];
  /** The server sees the branch at its present tip; the moment is later than everything before. */
  readonly push: (by?: PersonId) => Promise<string>;
  /** A real signature for ours, a forge's approval for the others, at the same moment about the same head. */
  readonly approve: (by: PersonId, options?: SignOptions) => Promise<void>;
}

export async function createStage(options: ScenarioOptions = {}): Promise<Stage> {
  const scenario = await createScenario(options);
  const events: Event[] = [];
  let clock = NOW - 36_000;
  const tick = () => {
    clock += 600;
    return clock;
  };
  let last = "0".repeat(40);
  return {
    scenario,
    events,
    push: async (by = "author") => {
      const head = await scenario.repo.id("refs/heads/change");
      const at = tick();
      events.push({ kind: "push", head, at });
      const record = formatPushRecord({
        version: 1,
        ref: "refs/heads/change",
        old: last,
        new: head,
        pusher: by,
        at,
      });
      await addEvidence(await openRepository(scenario.repo.path), [record], PUSHES_REF);
      last = head;
      return head;
    },
    approve: async (by, sign) => {
      const at = tick();
      const head = sign?.head ?? (await scenario.repo.id("refs/heads/change"));
      events.push({ kind: "approve", by, head, at });
      await scenario.sign(by, { ...sign, at });
    },
  };
}

const YAML = (indent: string) => `service:\n  routes:\n    - path: /a\n${indent}limit: 10\n`;
const BODY = (check: string) => `    a = 1\n    b = 2\n    c = 3\n${check}    d = 4\n    e = 5\n    f = 6\n`;
const CODE = (first: string, second: string) => `def one():\n${BODY(first)}\n\ndef two():\n${BODY(second)}`;
const change = (files: Record<string, string>) => ({ message: AI_MESSAGE, files });
const start = async ({ scenario, push }: Stage, files: Record<string, string> = { "net.txt": "one\n" }) => {
  await scenario.commit(change(files));
  return await push();
};
/** Force-pushes another commit in place of the branch's tip: same message, same dates, other content. */
const replaceTip = async ({ scenario }: Stage, files: Record<string, string>, at?: number) => {
  const parent = await scenario.repo.id("refs/heads/change^");
  await scenario.commit({ ...change(files), parents: [parent], ...(at === undefined ? {} : { at }) });
};
const OLD = NOW - 90_000;

export const ATTACKS: readonly Attack[] = [
  {
    id: "T10",
    what: "the author approves",
    isAttack: true,
    why: "all compare author and approver",
    play: async (stage) => {
      await start(stage);
      await stage.approve("author");
    },
  },
  {
    id: "T11",
    what: "the author of a force-pushed version approves",
    isAttack: true,
    why: "only the present commits are looked at; ours knows every version that was pushed",
    play: async (stage) => {
      await stage.scenario.commit({
        ...change({ "net.txt": "one\n" }),
        author: identityOf("senior"),
        committer: identityOf("senior"),
      });
      await stage.push("senior");
      await replaceTip(stage, { "net.txt": "one\n" });
      await stage.push();
      await stage.approve("senior");
    },
  },
  {
    id: "T12",
    what: "a senior commits under a second e-mail and approves",
    isAttack: true,
    why: "an e-mail that is nobody's counts as somebody else; ours asks one more human",
    play: async (stage) => {
      const home = { name: "senior", email: "senior@home.example" };
      await stage.scenario.commit({ ...change({ "net.txt": "one\n" }), author: home, committer: home });
      await stage.push("stranger");
      await stage.approve("senior");
    },
  },
  {
    id: "T13",
    what: "a .mailmap in the change renames the author",
    isAttack: true,
    why: "`%aE` believes the change's own .mailmap",
    play: async (stage) => {
      const self = identityOf("senior");
      await stage.scenario.commit({
        ...change({
          "net.txt": "one\n",
          ".mailmap": "Somebody <somebody@example.com> <senior@example.com>\n",
        }),
        author: self,
        committer: self,
      });
      await stage.push("stranger");
      await stage.scenario.repo.checkout("change");
      await stage.approve("senior");
    },
  },
  {
    id: "T14",
    what: "an author whom nobody knows, one approval",
    isAttack: true,
    why: "an unknown author is skipped, although it may be the approver",
    play: async (stage) => {
      const nobody = { name: "x", email: "x@nowhere.example" };
      await stage.scenario.commit({ ...change({ "net.txt": "one\n" }), author: nobody, committer: nobody });
      await stage.push("stranger");
      await stage.approve("senior");
    },
  },
  {
    id: "T15",
    what: "an author spoofed as a bot, one approval by that same person",
    isAttack: true,
    why: "the author field is free text; ours asks one more human where none is named",
    play: async (stage) => {
      const bot = { name: "dependabot[bot]", email: "49699333+dependabot[bot]@users.noreply.github.com" };
      await stage.scenario.commit({ ...change({ "net.txt": "one\n" }), author: bot, committer: bot });
      await stage.approve("senior");
      await stage.push("senior");
      await stage.approve("senior");
    },
  },
  {
    id: "T16",
    what: "a bot approves",
    isAttack: true,
    why: "no rule here lets a bot be a senior",
    play: async (stage) => {
      await start(stage);
      await stage.approve("robot");
    },
  },
  {
    id: "T17",
    what: "an agent holding the senior's plain key approves",
    isAttack: true,
    why: "no binding sees who held the key; `keys: sk` asks for a touch",
    options: { policy: SENIOR_RULES.replace("count: 1 }", "count: 1, keys: sk }") },
    play: async (stage) => {
      await start(stage);
      await stage.approve("senior");
    },
  },
  {
    id: "T18",
    what: "approve, then push another commit",
    isAttack: true,
    why: "later push, later date, other patch, other tree",
    play: async (stage) => {
      await start(stage);
      await stage.approve("senior");
      await stage.scenario.commit({ message: "more\n", files: { "net.txt": "two\n" }, at: NOW - 600 });
      await stage.push();
    },
  },
  {
    id: "T19",
    what: "approve, then force-push other content with the same dates",
    isAttack: true,
    why: "the dates are the old ones",
    play: async (stage) => {
      await start(stage);
      await stage.approve("senior");
      await replaceTip(stage, { "net.txt": "evil\n" }, OLD);
      await stage.push();
    },
  },
  {
    id: "T20",
    what: "approve, force-push away, force-push back to what was approved",
    isAttack: false,
    why: "the very content that was approved, but pushed later",
    play: async (stage) => {
      const approved = await start(stage);
      await stage.approve("senior");
      await replaceTip(stage, { "net.txt": "other\n" });
      await stage.push();
      await stage.scenario.repo.git(["update-ref", "refs/heads/change", approved]);
      await stage.push();
    },
  },
  {
    id: "T21",
    what: "approve, then push a commit with a backdated date",
    isAttack: true,
    why: "committer dates are free text",
    play: async (stage) => {
      await start(stage);
      await stage.approve("senior");
      await stage.scenario.commit({ message: "more\n", files: { "net.txt": "evil\n" }, at: OLD });
      await stage.push();
    },
  },
  {
    id: "T22",
    what: "approve, then change the indentation of YAML",
    isAttack: true,
    why: "a patch id ignores white space, YAML does not",
    options: { files: { "a.yml": YAML("      ") } },
    play: async (stage) => {
      await start(stage, { "a.yml": `${YAML("      ")}extra:\n  open: true\n` });
      await stage.approve("senior");
      await replaceTip(stage, { "a.yml": `${YAML("      ")}extra:\nopen: true\n` }, OLD);
      await stage.push();
    },
  },
  {
    id: "T23",
    what: "approve, then move the hunk to another function",
    isAttack: true,
    why: "the hunk and its context are the same text",
    options: { files: { "a.py": CODE("", "") } },
    play: async (stage) => {
      await start(stage, { "a.py": CODE("    check()\n", "") });
      await stage.approve("senior");
      await replaceTip(stage, { "a.py": CODE("", "    check()\n") }, OLD);
      await stage.push();
    },
  },
  {
    id: "T24",
    what: "approve, then rebase cleanly onto a target that moved on",
    isAttack: false,
    why: "the same change, but pushed and dated later",
    play: async (stage) => {
      await start(stage);
      await stage.approve("senior");
      const { repo } = stage.scenario;
      await repo.commit({
        branch: TARGET,
        message: "other\n",
        files: { "other.txt": "x\n" },
        author: identityOf("second"),
        committer: identityOf("second"),
      });
      await repo.checkout("change");
      const rebased = await repo.git(
        ["commit-tree", "-p", await repo.id(TARGET), "-m", AI_MESSAGE, await mergedTree(stage)],
        { environment: authorDates(NOW - 300) },
      );
      await repo.git(["update-ref", "refs/heads/change", rebased]);
      await stage.push();
    },
  },
  {
    id: "T25",
    what: "approve, then rebase and resolve a conflict by hand",
    isAttack: true,
    why: "a hand-made resolution is new content",
    options: { files: { "net.txt": "zero\n" } },
    play: async (stage) => {
      await start(stage, { "net.txt": "one\n" });
      await stage.approve("senior");
      const { repo } = stage.scenario;
      const tip = await repo.commit({
        branch: TARGET,
        message: "other\n",
        files: { "net.txt": "moved\n" },
        author: identityOf("second"),
        committer: identityOf("second"),
      });
      await stage.scenario.commit({ ...change({ "net.txt": "one, and more\n" }), parents: [tip], at: OLD });
      await stage.push();
    },
  },
  {
    id: "T26",
    what: "approve, then merge the target in with a hand edit (evil merge)",
    isAttack: true,
    why: "merges are passed over, and `git log` shows nothing in them",
    play: async (stage) => {
      const head = await start(stage);
      await stage.approve("senior");
      const { repo } = stage.scenario;
      const tip = await repo.commit({
        branch: TARGET,
        message: "other\n",
        files: { "other.txt": "x\n" },
        author: identityOf("second"),
        committer: identityOf("second"),
      });
      await stage.scenario.commit({
        message: "Merge branch 'main'\n",
        parents: [head, tip],
        files: { "other.txt": "x\n", "net.txt": "evil\n" },
        at: NOW - 300,
      });
      await stage.push();
    },
  },
  {
    id: "T27",
    what: "approve, then slip in a bad commit and its undo below",
    isAttack: true,
    why: "the net diff is the approved one",
    play: async (stage) => {
      await start(stage);
      await stage.approve("senior");
      const bad = await stage.scenario.commit({
        message: "wip\n",
        parents: [stage.scenario.start],
        files: { "secret.tf": 'resource "aws_iam_policy" "a" {}\n' },
        at: OLD,
      });
      await stage.scenario.commit({
        ...change({ "net.txt": "one\n", "secret.tf": null as never }),
        parents: [bad],
        at: OLD,
      });
      await stage.push();
    },
  },
  {
    id: "C1",
    what: "a plain approval by a senior",
    isAttack: false,
    why: "must pass everywhere",
    play: async (stage) => {
      await start(stage);
      await stage.approve("senior");
    },
  },
  {
    id: "C2",
    what: "the target moves on, the change does not",
    isAttack: false,
    why: "must pass everywhere",
    play: async (stage) => {
      await start(stage);
      await stage.approve("senior");
      await stage.scenario.repo.commit({
        branch: TARGET,
        message: "other\n",
        files: { "other.txt": "x\n" },
        author: identityOf("second"),
        committer: identityOf("second"),
      });
    },
  },
];

async function mergedTree({ scenario: { repo } }: Stage): Promise<string> {
  const text = await repo.git(["merge-tree", "--write-tree", TARGET, "refs/heads/change"]);
  return text.split("\n")[0] ?? "";
}

function authorDates(at: number): Record<string, string> {
  const { name, email } = identityOf("author");
  const date = `@${at} +0000`;
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: date,
  };
}
