// SPDX-License-Identifier: Apache-2.0
import { requirePremise, type Scene } from "./attack.ts";
import { approved } from "./content-attacks.ts";
import { CHANGE, type Stage } from "./stage.ts";

const NET = { "net.txt": "one\n" };

/** What honest people do and a gate must let them: without these, a rule that refuses everything would win. */
export const CONTROLS: readonly Scene[] = [
  {
    id: "C1",
    what: "a senior approves what was pushed",
    why: "The plain case.",
    play: (stage) => approved(stage, NET),
  },
  {
    id: "C2",
    what: "approve, then rebase cleanly onto a target that moved on",
    why: "A rebase makes a new commit with a new date, so the first two rules ask again for the same change; the patch is the same, and re-merging what was approved gives exactly this tree.",
    play: async (stage) => {
      await approved(stage, NET);
      await stage.moveTarget({ "other.txt": "x\n" });
      await stage.rebase();
      await stage.push();
    },
  },
  {
    id: "C3",
    what: "approve, then the target moves on and the change does not",
    why: "Nothing about the change is new.",
    play: async (stage) => {
      await approved(stage, NET);
      await stage.moveTarget({ "other.txt": "x\n" });
    },
  },
  {
    id: "C4",
    what: "approve, force-push away, force-push the approved commit back (T20 without the trick)",
    why: "The approved commit on the approved base; GitLab deleted the approval when the other patch came.",
    play: async (stage) => {
      const good = await approved(stage, NET);
      await stage.replaceTip({ "net.txt": "other\n" });
      await stage.push();
      await stage.reset(good);
      await stage.push();
    },
  },
  {
    id: "C5",
    what: "approve, then merge the target in without touching anything (T26 without the edit)",
    why: "An update-merge is a new commit to the first two rules (policy-bot can ignore those made by the forge's own button); diff and re-merge are as approved.",
    play: async (stage) => {
      const head = await approved(stage, NET);
      const tip = await stage.moveTarget({ "other.txt": "x\n" });
      await stage.commit({ "other.txt": "x\n" }, { message: "Merge branch 'main'\n", parents: [head, tip] });
      await expectMerged(stage, head, tip);
      await stage.push();
    },
  },
  {
    id: "C6",
    what: "approve, push another commit, approve again",
    why: "The last approval is about what is there.",
    play: async (stage) => {
      await approved(stage, NET);
      await stage.commit({ "net.txt": "two\n" });
      await stage.push();
      await stage.approve("senior");
    },
  },
  {
    id: "C7",
    what: "the senior proves to be there and approves, where the project asks for that (T17 without the theft)",
    why: "The same project as T17: who can prove it passes.",
    project: { asksReauthentication: true },
    play: async (stage) => {
      await stage.commit(NET);
      await stage.push();
      await stage.approve("senior", { isTouched: true });
    },
  },
  {
    id: "C8",
    what: "an outsider's commit, whose e-mail is linked to nobody, and two seniors approve (T14 without the doubt)",
    why: "The timestamp rule refuses an author without an account whoever approves.",
    play: async (stage) => {
      const outsider = { name: "x", email: "x@nowhere.example" };
      await stage.commit(NET, { author: outsider, committer: outsider });
      await stage.push();
      await stage.approve("senior");
      await stage.approve("second");
    },
  },
];

async function expectMerged({ scenario }: Stage, head: string, tip: string): Promise<void> {
  const merged = await scenario.repo.git(["merge-tree", "--write-tree", head, tip]);
  requirePremise(merged === (await scenario.repo.id(`${CHANGE}^{tree}`)), "the merge is Git's own");
}
