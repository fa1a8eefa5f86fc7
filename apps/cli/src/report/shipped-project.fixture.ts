// SPDX-License-Identifier: Apache-2.0
import { createRepository, createSshKey, type SshKey, type TestRepository } from "@countersign/testkit";
import { recordLines } from "../blame/recorded.fixture.ts";
import { countersign } from "../command.fixture.ts";

/** A project between the tags v1 and v2. */
export interface ShippedProject {
  readonly repo: TestRepository;
  readonly senior: SshKey;
  /** Head of the change that the senior approved. */
  readonly approved: string;
}

const TRAILER = "AI-Assisted: claude-code/claude-opus-4-8";

/** Runs the command in the project; throws where it does not succeed. */
export async function run(repo: TestRepository, ...args: readonly string[]): Promise<string> {
  const result = await countersign(args, { cwd: repo.path });
  if (result.exitCode !== 0) throw new Error(`${args.join(" ")}: ${result.stderr}${result.stdout}`);
  return result.stdout;
}

/** `more` are lines of the policy, `files` are beside it. */
export async function buildShippedProject(
  more = "",
  files: Readonly<Record<string, string>> = {},
): Promise<ShippedProject> {
  const repo = await createRepository();
  const senior = await createSshKey("senior");
  await repo.commit({
    message: "policy: begin\n",
    files: { ".countersign/policy.yml": toPolicy(senior, more), ".gitignore": "report.*\n", ...files },
  });
  await repo.git(["tag", "v1"]);
  const person = { name: "The Author", email: "author@example.com" };
  const by = { author: person, committer: person };
  const base = await repo.id("refs/heads/main");
  await repo.branch("change", base);
  const approved = await repo.commit({
    ...by,
    message: `net: route it\n\n${TRAILER}\n`,
    branch: "change",
    files: { "net/route.txt": "one\ntwo\nthree\n" },
  });
  await recordLines(repo, approved, "net/route.txt", [1, 2]);
  const change = ["--base", base, "--head", approved, "--target", "refs/heads/main"];
  await run(repo, "approve", ...change, "--key", senior.privateKeyPath, "--reason", "read with The Author");
  await repo.checkout("main");
  await repo.git(["merge", "--no-ff", "--quiet", "-m", "Merge branch 'change'", "change"]);
  await repo.git(["branch", "-D", "change"]);
  await repo.commit({ ...by, message: `web: a page\n\n${TRAILER}\n`, files: { "web/page.txt": "a\nb\n" } });
  await repo.commit({ ...by, message: "docs: a word by senior\n", files: { "docs/word.txt": "x\n" } });
  await repo.commit({
    ...by,
    message: `Revert "net: route it"\n\nThis reverts commit ${approved}.\n`,
    files: { "net/route.txt": null },
  });
  await repo.git(["tag", "v2"]);
  return { repo, senior, approved };
}

function toPolicy({ publicKey }: SshKey, more: string): string {
  return `version: 1
extends: amazon
repository: https://git.example/team/project
people:
  author: { emails: [author@example.com] }
  senior: { emails: [senior@example.com], keys: ["${publicKey}"] }
roles:
  senior: { members: [senior] }
${more}`;
}
