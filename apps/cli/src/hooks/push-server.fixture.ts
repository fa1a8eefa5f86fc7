// SPDX-License-Identifier: Apache-2.0
import { join } from "node:path";
import {
  createRepository,
  createSshKey,
  createTemporaryFolder,
  type GitServer,
  openTestRepository,
  run,
  type SshKey,
  serveGitOverHttp,
  type TestRepository,
  testEnvironment,
} from "@countersign/testkit";
import { countersign } from "../command.fixture.ts";

export type PersonId = "author" | "senior" | "second";
export const PEOPLE: readonly PersonId[] = ["author", "senior", "second"];
const keys = new Map<PersonId, Promise<SshKey>>();

export function keyOf(person: PersonId): Promise<SshKey> {
  const known = keys.get(person) ?? createSshKey(person);
  keys.set(person, known);
  return known;
}

export const identityOf = (person: PersonId) => ({ name: person, email: `${person}@example.com` });
export const AI_MESSAGE = "net: route the new subnet\n\nAI-Assisted: claude-code/claude-opus-4-8\n";
export const MAIN = "refs/heads/main";
export const EVIDENCE = "refs/countersign/evidence";

export async function policyText(head = ""): Promise<string> {
  const rows = await Promise.all(
    PEOPLE.map(
      async (id) =>
        `  ${id}: { emails: [${id}@example.com], login: ${id}, keys: ["${(await keyOf(id)).publicKey}"] }`,
    ),
  );
  return `version: 1
repository: https://git.example/team/project
${head}people:
${rows.join("\n")}
roles:
  senior: { members: [senior, second, author] }
rules:
  - id: ai-senior-sign-off
    when: change.ai.assisted
    require: { role: senior, count: 1 }
`;
}

/** A bare repository behind `git http-backend` with our hooks, as an administrator would set it up. */
export interface PushServer extends AsyncDisposable {
  readonly bare: TestRepository;
  readonly http: GitServer;
  /** A clone whose pushes log in as this person. */
  readonly cloneAs: (person: PersonId) => Promise<TestRepository>;
}

export interface PushServerOptions {
  readonly policy?: string;
  /** More logins with their passwords. */
  readonly users?: Readonly<Record<string, string>>;
  /** Skip the first push and the hooks. */
  readonly isEmpty?: boolean;
}

export async function createPushServer(options: PushServerOptions = {}): Promise<PushServer> {
  const folder = await createTemporaryFolder("countersign-server");
  const bare = await createRepository({ bare: true, path: join(folder.path, "project.git") });
  await bare.git(["config", "http.receivepack", "true"]);
  const users = {
    ...Object.fromEntries(PEOPLE.map((person) => [person, `${person}-secret`])),
    ...options.users,
  };
  // Under npm, PATH holds a `countersign` of this workspace, which a hook would fall back to.
  const PATH = (process.env.PATH ?? "")
    .split(":")
    .filter((path) => !path.includes("node_modules"))
    .join(":");
  const http = await serveGitOverHttp(folder.path, { users, environment: { PATH } });
  const clones: TestRepository[] = [];
  const cloneAs = async (person: PersonId) => {
    const clone = await cloneOver(`${http.urlFor(person)}/project.git`, person);
    clones.push(clone);
    return clone;
  };
  const dispose = async () => {
    await http.close();
    for (const clone of clones) await clone.remove();
    await bare.remove();
    await folder.remove();
  };
  if (options.isEmpty !== true) {
    const policy = options.policy ?? (await policyText());
    await bare.commit({
      message: "project: start\n",
      files: { ".countersign/policy.yml": policy, "README.md": "A project.\n" },
    });
    await installServer(bare);
  }
  return { bare, http, cloneAs, [Symbol.asyncDispose]: dispose };
}

export async function installServer(bare: TestRepository): Promise<void> {
  const result = await countersign(["hooks", "install", "--server"], { cwd: bare.path });
  if (result.exitCode !== 0) throw new Error(`hooks install: ${result.stderr}${result.stdout}`);
}

export async function cloneOver(
  url: string,
  person: PersonId,
  environment = testEnvironment(),
): Promise<TestRepository> {
  const folder = await createTemporaryFolder("countersign-clone");
  const path = join(folder.path, "clone");
  await run("git", ["clone", "--quiet", url, path], { cwd: folder.path, environment });
  const clone = await openTestRepository(path, folder.remove);
  await clone.git(["config", "user.name", person]);
  await clone.git(["config", "user.email", `${person}@example.com`]);
  return clone;
}

export interface PushResult {
  readonly isAccepted: boolean;
  /** What the person sees, without `remote: ` and line breaks. */
  readonly words: string;
}

export async function push(clone: TestRepository, ...refspecs: string[]): Promise<PushResult> {
  const result = await clone.tryGit(["push", "--porcelain", "origin", ...refspecs]);
  const text = `${result.stderr}${result.stdout.toString("utf8")}`.replace(/^remote: ?/gm, "");
  const words = text.replace(/[ \t\n]+/g, " ");
  return { isAccepted: result.exitCode === 0, words };
}

/** An AI-assisted commit by the author on a branch of the clone; checks it out. */
export async function commitAi(
  clone: TestRepository,
  branch: string,
  files: Readonly<Record<string, string>> = { "net.txt": "one\n" },
) {
  await clone.branch(branch, "refs/remotes/origin/main");
  return await clone.commit({ message: AI_MESSAGE, files, author: identityOf("author") });
}

export async function approve(
  clone: TestRepository,
  person: PersonId,
  head: string,
  base = "refs/remotes/origin/main",
) {
  const key = (await keyOf(person)).privateKeyPath;
  return await countersign(["approve", "--base", base, "--head", head, "--target", MAIN, "--key", key], {
    cwd: clone.path,
  });
}
