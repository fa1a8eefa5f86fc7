// SPDX-License-Identifier: Apache-2.0
import { cp } from "node:fs/promises";
import { join } from "node:path";
import {
  createRepository,
  createSshKey,
  createTemporaryFolder,
  openTestRepository,
  type SshKey,
  type TestRepository,
} from "@countersign/testkit";
import { countersign } from "../command.fixture.ts";

export const MAIN = "refs/heads/main";

/** A project whose policy is on main, and of which production runs the first commit. */
export interface DeployedProject {
  readonly repo: TestRepository;
  /** Of those that were asked for. */
  readonly keyOf: (name: string) => SshKey;
  /** What `deploy check` and `exec` are asked, with the deployer's key. */
  readonly asked: (commit: string, key?: SshKey) => readonly string[];
  /** The same project in a folder of its own, in no time: a test may do to it what it likes. */
  readonly copy: () => Promise<TestRepository>;
  /** A commit by the person whom every policy knows. */
  readonly commit: (name: string, trailer?: string) => Promise<string>;
  readonly remove: () => Promise<void>;
}

export interface ProjectOptions {
  /** Names of keys besides the deployer's. */
  readonly keys?: readonly string[];
  /** Lines of the policy below its targets; by default a project without any AI. */
  readonly policy?: (publicKeyOf: (name: string) => string) => readonly string[];
}

const WITHOUT_AI: NonNullable<ProjectOptions["policy"]> = (publicKeyOf) => [
  "people: { author: { emails: [author@example.com] } }",
  "rules: [{ id: no-ai, when: change.ai.assisted, deny: no AI here }]",
  `machines: { deployer: { keys: ["${publicKeyOf("deployer")}"], may: [deployment] } }`,
];

export async function createDeployedProject({
  keys = [],
  policy = WITHOUT_AI,
}: ProjectOptions = {}): Promise<DeployedProject> {
  const names = ["deployer", ...keys];
  const [repo, ...made] = await Promise.all([createRepository(), ...names.map((name) => createSshKey(name))]);
  const byName = new Map(names.map((name, i) => [name, made[i] as SshKey]));
  const keyOf = (name: string) => byName.get(name) as SshKey;
  const asked = (commit: string, key = keyOf("deployer")) => [
    ...["--environment", "production", "--target", MAIN],
    ...["--commit", commit, "--machine-key", key.privateKeyPath],
  ];
  const lines = [
    "version: 1",
    "repository: https://git.example/acme/shop",
    `targets: [${MAIN}]`,
    ...policy((name) => keyOf(name).publicKey),
  ];
  await repo.commit({ message: "start\n", files: { ".countersign/policy.yml": `${lines.join("\n")}\n` } });
  const recorded = await countersign(["deploy", "record", ...asked("HEAD"), "--baseline"], {
    cwd: repo.path,
  });
  if (recorded.exitCode !== 0) throw new Error(recorded.stderr);
  return {
    repo,
    keyOf,
    asked,
    copy: () => copyOf(repo),
    commit: (name, trailer = "") =>
      repo.commit({
        message: `${name}\n${trailer}`,
        files: { [`${name}.txt`]: `${name}\n` },
        author: { name: "author", email: "author@example.com" },
      }),
    remove: async () => {
      await Promise.all([repo.remove(), ...made.map((key) => key.remove())]);
    },
  };
}

async function copyOf(repo: TestRepository): Promise<TestRepository> {
  const folder = await createTemporaryFolder();
  const path = join(folder.path, "repo");
  await cp(repo.path, path, { recursive: true });
  return openTestRepository(path, folder.remove);
}
