// SPDX-License-Identifier: Apache-2.0
import { identityOf } from "../../packages/gate/src/threats/gate-scenario.fixture.ts";
import { type Attack, requirePremise } from "./attack.ts";
import { SECOND_ACCOUNT } from "./question.ts";
import { CHANGE, type Stage } from "./stage.ts";

const NET = { "net.txt": "one\n" };
const by = (person: { readonly name: string; readonly email: string }) => ({
  author: person,
  committer: person,
});
const SENIOR = by(identityOf("senior"));

/** T10–T17: who approves. */
export const PEOPLE_ATTACKS: readonly Attack[] = [
  {
    id: "T10",
    what: "the author approves their own change",
    ours: /author is pusher and author and committer of/,
    why: "All four compare the approver with the present authors.",
    play: (stage) => propose(stage, "author"),
  },
  {
    id: "T11",
    what: "the author of a version that was force-pushed away approves",
    ours: /senior is (?:pusher|author and committer of)/,
    needsRecords: true,
    why: "Push time, timestamp and patch id look at the commits that are there now; ours at those of every version the server recorded.",
    play: async (stage) => {
      await stage.commit(NET);
      await stage.push();
      await stage.replaceTip({ "net.txt": "two\n" }, SENIOR);
      await stage.push("senior");
      await stage.replaceTip({ "net.txt": "two\n" });
      await stage.push();
      await stage.approve("senior");
    },
  },
  {
    id: "T12",
    what: "a senior opens a change from a private second account and approves it with the first",
    ours: /maps to nobody in `people`/,
    why: "Two accounts are two people to a forge and to the three rules that believe it; ours knows people, and one whom nobody knows costs one more independent senior.",
    play: async (stage) => {
      await stage.commit(NET, by({ name: "S.", email: SECOND_ACCOUNT.email }));
      await stage.push(SECOND_ACCOUNT.login);
      await stage.approve("senior");
    },
  },
  {
    id: "T13",
    what: "a .mailmap in the change gives the senior's commit another author",
    ours: /senior is author and committer of/,
    why: "None of the four reads .mailmap, so the senior stays the author; a rule written with `%aE` would fall.",
    play: async (stage) => {
      const map = "Somebody <somebody@example.com> <senior@example.com>\n";
      await stage.commit({ ...NET, ".mailmap": map }, SENIOR);
      await stage.push();
      await stage.scenario.repo.checkout("change");
      await stage.scenario.repo.git(["reset", "--quiet", "--hard"]);
      const seen = await stage.scenario.repo.git(["log", "-1", "--format=%aE", CHANGE]);
      requirePremise(seen === "somebody@example.com", "git log believes the .mailmap");
      await stage.approve("senior");
    },
  },
  {
    id: "T14",
    what: "a commit whose e-mail is linked to nobody, and one approval",
    ours: /maps to nobody in `people`/,
    why: "policy-bot and GitLab pass over an e-mail without an account, although the approver may have written it; the timestamp rule refuses it for good, ours asks one more independent senior.",
    play: async (stage) => {
      await stage.commit(NET, by({ name: "x", email: "x@nowhere.example" }));
      await stage.push();
      await stage.approve("senior");
    },
  },
  {
    id: "T15",
    what: "a senior commits under a bot's name, pushes it and approves",
    ours: /senior is pusher/,
    needsRecords: true,
    why: "The author line is free text: the timestamp rule exempts a bot's name altogether and the others see no human author to compare with; ours knows who pushed, and exempts nobody.",
    play: async (stage) => {
      await stage.commit(NET);
      await stage.push();
      const bot = { name: "dependabot[bot]", email: "49699333+dependabot[bot]@users.noreply.github.com" };
      await stage.replaceTip({ "net.txt": "two\n" }, by(bot));
      await stage.push("senior");
      await stage.approve("senior");
    },
  },
  {
    id: "T16",
    what: "a bot approves, which somebody put on the list of approvers",
    ours: /robot is not human \(kind: bot\), and the role "senior" signs off/,
    why: "To the three rules whoever is listed may approve; ours refuses the policy that lists a bot for a signing role, and with it every change until the list is put right.",
    project: { listsBot: true },
    play: (stage) => propose(stage, "robot"),
  },
  {
    id: "T17",
    what: "an agent approves with the senior's token and plain key, where the project asks for proof of presence",
    ours: /the rule asks for a hardware key \(sk-…\), this signature is by a plain key/,
    why: "No binding sees who holds a key: GitLab can ask for the password again and ours for a touch (`keys: sk`), the other two rules have nothing to ask for.",
    project: { asksReauthentication: true },
    play: (stage) => propose(stage, "senior"),
  },
];

async function propose(stage: Stage, approver: "author" | "senior" | "robot"): Promise<void> {
  await stage.commit(NET);
  await stage.push();
  await stage.approve(approver);
}
