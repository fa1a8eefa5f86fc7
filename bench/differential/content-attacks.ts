// SPDX-License-Identifier: Apache-2.0
import { type Attack, requirePremise } from "./attack.ts";
import { toPatchId } from "./rules.ts";
import { CHANGE, type Stage } from "./stage.ts";

const NET = { "net.txt": "one\n" };
const CHANGED = /the content changed after signing/;

/** T18–T23: something else is there after the approval. */
export const CONTENT_ATTACKS: readonly Attack[] = [
  {
    id: "T18",
    what: "approve, then push another commit",
    ours: CHANGED,
    canBackdate: true,
    why: "A later push, a later date, another patch, another tree: all four notice.",
    play: async (stage) => {
      await approved(stage, NET);
      await stage.commit({ "net.txt": "evil\n" });
      await stage.push();
    },
  },
  {
    id: "T19",
    what: "approve, then force-push other content under the same message and dates",
    ours: CHANGED,
    why: "The newest date is the old one, so the timestamp rule sees nothing; push, patch and tree are new.",
    play: async (stage) => {
      const good = await approved(stage, NET);
      const evil = await stage.replaceTip({ "net.txt": "evil\n" }, { at: stage.firstDate() });
      const look = (id: string) =>
        stage.scenario.repo.git(["log", "-1", "--format=%an %ae %at %cn %ce %ct %B", id]);
      requirePremise((await look(good)) === (await look(evil)), "message, people and dates are the same");
      await stage.push();
    },
  },
  {
    id: "T20",
    what: "approve, force-push away, force-push the approved tree back on top of a target that moved on (undoing its fix)",
    ours: CHANGED,
    canBackdate: true,
    why: "The tree is the approved one, but not on the approved base: another commit to the first two rules, another diff to the third, another re-merge to ours; a bare tree hash would fall.",
    project: { files: { "fix.txt": "hole\n" } },
    play: async (stage) => {
      const { repo } = stage.scenario;
      const good = await approved(stage, NET);
      await stage.replaceTip({ "net.txt": "other\n" });
      await stage.push();
      const tip = await stage.moveTarget({ "fix.txt": "fixed\n" });
      const back = await stage.commit({ ...NET, "fix.txt": "hole\n" }, { parents: [tip] });
      const [one, two] = [await repo.id(`${good}^{tree}`), await repo.id(`${back}^{tree}`)];
      requirePremise(one === two, "the approved tree is back");
      await stage.push();
    },
  },
  {
    id: "T21",
    what: "approve, then push another commit with a backdated date",
    ours: CHANGED,
    why: "Committer dates are free text: the timestamp rule believes that the commit was there before the approval.",
    play: async (stage) => {
      await approved(stage, NET);
      await stage.commit({ "net.txt": "evil\n" }, { at: stage.firstDate() });
      await stage.push();
    },
  },
  {
    id: "T22",
    what: "approve, then change only the indentation of YAML",
    ours: CHANGED,
    canBackdate: true,
    why: "`patch-id --stable` drops white space, YAML does not; push, date and tree are new.",
    project: { files: { "allow.yml": "rules:\n  deny:\n    - all\n" } },
    play: async (stage) => {
      const rules = (indent: string) => `rules:\n  deny:\n    - all\n${indent}allow:\n    - admin\n`;
      const good = await approved(stage, { "allow.yml": rules("  ") });
      await expectSamePatch(stage, good, await stage.replaceTip({ "allow.yml": rules("    ") }));
      await stage.push();
    },
  },
  {
    id: "T23",
    what: "approve, then move the hunk to another function",
    ours: CHANGED,
    canBackdate: true,
    why: "A patch id drops line numbers, and the lines around are the same in both functions; push, date and tree are new.",
    project: { files: { "access.py": access("", "") } },
    play: async (stage) => {
      const good = await approved(stage, { "access.py": access("    allow()\n", "") });
      await expectSamePatch(
        stage,
        good,
        await stage.replaceTip({ "access.py": access("", "    allow()\n") }),
      );
      await stage.push();
    },
  },
];

/** A change that the senior approved; returns its head. */
export async function approved(stage: Stage, files: Parameters<Stage["commit"]>[0]): Promise<string> {
  const head = await stage.commit(files);
  await stage.push();
  await stage.approve("senior");
  return head;
}

function access(first: string, second: string): string {
  const body = (mark: string) =>
    `    open()\n    check()\n    count()\n${mark}    work()\n    log()\n    close()\n`;
  return `def guest():\n${body(first)}\n\ndef admin():\n${body(second)}`;
}

async function expectSamePatch({ scenario }: Stage, one: string, two: string): Promise<void> {
  const ids = [one, two].map((head) => toPatchId(scenario.repo, scenario.start, head, "--stable"));
  const [first, second] = await Promise.all(ids);
  const isOther = (await scenario.repo.id(`${one}^{tree}`)) !== (await scenario.repo.id(`${CHANGE}^{tree}`));
  requirePremise(first === second && first !== "" && isOther, "one patch id for two trees");
}
