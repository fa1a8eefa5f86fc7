// SPDX-License-Identifier: Apache-2.0
// The pages in docs/stories are the test: their files are written, their commands run, their output compared. COUNTERSIGN_WRITE_STORIES=1 rewrites it.
import { cp, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  createRepository,
  createTemporaryFolder,
  run,
  type TestRepository,
  testEnvironment,
  tryRun,
} from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUNDLE, countersign } from "../command.fixture.ts";
import { waitForNote } from "../scenarios/scenario.fixture.ts";

const DOCS = join(import.meta.dirname, "../../../../docs/stories");
const STORIES = ["routing", "iam-boundary", "failover"] as const;
const PEOPLE = ["author", "senior", "second"] as const;
const MACHINES = ["ci", "deployer"] as const;

/** A fenced block behind the comment that says what it is: `run` a command (and wait until its commit is `recorded`, or `land` it after), `write: PATH`, `before: PATH`. */
const BLOCK = /<!-- (\w+)(?:: (\S+))? -->\n```\w+\n([\s\S]*?)```/g;

/** Ids, fingerprints and times differ from run to run; everything else must be what the page shows. */
function normalise(text: string): string {
  return text
    .replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{12,64}\b/g, "<id>")
    .replace(/SHA256:[\w+/]+/g, "SHA256:<key>")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ|\d{4}-\d\d-\d\d \d\d:\d\d/g, "<time>")
    .replace(/\d{4}-\d\d-\d\d/g, "<day>")
    .replace(/\s+/g, " ");
}

const readPage = (name: string) => readFile(join(DOCS, `${name}.md`), "utf8");

/** What all three begin with, made once: keys, the policy on main, what runs today, the recorder, an environment's first record. */
let template: TestRepository;
beforeAll(async () => {
  template = await createRepository();
  const folder = dirname(template.path);
  for (const name of PEOPLE)
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", join(folder, name)], {
      cwd: folder,
    });
  for (const name of MACHINES)
    await run("sh", ["-c", `umask 077; openssl genpkey -algorithm ed25519 -out ${name}.pem`], {
      cwd: folder,
    });
  await template.commit({ message: "start\n", files: await readSetUp(folder) });
  await ok("init", "--no-agents");
  for (const environment of ["staging", "production"])
    await ok(
      ...`deploy record --environment ${environment} --target refs/heads/main`.split(" "),
      "--commit",
      "main",
      "--machine-key",
      join(folder, "deployer.pem"),
      "--baseline",
    );
}, 60_000);
afterAll(() => template.remove());

async function ok(...args: readonly string[]): Promise<void> {
  const result = await countersign(args, { cwd: template.path });
  expect(result.exitCode, `${args.join(" ")}\n${result.stdout}${result.stderr}`).toBe(0);
}

async function readSetUp(folder: string): Promise<Readonly<Record<string, string>>> {
  const files: Record<string, string> = {};
  for (const page of ["README", ...STORIES])
    for (const [, what, path = "", text = ""] of (await readPage(page)).matchAll(BLOCK))
      if (what === "before") files[path] = text;
  const policy = ".countersign/policy.yml";
  for (const name of PEOPLE)
    files[policy] = (files[policy] ?? "").replace(
      `${name.toUpperCase()}_KEY`,
      (await readFile(join(folder, `${name}.pub`), "utf8")).trim(),
    );
  for (const name of MACHINES) {
    const pem = await run("openssl", ["pkey", "-in", `${name}.pem`, "-pubout"], { cwd: folder });
    files[policy] = (files[policy] ?? "").replace(
      `${name.toUpperCase()}_KEY`,
      pem.toString().split("\n")[1] ?? "",
    );
  }
  return files;
}

/** A story's own copy of the set-up. */
interface Stage {
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
}

async function play(stage: Stage, command: string): Promise<string> {
  const program = `'${process.execPath}' '${BUNDLE}'`;
  const script = `exec 2>&1; countersign() { ${program} "$@"; }; ${command}`;
  const { stdout, exitCode } = await tryRun("sh", ["-c", script], {
    cwd: stage.path,
    environment: { ...stage.environment },
  });
  return `${stdout.toString("utf8")}${exitCode === 0 ? "" : `exit code ${exitCode}\n`}`;
}

function toGit({ path, environment }: Stage): Parameters<typeof waitForNote>[0] {
  const git = (args: readonly string[]) =>
    tryRun("git", [...args], { cwd: path, environment: { ...environment } });
  return {
    git: async (...args) => (await git(args)).stdout.toString("utf8"),
    tryGit: async (...args) => (await git(args)).exitCode,
  };
}

/** The page as it would be if its output were what is printed now. */
async function playPage(page: string, stage: Stage): Promise<string> {
  const played: string[] = [];
  for (const [whole, what, path = "", text = ""] of page.matchAll(BLOCK)) {
    if (what === "write") await writeFile(join(stage.path, path), text);
    const [command = ""] = text.split("\n");
    const output = what === "run" ? await play(stage, command.slice(2)) : undefined;
    played.push(output === undefined ? whole : whole.replace(text, () => `${command}\n${output}`));
    // The record is written beside the commit, which does not wait for it.
    if (path === "recorded") await waitForNote(toGit(stage));
    if (path === "land") await play(stage, "git push --quiet . HEAD:main && git switch --quiet main");
  }
  let at = 0;
  return page.replace(BLOCK, () => played[at++] ?? "");
}

describe.each(STORIES)("docs/stories/%s.md", (name) => {
  it("shows what the commands really print", { timeout: 120_000 }, async () => {
    await using folder = await createTemporaryFolder();
    await cp(dirname(template.path), folder.path, { recursive: true, preserveTimestamps: true });
    const path = join(folder.path, template.path.slice(dirname(template.path).length));
    const person = { NAME: "author", EMAIL: "author@shop.example" };
    const stage = {
      path,
      environment: testEnvironment({
        ...Object.fromEntries(
          Object.entries(person).flatMap(([key, value]) => [
            [`GIT_AUTHOR_${key}`, value],
            [`GIT_COMMITTER_${key}`, value],
          ]),
        ),
        HOME: folder.path,
        NO_COLOR: "1",
        OUTAGE: new Date(Date.now() + 600_000).toISOString().replace(/\.\d+Z$/, "Z"),
      }),
    };
    await play(stage, "git switch --quiet --create change");
    const page = await readPage(name);
    const played = await playPage(page, stage);
    if (process.env.COUNTERSIGN_WRITE_STORIES === "1") await writeFile(join(DOCS, `${name}.md`), played);
    else expect(normalise(played)).toBe(normalise(page));
  });
});
