// SPDX-License-Identifier: Apache-2.0
import { type Attack, requirePremise } from "./attack.ts";
import { approved } from "./content-attacks.ts";
import { CHANGE, type Stage } from "./stage.ts";

const NET = { "net.txt": "one\n" };
const ROUTE = (name: string) => `resource "aws_route" "${name}" {}\n`;

/** T24–T27: the change meets a target that moved on, or its history says more than its diff. */
export const REBASE_ATTACKS: readonly Attack[] = [
  {
    id: "T24a",
    what: "approve, then rebase and slip one more edit in",
    ours: /the content changed after signing/,
    canBackdate: true,
    why: "New push, new date, new patch, and re-merging the approved head gives another tree.",
    play: async (stage) => {
      await approved(stage, NET);
      const tip = await stage.moveTarget({ "other.txt": "x\n" });
      await stage.commit({ ...NET, "extra.txt": "evil\n" }, { parents: [tip] });
      await stage.push();
    },
  },
  {
    id: "T24b",
    what: "approve, then rebase cleanly onto a target whose infrastructure changed, where the project wants that looked at again",
    ours: /carryOver: "unless: infrastructure"/,
    canBackdate: true,
    why: "The patch is the same whatever it now stands on; the first two rules ask again after every rebase, ours because the rule says `carryOver: { unless: infrastructure }`.",
    project: { carriesOver: "unless-infrastructure" },
    play: async (stage) => {
      await approved(stage, NET);
      await stage.moveTarget({ "net.tf": ROUTE("a") });
      await stage.rebase();
      await stage.push();
    },
  },
  {
    id: "T25",
    what: "approve, then rebase and resolve a conflict by hand",
    ours: /conflicts; a hand-made resolution needs a new sign-off/,
    canBackdate: true,
    why: "New push, new date, new patch, and no clean re-merge of what was approved.",
    project: { files: { "net.txt": "zero\n" } },
    play: async (stage) => {
      await approved(stage, NET);
      const tip = await stage.moveTarget({ "net.txt": "moved\n" });
      requirePremise(!(await mergesCleanly(stage, tip)), "the rebase conflicts");
      await stage.commit({ "net.txt": "one, and more\n" }, { parents: [tip] });
      await stage.push();
    },
  },
  {
    id: "T26",
    what: "approve, then merge the target in with an edit inside the merge commit (evil merge)",
    ours: /gives another tree than this change's/,
    canBackdate: true,
    why: "`git log` shows nothing in a merge, but all four look at more: its push, its date, the whole diff, the re-merge.",
    play: async (stage) => {
      const head = await approved(stage, NET);
      const tip = await stage.moveTarget({ "other.txt": "x\n" });
      const merge = await stage.commit(
        { "other.txt": "x\n", "README.md": "evil\n" },
        { message: "Merge branch 'main'\n", parents: [head, tip] },
      );
      const shown = await stage.scenario.repo.git(["log", "-1", "--format=", "--name-only", merge]);
      requirePremise(shown === "", "git log shows no file in the merge");
      await stage.push();
    },
  },
  {
    id: "T27",
    what: "approve, then put a bad commit and its undoing below the approved diff",
    ours: /commit\(s\) were not part of what was signed/,
    canBackdate: true,
    why: "The net diff is the approved one, so its patch id is too, and the bad commit enters history; the first two rules see new commits, ours asks for each AI or infrastructure commit to be covered.",
    play: async (stage) => {
      const { repo, start } = stage.scenario;
      const good = await approved(stage, NET);
      const bad = await stage.commit({ "door.tf": ROUTE("open") }, { parents: [start] });
      const head = await stage.commit({ ...NET, "door.tf": null }, { parents: [bad] });
      const [one, two] = [await repo.id(`${good}^{tree}`), await repo.id(`${head}^{tree}`)];
      requirePremise(one === two, "the net diff is the approved one");
      await stage.push();
    },
  },
];

async function mergesCleanly({ scenario }: Stage, tip: string): Promise<boolean> {
  return (await scenario.repo.tryGit(["merge-tree", "--write-tree", tip, CHANGE])).exitCode === 0;
}
