// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type FileContent, fileCommand } from "./file-change.ts";
import { type RunResult, run, tryRun } from "./run.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";
import {
  AUTHOR,
  identityEnvironment,
  type Person,
  START,
  TICK,
  testEnvironment,
} from "./test-environment.ts";

export interface RepositoryOptions {
  readonly objectFormat?: "sha1" | "sha256";
  readonly bare?: boolean;
  /** Default: `main`. */
  readonly branch?: string;
  /** Folder to create it in; default: a new temporary folder. */
  readonly path?: string;
}

export interface CommitOptions {
  readonly message: string | Uint8Array;
  readonly files?: Readonly<Record<string, FileContent>>;
  readonly author?: Person;
  readonly committer?: Person;
  /** Seconds since the epoch; default: one tick after the commit before. */
  readonly at?: number;
  /** Ids of the parents; default: the tip of the branch. An empty list makes a root. */
  readonly parents?: readonly string[];
  /** Full ref or branch name to move; default: the checked-out branch. */
  readonly branch?: string;
}

export interface GitOptions {
  readonly input?: string | Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
}

/** A real repository in a temporary folder; `await using` or `remove()` deletes it. */
export interface TestRepository extends AsyncDisposable {
  /** The work tree, or the bare repository. */
  readonly path: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Runs git there and returns its output without the last line end; throws when it fails. */
  readonly git: (args: readonly string[], options?: GitOptions) => Promise<string>;
  /** The same, with the exit code instead of an error. */
  readonly tryGit: (args: readonly string[], options?: GitOptions) => Promise<RunResult>;
  /** Commits files on top of a branch (through fast-import: any path bytes, any mode) and checks it out; returns the id. */
  readonly commit: (options: CommitOptions) => Promise<string>;
  /** Creates a branch at a revision (default HEAD) and, in a work tree, checks it out. */
  readonly branch: (name: string, at?: string) => Promise<void>;
  readonly checkout: (revision: string) => Promise<void>;
  /** Merges into the checked-out branch with a merge commit; returns its id; throws on a conflict. */
  readonly merge: (revision: string, message?: string) => Promise<string>;
  /** Squash-merges into the checked-out branch; returns the commit's id. */
  readonly squash: (revision: string, message: string) => Promise<string>;
  /** Rebases the checked-out branch; returns the new tip. */
  readonly rebase: (onto: string) => Promise<string>;
  /** Id of a revision. */
  readonly id: (revision: string) => Promise<string>;
  /** Writes any bytes as an object, valid or not; returns its id. */
  readonly writeObject: (
    type: "commit" | "tree" | "blob" | "tag",
    bytes: string | Uint8Array,
  ) => Promise<string>;
  /** Writes a file into the work tree (or Git directory, in a bare one) without committing it. */
  readonly write: (path: string, content: string | Uint8Array) => Promise<void>;
  /** Clones it into another temporary folder. */
  readonly clone: (args?: readonly string[]) => Promise<TestRepository>;
  readonly remove: () => Promise<void>;
}

/** As Git itself would write it; a process for each of them would be a quarter of what a small test costs. */
const NO_MAINTENANCE = `[gc]
\tauto = 0
[maintenance]
\tauto = false
[commit]
\tgpgSign = false
[advice]
\tdetachedHead = false
`;

export async function createRepository(options: RepositoryOptions = {}): Promise<TestRepository> {
  const folder = await createTemporaryFolder();
  const path = options.path ?? join(folder.path, "repo");
  const format = options.objectFormat ?? "sha1";
  const args = [
    "init",
    "--quiet",
    `--object-format=${format}`,
    `--initial-branch=${options.branch ?? "main"}`,
  ];
  await run("git", [...args, ...(options.bare === true ? ["--bare"] : []), path], {
    cwd: folder.path,
    environment: testEnvironment(),
  });
  return openTestRepository(path, folder.remove);
}

/** The builder over a repository that exists already. */
export async function openTestRepository(path: string, remove: () => Promise<void>): Promise<TestRepository> {
  let clock = START;
  const tick = (at?: number): number => {
    clock = at ?? clock + TICK;
    return clock;
  };
  const environment = testEnvironment();
  const tryGit = (args: readonly string[], { input = "", environment: extra = {} }: GitOptions = {}) => {
    const env = { ...environment, ...identityEnvironment(AUTHOR, AUTHOR, clock), ...extra };
    return tryRun("git", args, { cwd: path, environment: env, input });
  };
  const git = async (args: readonly string[], options?: GitOptions): Promise<string> => {
    const result = await tryGit(args, options);
    if (result.exitCode !== 0)
      throw new Error(`git ${args.join(" ")}: ${result.stderr}${result.stdout.toString()}`);
    return result.stdout.toString("utf8").replace(/\n$/, "");
  };
  const isBare = !existsSync(join(path, ".git"));
  const config = join(path, isBare ? "config" : ".git/config");
  // A linked work tree has no configuration of its own.
  if (existsSync(config)) await appendFile(config, NO_MAINTENANCE);
  const id = (revision: string) => git(["rev-parse", "--verify", "--end-of-options", `${revision}^{}`]);
  const base = { path, environment, git, tryGit, id, remove, [Symbol.asyncDispose]: remove };
  return {
    ...base,
    ...committing(base, isBare, tick),
    ...moving(base, isBare, tick),
    ...writing(base, path),
  };
}

type Base = Pick<TestRepository, "path" | "environment" | "git" | "tryGit" | "id">;

function committing(
  repo: Base,
  isBare: boolean,
  tick: (at?: number) => number,
): Pick<TestRepository, "commit"> {
  const commit = async (options: CommitOptions): Promise<string> => {
    const current = await headOf(repo);
    const ref = options.branch === undefined ? current : fullRef(options.branch);
    const parents = options.parents ?? (await tipOf(repo, ref));
    // A HEAD that stands on no branch is nothing that fast-import could move.
    const made = ref === "HEAD" ? "refs/testkit/import" : ref;
    const commands = importCommands(made, options, parents, tick(options.at));
    const marked = await repo.git(["fast-import", "--quiet", "--force"], { input: commands });
    if (made !== ref)
      await repo.git(["update-ref", "--stdin"], { input: `update ${ref} ${marked}\ndelete ${made}\n` });
    if (!isBare && ref === current) await repo.git(["reset", "--quiet", "--hard", marked]);
    return marked;
  };
  return { commit };
}

/** Full name of the branch that is checked out, or `HEAD`; read as a file where there is one, which costs no process. */
async function headOf(repo: Base): Promise<string> {
  for (const file of [".git/HEAD", "HEAD"]) {
    const text = await readFile(join(repo.path, file), "utf8").catch(() => "");
    if (text.startsWith("ref: ")) return text.slice(5).trimEnd();
  }
  const head = await repo.tryGit(["symbolic-ref", "--quiet", "HEAD"]);
  return head.exitCode === 0 ? head.stdout.toString("utf8").trimEnd() : "HEAD";
}

async function tipOf(repo: Base, ref: string): Promise<readonly string[]> {
  const tip = await repo.tryGit(["rev-parse", "--verify", "--quiet", ref]);
  return tip.exitCode === 0 ? [tip.stdout.toString("utf8").trim()] : [];
}

function fullRef(branch: string): string {
  return branch.startsWith("refs/") ? branch : `refs/heads/${branch}`;
}

function importCommands(ref: string, options: CommitOptions, parents: readonly string[], at: number): Buffer {
  const author = options.author ?? AUTHOR;
  const committer = options.committer ?? author;
  const message = Buffer.from(options.message);
  const people = [
    `author ${author.name} <${author.email}> ${at} +0000`,
    `committer ${committer.name} <${committer.email}> ${at} +0000`,
  ];
  const [first, ...others] = parents;
  const lineage = [
    ...(first === undefined ? [] : [`from ${first}`]),
    ...others.map((parent) => `merge ${parent}`),
  ];
  // A first parent's tree is inherited; a root starts from nothing.
  const head = `reset ${ref}\n\ncommit ${ref}\nmark :1\n${people.join("\n")}\ndata ${message.length}\n`;
  const files = Object.entries(options.files ?? {}).map(([path, content]) => fileCommand(path, content));
  const tail = Buffer.from(`\n${lineage.map((line) => `${line}\n`).join("")}`);
  return Buffer.concat([Buffer.from(head), message, tail, ...files, Buffer.from("\nget-mark :1\n")]);
}

function moving(
  repo: Base,
  isBare: boolean,
  tick: (at?: number) => number,
): Pick<TestRepository, "branch" | "checkout" | "merge" | "squash" | "rebase"> {
  const at = (seconds: number) => ({ environment: identityEnvironment(AUTHOR, AUTHOR, seconds) });
  return {
    branch: async (name, revision = "HEAD") => {
      await repo.git(["branch", "--no-track", name, revision]);
      if (isBare) await repo.git(["symbolic-ref", "HEAD", `refs/heads/${name}`]);
      else await repo.git(["checkout", "--quiet", name, "--"]);
    },
    checkout: async (revision) => {
      await repo.git(["checkout", "--quiet", revision, "--"]);
    },
    merge: async (revision, message = `Merge ${revision}`) => {
      await repo.git(["merge", "--quiet", "--no-ff", "-m", message, revision], at(tick()));
      return repo.id("HEAD");
    },
    squash: async (revision, message) => {
      await repo.git(["merge", "--quiet", "--squash", revision], at(tick()));
      await repo.git(["commit", "--quiet", "-m", message], at(tick()));
      return repo.id("HEAD");
    },
    rebase: async (onto) => {
      await repo.git(["rebase", "--quiet", onto], at(tick()));
      return repo.id("HEAD");
    },
  };
}

function writing(repo: Base, path: string): Pick<TestRepository, "writeObject" | "write" | "clone"> {
  return {
    writeObject: (type, bytes) =>
      repo.git(["hash-object", "-t", type, "-w", "--literally", "--stdin"], { input: bytes }),
    write: async (file, content) => {
      await mkdir(dirname(join(path, file)), { recursive: true });
      await writeFile(join(path, file), content);
    },
    clone: async (args = []) => {
      const folder = await createTemporaryFolder();
      const target = join(folder.path, "clone");
      const command = ["clone", "--quiet", ...args, `file://${path}`, target];
      await run("git", command, { cwd: folder.path, environment: repo.environment });
      return openTestRepository(target, folder.remove);
    },
  };
}
