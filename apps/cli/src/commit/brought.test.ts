// SPDX-License-Identifier: Apache-2.0
// Content that nobody saw being written and that Git, at a person's command, put into the commit: it was not watched.
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { openTestRepository } from "@countersign/testkit";
import { describe, expect } from "vitest";
import { type Scenario, toScenario } from "../scenarios/scenario.fixture.ts";
import { coverage, inGit, scenario, WHOLE } from "./presence.fixture.ts";

const BROUGHT = { isWhole: false, gaps: ["content-brought"] };

/** Brings a branch `theirs` with one commit of a clone that has no recorder. */
async function bring(s: Scenario, file: string, tags: readonly string[]): Promise<void> {
  const { path, remove } = await s.repo.clone();
  await using mate = toScenario(await openTestRepository(path, remove));
  await mate.types(file, tags);
  await mate.commit("theirs");
  await s.git("fetch", "-q", path, "HEAD:theirs");
}

describe("a commit of somebody else's", () => {
  scenario("amended here, as often as one likes, is not watched", async (s) => {
    await bring(s, "z.js", ["z"]);
    await s.git("checkout", "-q", "theirs");
    await s.git("commit", "-q", "--amend", "-m", "mine");
    expect(await coverage(s)).toEqual(BROUGHT);
    await s.git("commit", "-q", "--amend", "-m", "mine now");
    expect(await coverage(s)).toEqual(BROUGHT);
  });
});

describe("content of a commit that nobody watched is not watched, whichever way Git takes it", () => {
  const restart = async (s: Scenario) => {
    await s.git("reset", "-q", "--hard", "theirs");
    await s.git("reset", "-q", "--soft", "HEAD~1");
  };
  const merge = async (s: Scenario, ...options: readonly string[]) => {
    await s.types("main.js", ["m"]);
    await s.commit();
    await s.git("merge", "-q", ...options, "theirs");
  };
  const ways: Readonly<Record<string, (s: Scenario) => Promise<unknown>>> = {
    "cherry-pick -n": (s) => s.git("cherry-pick", "-n", "theirs"),
    "checkout -- file": (s) => s.git("checkout", "theirs", "--", "z.js"),
    "restore --source": (s) => s.git("restore", "--source", "theirs", "z.js"),
    "read-tree -u": (s) => s.git("read-tree", "-m", "-u", "HEAD", "theirs"),
    "reset --soft": restart,
    "merge without its mark": async (s) => {
      await merge(s, "--no-commit", "--no-ff");
      await rm(inGit(s, "MERGE_HEAD"));
    },
    "merge --squash without its message": async (s) => {
      await merge(s, "--squash");
      await rm(inGit(s, "SQUASH_MSG"));
    },
    "a patch, and something more": async (s) => {
      const patch = await s.git("diff", "main", "theirs");
      await s.repo.git(["apply"], { input: `${patch}\n` });
      await s.types("z.js", ["own", "z", "zz"]);
    },
  };
  for (const [name, take] of Object.entries(ways)) {
    scenario(name, async (s) => {
      await bring(s, "z.js", ["z", "zz"]);
      await take(s);
      await s.commit();
      expect(await coverage(s)).toEqual(BROUGHT);
    });
  }
});

scenario("somebody who looks while the message of a squash is being written clears nothing", async (s) => {
  await s.git("checkout", "-q", "-b", "side");
  await s.types("side.js", ["x"]);
  await s.commit();
  await s.git("checkout", "-q", "main");
  await s.git("merge", "-q", "--squash", "side");
  const program = fileURLToPath(new URL("../../dist/countersign.mjs", import.meta.url));
  const look = `sh -c '"${process.execPath}" "${program}" status >/dev/null; echo squashed > "$1"' -`;
  await s.repo.git(["commit", "-q"], { environment: { GIT_EDITOR: look } });
  expect(await coverage(s)).toEqual(BROUGHT);
  await s.types("side.js", ["x", "mine"]);
  await s.commit();
  expect(await coverage(s)).toEqual(WHOLE);
});

describe("content that was watched stays watched", () => {
  for (const isLookedAt of [true, false]) {
    scenario(`squashed by reset --soft, looked at ${isLookedAt ? "before" : "afterwards"}`, async (s) => {
      await s.types("a.js", ["one"]);
      await s.commit();
      await s.types("a.js", ["one", "two"]);
      await s.commit();
      if (isLookedAt) await coverage(s);
      await s.git("reset", "-q", "--soft", "HEAD~2");
      await s.git("commit", "-q", "-m", "squashed");
      expect(await coverage(s)).toEqual(WHOLE);
    });
  }

  scenario("taken from an own branch, and typed back as it was", async (s) => {
    await s.git("checkout", "-q", "-b", "side");
    await s.types("a.js", ["one"]);
    await s.commit();
    await s.git("checkout", "-q", "main");
    await s.git("checkout", "side", "--", "a.js");
    await s.commit();
    expect(await coverage(s)).toEqual(WHOLE);
    await s.types("a.js", ["two"]);
    await s.commit();
    await s.types("a.js", ["one"]);
    await s.commit();
    expect(await coverage(s)).toEqual(WHOLE);
  });

  scenario("beside a change of somebody else's in the same file", async (s) => {
    await bring(s, "base.js", ["base", "theirs"]);
    await s.types("base.js", ["mine", "base"]);
    await s.commit();
    expect(await coverage(s)).toEqual(WHOLE);
  });

  scenario("made twice within a second", async (s) => {
    for (const _ of [1, 2]) {
      await s.types("a.js", ["one"]);
      await s.git("add", "-A");
      const date = { GIT_COMMITTER_DATE: "@1767225600 +0000", GIT_AUTHOR_DATE: "@1767225600 +0000" };
      await s.repo.git(["commit", "-q", "-m", "again"], { environment: date });
      await s.git("branch", "-f", "made");
      await s.git("reset", "-q", "--hard", "HEAD~1");
    }
    await s.git("checkout", "-q", "made");
    expect(await coverage(s)).toEqual(WHOLE);
  });
});

scenario("an own commit that is amended is watched, looked at in between or not", async (s) => {
  await s.types("a.js", ["one"]);
  await s.commit();
  await s.git("commit", "-q", "--amend", "-m", "second");
  await s.types("a.js", ["one", "two"]);
  await s.git("commit", "-q", "-a", "--amend", "-m", "third");
  expect(await coverage(s)).toEqual(WHOLE);
  await s.types("a.js", ["one", "two", "three"]);
  await s.git("commit", "-q", "-a", "--amend", "-m", "fourth");
  expect(await coverage(s)).toEqual(WHOLE);
});
