// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import { testEnvironment, tryRun } from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countersign } from "../command.fixture.ts";
import {
  AI_MESSAGE,
  approve,
  commitAi,
  createPushServer,
  EVIDENCE,
  identityOf,
  MAIN,
  type PushServer,
  push,
} from "./push-server.fixture.ts";

let server: PushServer;
beforeEach(async () => {
  server = await createPushServer();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
});

async function records(): Promise<readonly Record<string, unknown>[]> {
  const { bare } = server;
  if ((await bare.tryGit(["rev-parse", "--verify", "--quiet", "refs/countersign/pushes"])).exitCode !== 0)
    return [];
  const rows = (await bare.git(["ls-tree", "-r", "--format=%(objectname)", "refs/countersign/pushes"])).split(
    "\n",
  );
  return await Promise.all(rows.map(async (id) => JSON.parse(await bare.git(["cat-file", "blob", id]))));
}

/** The senior writes a first version, force-pushes it away; the author puts his own version there. */
async function pushAway() {
  const [author, senior] = [await server.cloneAs("author"), await server.cloneAs("senior")];
  await senior.branch("change", "refs/remotes/origin/main");
  const first = await senior.commit({
    message: AI_MESSAGE,
    files: { "net.txt": "by the senior\n" },
    author: identityOf("author"),
  });
  expect((await push(senior, "change")).isAccepted).toBe(true);
  const head = await commitAi(author, "change");
  expect((await push(author, "+change")).isAccepted).toBe(true);
  return { author, senior, first, head };
}

describe("the post-receive hook", () => {
  it("records who pushed which version, and keeps what was force-pushed away from gc", async () => {
    const { first, head } = await pushAway();
    const found = (await records()).map(({ ref, old, new: next, pusher }) => ({
      ref,
      old,
      new: next,
      pusher,
    }));
    expect(found).toHaveLength(2);
    expect(found).toContainEqual({
      ref: "refs/heads/change",
      old: "0".repeat(40),
      new: first,
      pusher: "senior",
    });
    expect(found).toContainEqual({ ref: "refs/heads/change", old: first, new: head, pusher: "author" });
    await server.bare.git(["reflog", "expire", "--expire=now", "--all"]);
    await server.bare.git(["gc", "--quiet", "--prune=now"]);
    expect(await server.bare.git(["cat-file", "-t", first])).toBe("commit");
  });

  it.each(["fast-forward", "merge", "squash"] as const)(
    "keeps the pusher of a force-pushed version from approving what lands by %s (T11)",
    async (how) => {
      const { author, head } = await pushAway();
      const second = await server.cloneAs("second");
      await second.commit({
        message: "other work\n",
        files: { "other.txt": "x\n" },
        author: identityOf("second"),
      });
      if (how !== "fast-forward") expect((await push(second, `HEAD:${MAIN}`)).isAccepted).toBe(true);
      // The senior's own clone knows nothing of the pushes, so the command signs; the server must not count it.
      const away = await server.cloneAs("author");
      await away.git(["fetch", "--quiet", author.path, head]);
      const base = `${head}~1`;
      expect((await approve(away, "senior", head, base)).exitCode).toBe(0);
      expect((await push(away, EVIDENCE)).isAccepted).toBe(true);
      await away.git(["fetch", "--quiet", "origin"]);
      if (how === "merge") await away.merge(head, "Merge change");
      if (how === "squash") await away.squash(head, "net: route (#1)");
      const refspec = how === "fast-forward" ? `${head}:${MAIN}` : `HEAD:${MAIN}`;
      const refused = await push(away, refspec);
      expect(refused.isAccepted).toBe(false);
      expect(refused.words).toContain("senior is pusher");
      expect((await approve(away, "second", head, base)).exitCode).toBe(0);
      expect(await push(away, EVIDENCE, refspec)).toMatchObject({ isAccepted: true });
    },
  );

  it.each(["fast-forward", "merge", "squash"] as const)(
    "keeps whoever pushes what nobody pushed before from approving it in the author's name, as a %s (T10)",
    async (how) => {
      const senior = await server.cloneAs("senior");
      const author = await server.cloneAs("author");
      const head = await commitAi(senior, "change");
      const base = `${head}~1`;
      expect((await approve(senior, "senior", head, base)).exitCode).toBe(0);
      await senior.git(["checkout", "--quiet", "--detach", base]);
      if (how === "merge") await senior.merge(head, "Merge change");
      if (how === "squash") await senior.squash(head, AI_MESSAGE);
      const refspec = how === "fast-forward" ? `${head}:${MAIN}` : `HEAD:${MAIN}`;
      const refused = await push(senior, EVIDENCE, refspec);
      expect(refused.isAccepted).toBe(false);
      expect(refused.words).toContain("senior is pusher");
      await author.git(["fetch", "--quiet", senior.path, head]);
      expect((await push(author, `${head}:refs/heads/change`)).isAccepted).toBe(true);
      expect(await push(senior, EVIDENCE, refspec)).toMatchObject({ isAccepted: true });
    },
  );

  it.each(["refs/tags/v1", "refs/notes/x"])("nor does bringing it in as %s first help (T10)", async (ref) => {
    const senior = await server.cloneAs("senior");
    const head = await commitAi(senior, "change");
    expect((await push(senior, `${head}:${ref}`)).isAccepted).toBe(true);
    expect((await approve(senior, "senior", head, `${head}~1`)).exitCode).toBe(0);
    const refused = await push(senior, EVIDENCE, `${head}:${MAIN}`);
    expect(refused.isAccepted).toBe(false);
    expect(refused.words).toContain("senior is pusher");
  });

  it("records a deletion and keeps the branch's last tip", async () => {
    const author = await server.cloneAs("author");
    const head = await commitAi(author, "change");
    await push(author, "change");
    expect((await push(author, ":refs/heads/change")).isAccepted).toBe(true);
    expect(await records()).toHaveLength(2);
    expect(await server.bare.id(`refs/countersign/versions/${head}`)).toBe(head);
  });

  it("records no push of a target, a tag or evidence", async () => {
    const author = await server.cloneAs("author");
    await author.commit({ message: "doc\n", files: { "a.txt": "a\n" }, author: identityOf("author") });
    expect((await push(author, `HEAD:${MAIN}`, "HEAD:refs/tags/v1")).isAccepted).toBe(true);
    expect(await records()).toEqual([]);
  });

  it("loses no record when many push at once", async () => {
    const clones = await Promise.all([1, 2, 3, 4].map(() => server.cloneAs("author")));
    await Promise.all(
      clones.map(async (clone, i) => {
        await commitAi(clone, `change-${i}`);
        expect((await push(clone, `change-${i}`)).isAccepted).toBe(true);
      }),
    );
    expect(await records()).toHaveLength(4);
  });

  it("never fails the push, and says loudly what it could not record", async () => {
    const { bare } = server;
    const environment = testEnvironment({ GIT_DIR: ".", REMOTE_USER: "author" });
    const input = `${"0".repeat(40)} ${"zz"} refs/heads/x\n`;
    const hook = await tryRun(join(bare.path, "hooks/post-receive"), [], {
      cwd: bare.path,
      environment,
      input,
    });
    expect(hook.exitCode).toBe(0);
    expect(hook.stderr).toContain("WARNING: this push landed but was not recorded");
    expect(hook.stderr).toContain("refs/heads/x");
  });

  it("makes a gate that knows of a version but lacks its commits say that it cannot tell", async () => {
    const { author } = await pushAway();
    await author.git(["fetch", "--quiet", "origin", "+refs/countersign/pushes:refs/countersign/pushes"]);
    const fresh = await server.cloneAs("second");
    await fresh.git(["fetch", "--quiet", "origin", "+refs/countersign/pushes:refs/countersign/pushes"]);
    const args = [
      "gate",
      "--base",
      "refs/remotes/origin/main",
      "--head",
      "refs/remotes/origin/change",
      "--target",
      MAIN,
      "--json",
    ];
    const blind = await countersign(args, { cwd: fresh.path });
    expect(blind.exitCode).toBe(3);
    expect(blind.stdout).toContain("version-lost");
    await fresh.git([
      "fetch",
      "--quiet",
      "origin",
      "+refs/countersign/versions/*:refs/countersign/versions/*",
    ]);
    expect((await countersign(args, { cwd: fresh.path })).exitCode).toBe(1);
  });
});
