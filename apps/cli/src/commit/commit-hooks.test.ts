// SPDX-License-Identifier: Apache-2.0
import { chmod, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect } from "vitest";
import {
  ai,
  human,
  notAi,
  type Scenario,
  scenario,
  toLine,
  unknown,
  waitForNote,
} from "../scenarios/scenario.fixture.ts";

const body = (s: Scenario, revision = "HEAD") => s.git("log", "-1", "--format=%B", revision);
const trailers = (s: Scenario, key = "AI-Assisted") =>
  s.git("log", "-1", `--format=%(trailers:key=${key},valueonly,separator=%x2C)`);
/** After everything was finished that commits left behind. */
const hasNote = async (s: Scenario, revision = "HEAD") => {
  await s.countersign("scan", "--limit", "1");
  return (await s.tryGit("notes", "--ref=ai", "show", revision)) === 0;
};
const inGit = (s: Scenario, ...parts: string[]) => join(s.repo.path, ".git", ...parts);

/** An editor that runs this shell script on the message's file. */
async function commitInEditor(s: Scenario, script: string, ...args: string[]): Promise<number> {
  await writeFile(inGit(s, "editor"), `#!/bin/sh\nset -e\nfile=$1\n${script}\n`, { mode: 0o755 });
  const result = await s.repo.tryGit(["commit", ...args], {
    environment: { GIT_EDITOR: inGit(s, "editor") },
  });
  return result.exitCode;
}

describe("the trailer", () => {
  scenario("names each tool and model once, and says edited only if all of its lines are", async (s) => {
    await s.agent("a.js", ["one", "two"]);
    await s.agent("b.js", ["three"], "codex");
    await s.types("b.js", ["three~"]);
    await s.commit();
    expect((await trailers(s)).split(",").sort()).toEqual([
      "claude-code/unknown",
      "codex/model-1; extent=edited",
    ]);
  });

  scenario("is not repeated where the agent has named itself, in whatever convention", async (s) => {
    await s.agent("a.js", ["one"], "codex");
    await s.commit("title\n\nAssisted-by: codex:model-1");
    expect(await body(s)).toBe("title\n\nAssisted-by: codex:model-1\n");
    await s.agent("a.js", ["one", "two"], "codex");
    await s.commit("title\n\nAI-Assisted: codex/model-1");
    expect(await trailers(s)).toBe("codex/model-1");
  });

  describe.skipIf(process.platform !== "linux")(
    "comes again with a new message for a recorded commit",
    () => {
      for (const message of [
        ["-m", "new"],
        ["-m", "first\n\nsecond", "--no-edit"],
        ["-F", "text"],
      ])
        scenario(message.join(" ").replaceAll("\n", "/"), async (s) => {
          await s.agent("a.js", ["one"], "codex");
          await s.commit("by codex");
          await s.expectLines("a.js", [ai("one", "codex")]);
          await writeFile(inGit(s, "text"), "from a file\n");
          const words = message.map((word) => (word === "text" ? inGit(s, word) : word));
          for (let round = 0; round < 2; round++) {
            await s.git("commit", "-q", ...words, "--amend");
            expect(await trailers(s)).toBe("codex/model-1");
            await s.expectLines("a.js", [ai("one", "codex")]);
          }
          await s.types("b.js", ["hand"]);
          await s.commit("says --amend and is none");
          expect(await trailers(s)).toBe("");
          await s.git("commit", "-q", "--amend", "-m", "by hand");
          expect(await body(s)).toBe("by hand\n");
          const { stdout } = await s.countersign("scan", "--json", "--limit", "1");
          expect(JSON.parse(stdout.split("\n")[0] ?? "")).toMatchObject({ state: "cleared" });
        });
    },
  );

  scenario("is switched off by a setting, and the record stays", async (s) => {
    await s.git("config", "countersign.trailer", "false");
    await s.agent("a.js", ["one"]);
    await s.commit("plain");
    expect(await body(s)).toBe("plain\n");
    await s.expectLines("a.js", [ai("one")]);
  });

  for (const [emission, trailer] of [
    ["assisted-by", "Assisted-by: codex:model-1"],
    ["generated-by", "Generated-by: codex:model-1"],
    ["none", ""],
    ['"co-authored-by" # as we do it', "Co-authored-by: codex (model-1) <"],
  ] as const)
    scenario(`follows the policy's emission: ${emission}`, async (s) => {
      await s.repo.write(".countersign/policy.yml", `version: 1\nemission: ${emission}\n`);
      await s.agent("a.js", ["one"], "codex");
      await s.commit("title");
      if (trailer === "") expect(await body(s)).toBe("title\n");
      else expect(await body(s)).toContain(`title\n\n${trailer}`);
      expect(await waitForNote(s)).toContain("a.js\n");
    });

  scenario("stays in the last paragraph with other trailers, and below a body", async (s) => {
    await s.agent("a.js", ["one"], "codex");
    await s.commit("title\n\nWhy.\n\nSigned-off-by: author <author@example.com>");
    expect(await body(s)).toBe(
      "title\n\nWhy.\n\nSigned-off-by: author <author@example.com>\nAI-Assisted: codex/model-1\n",
    );
  });
});

describe("a message from an editor", () => {
  scenario("is offered the trailer, which then stands below what the person wrote", async (s) => {
    await s.agent("a.js", ["one"], "codex");
    await s.git("add", "-A");
    const seen = inGit(s, "seen");
    const write = `cp "$file" "${seen}"; { printf 'mine\\n\\nwhy\\n'; cat "$file"; } > "$file.new"; mv "$file.new" "$file"`;
    expect(await commitInEditor(s, write)).toBe(0);
    expect(await readFile(seen, "utf8")).toContain("\n# countersign adds: AI-Assisted: codex/model-1\n");
    expect(await body(s)).toBe("mine\n\nwhy\n\nAI-Assisted: codex/model-1\n");
    expect(await waitForNote(s)).toContain("a.js\n");
  });

  scenario("left empty commits nothing, and the lines are in the next commit", async (s) => {
    const before = await s.repo.id("HEAD");
    await s.agent("a.js", ["one"], "codex");
    await s.git("add", "-A");
    expect(await commitInEditor(s, ":")).not.toBe(0);
    expect(await s.repo.id("HEAD")).toBe(before);
    await s.commit("later");
    expect(await trailers(s)).toBe("codex/model-1");
    await s.expectLines("a.js", [ai("one", "codex")]);
  });

  scenario("may take the trailer out, offered or written; the record and the note stay", async (s) => {
    await s.agent("a.js", ["one"], "codex");
    await s.git("add", "-A");
    const drop = `{ echo mine; grep -v 'countersign adds' "$file"; } > "$file.new"; mv "$file.new" "$file"`;
    expect(await commitInEditor(s, drop)).toBe(0);
    expect(await body(s)).toBe("mine\n");
    await s.agent("a.js", ["one", "two"], "codex");
    await s.git("add", "-A");
    const cut = `grep -v AI-Assisted "$file" > "$file.new"; mv "$file.new" "$file"`;
    expect(await commitInEditor(s, cut, "-e", "-m", "mine too")).toBe(0);
    expect(await body(s)).toBe("mine too\n");
    await s.expectLines("a.js", [ai("one", "codex"), ai("two", "codex")]);
  });

  scenario("works with another comment character, and with a verbose template", async (s) => {
    await s.git("config", "core.commentChar", ";");
    await s.agent("a.js", ["one"], "codex");
    await s.git("add", "-A");
    const write = `{ echo mine; cat "$file"; } > "$file.new"; mv "$file.new" "$file"`;
    expect(await commitInEditor(s, write, "-v")).toBe(0);
    expect(await body(s)).toBe("mine\n\nAI-Assisted: codex/model-1\n");
  });
});

describe("the note", () => {
  scenario("comes soon after git commit has returned, in git-ai's own place and words", async (s) => {
    await s.agent("dir/a b.js", ["one"], "codex");
    await s.types("dir/a b.js", ["one", "hand"]);
    const id = await s.commit();
    const text = await waitForNote(s);
    expect(text).toMatch(
      /^"dir\/a b\.js"\n {2}h_[0-9a-f]{14} 2\n {2}s_[0-9a-f]{14}::t_[0-9a-f]{14} 1\n---\n\{\n/,
    );
    expect(JSON.parse(text.slice(text.indexOf("---\n") + 4))).toMatchObject({
      schema_version: "authorship/3.0.0",
      base_commit_sha: id,
      prompts: {},
    });
    expect(await s.git("ls-tree", "-r", "--name-only", "refs/notes/ai")).toBe(
      `${id.slice(0, 2)}/${id.slice(2)}`,
    );
    expect(await s.git("log", "-1", "--format=%cn <%ce>", "refs/notes/ai")).toContain("@");
  });

  scenario("joins notes that another tool wrote, whatever their fan-out", async (s) => {
    await s.git("notes", "--ref=ai", "add", "-m", "theirs", "HEAD");
    const theirs = await s.repo.id("HEAD");
    await s.agent("a.js", ["one"]);
    const ours = await s.commit();
    expect(await waitForNote(s, theirs)).toBe("theirs");
    expect(await waitForNote(s, ours)).toContain("a.js\n");
    const paths = (await s.git("ls-tree", "-r", "--name-only", "refs/notes/ai")).split("\n");
    expect(paths.every((path) => /^[0-9a-f]{2}\/[0-9a-f]{38}$/.test(path))).toBe(true);
  });

  scenario("stands beside what another tool wrote while the commit was made", async (s) => {
    await s.agent("a.js", ["one"]);
    await s.git("add", "-A");
    const hook = inGit(s, "hooks/commit-msg.before-countersign");
    await writeFile(hook, `#!/bin/sh\ngit notes --ref=ai add -m meanwhile HEAD\n`, { mode: 0o755 });
    const before = await s.repo.id("HEAD");
    await s.git("commit", "-q", "-m", "raced");
    expect(await waitForNote(s)).toContain("a.js\n");
    expect(await waitForNote(s, before)).toBe("meanwhile");
  });
});

describe("commits of which only a part is staged", () => {
  scenario("by path, with an index of Git's own", async (s) => {
    await s.agent("a.js", ["one"]);
    await s.agent("b.js", ["two"], "codex");
    await s.git("add", "-A");
    await s.git("commit", "-q", "-m", "only b", "b.js");
    expect(await trailers(s)).toBe("codex/model-1");
    expect(await waitForNote(s)).not.toContain("a.js");
    await s.commit("the rest");
    expect(await trailers(s)).toBe("claude-code/unknown");
  });

  scenario("by hunk, and what a person changes in the hunk is not the agent's alone", async (s) => {
    await s.types("a.js", ["top", "m1", "m2", "m3", "m4", "end"]);
    await s.commit("by hand");
    await s.agent("a.js", ["one", "top", "m1", "m2", "m3", "m4", "two", "end"]);
    const partial = ["top", "m1", "m2", "m3", "m4", "two", "end"].map((tag) => `${toLine(tag)}\n`).join("");
    const blob = await s.repo.git(["hash-object", "-w", "--stdin"], { input: partial });
    await s.git("update-index", "--cacheinfo", `100644,${blob},a.js`);
    await s.git("commit", "-q", "-m", "second hunk only");
    expect(await waitForNote(s)).toMatch(/^a\.js\n {2}s_\S+ 6\n/);
    await s.git("commit", "-q", "-a", "-m", "first hunk");
    await s.expectLines("a.js", [
      ai("one"),
      ...["top", "m1", "m2", "m3", "m4"].map(notAi),
      ai("two"),
      notAi("end"),
    ]);
  });

  scenario("a commit without any of the agent's lines gets no trailer and no note", async (s) => {
    await s.agent("a.js", ["one"]);
    await s.types("hand.js", ["mine"]);
    await s.git("add", "hand.js");
    await s.git("commit", "-q", "-m", "mine");
    expect(await body(s)).toBe("mine\n");
    expect(await hasNote(s)).toBe(false);
    await s.expectLines("hand.js", [unknown("mine")]);
  });
});

describe("what is no text", () => {
  scenario("binary files, links, modes and submodules are committed and not attributed", async (s) => {
    await s.shell(async () => {
      await writeFile(join(s.repo.path, "image.png"), Buffer.from([0x89, 0x50, 0, 1, 2, 0]));
      await symlink("base.js", join(s.repo.path, "link.js"));
      await s.types("a.js", ["one"]);
    });
    await s.git("update-index", "--add", "--cacheinfo", `160000,${"1".repeat(40)},sub`);
    await chmod(join(s.repo.path, "base.js"), 0o755);
    await s.commit();
    expect(await waitForNote(s)).toMatch(/^a\.js\n {2}s_\S+ 1\n---/);
    expect(await trailers(s)).toBe("claude-code/unknown");
  });

  scenario("a file that the agent takes away is the agent's doing too", async (s) => {
    await s.types("gone.js", ["x"]);
    await s.commit("by hand");
    await s.shell(async () => rm(join(s.repo.path, "gone.js")), "codex");
    await s.commit("clean up");
    expect(await trailers(s)).toBe("codex/model-1");
  });
});

describe("an agent's own commit", () => {
  scenario("a person's lines typed before are still the person's", async (s) => {
    await s.agent("a.js", ["one"]);
    await s.types("a.js", ["one", "hand"]);
    await s.agent("a.js", ["one", "hand", "two"]);
    await s.commit();
    await s.expectLines("a.js", [ai("one"), human("hand"), ai("two")]);
  });
});
