// SPDX-License-Identifier: Apache-2.0
import type { ChildProcess } from "node:child_process";
import { chmod, copyFile, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  createTemporaryFolder,
  run,
  type TemporaryFolder,
  type TestRepository,
  testEnvironment,
  tryRun,
} from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BUNDLE, countersign } from "../command.fixture.ts";
import {
  approve,
  cloneOver,
  commitAi,
  EVIDENCE,
  keyOf,
  MAIN,
  type PersonId,
  policyText,
  push,
} from "./push-server.fixture.ts";
import { findFreePort, findObstacle, startServer, stopServer, waitFor } from "./real-server.fixture.ts";

const USER = "golite";
const obstacle = findObstacle("gitolite over ssh", [
  "/usr/sbin/sshd",
  "/usr/bin/gitolite",
  "/usr/sbin/useradd",
]);

let folder: TemporaryFolder;
let home: string;
let sshd: ChildProcess;
let port: number;
const clones: TestRepository[] = [];

/** A command line as the server's own user. */
const asServer = (command: string) =>
  run("su", ["-s", "/bin/sh", USER, "-c", command], {
    cwd: home,
    environment: testEnvironment({ HOME: home }),
  });

async function sshCommand(person: PersonId): Promise<string> {
  const key = (await keyOf(person)).privateKeyPath;
  return `ssh -F /dev/null -i ${key} -p ${port} -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR`;
}

async function cloneAs(person: PersonId, repository = "project"): Promise<TestRepository> {
  const ssh = await sshCommand(person);
  const environment = testEnvironment({ GIT_SSH_COMMAND: ssh });
  const clone = await cloneOver(`ssh://${USER}@127.0.0.1/${repository}`, person, environment);
  await clone.git(["config", "core.sshCommand", ssh]);
  clones.push(clone);
  return clone;
}

async function startSshd(): Promise<void> {
  port = await findFreePort();
  await mkdir("/run/sshd", { recursive: true });
  await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder.path, "host")], {
    cwd: folder.path,
  });
  const lines = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${folder.path}/host`,
    `PidFile ${folder.path}/sshd.pid`,
    "UsePAM no",
    "StrictModes no",
    `AllowUsers ${USER}`,
  ];
  await writeFile(join(folder.path, "sshd_config"), `${lines.join("\n")}\n`);
  sshd = startServer("/usr/sbin/sshd", ["-f", join(folder.path, "sshd_config"), "-D"], folder.path);
  await waitFor({ port });
}

async function setUpGitolite(): Promise<void> {
  folder = await createTemporaryFolder("countersign-gitolite");
  await chmod(folder.path, 0o755);
  home = join(folder.path, "home");
  const known = await tryRun("id", [USER], { cwd: "/" });
  if (known.exitCode === 0) await run("usermod", ["-d", home, USER], { cwd: "/" });
  else
    await run("useradd", ["--system", "--no-create-home", "-d", home, "-s", "/bin/sh", USER], { cwd: "/" });
  // A locked account is refused by an sshd without PAM, also with a key.
  await run("usermod", ["-p", "*", USER], { cwd: "/" });
  await mkdir(home);
  await copyFile((await keyOf("author")).publicKeyPath, join(home, "author.pub"));
  await copyFile(process.execPath, join(home, "node"));
  await cp(dirname(BUNDLE), home, { recursive: true });
  await run("chown", ["-R", USER, home], { cwd: "/" });
  await asServer("gitolite setup -pk author.pub");
  await startSshd();
}

/** The administrator's work: people, a repository with a policy, and our hooks for every repository. */
async function administer(): Promise<void> {
  const admin = await cloneAs("author", "gitolite-admin");
  await admin.write("keydir/senior.pub", await readFile((await keyOf("senior")).publicKeyPath, "utf8"));
  await admin.write(
    "conf/gitolite.conf",
    "repo gitolite-admin\n    RW+ = author\nrepo project\n    RW+ = @all\n",
  );
  await admin.git(["add", "--all"]);
  await admin.git(["commit", "--quiet", "-m", "project"]);
  await admin.git(["push", "--quiet", "origin", "HEAD"]);
  await asServer("git -C repositories/project.git symbolic-ref HEAD refs/heads/main");
  const first = await cloneAs("author");
  await first.commit({ message: "start\n", files: { ".countersign/policy.yml": await policyText() } });
  await first.git(["push", "--quiet", "origin", `HEAD:${MAIN}`]);
  await asServer("./node countersign.mjs hooks install --server --repo repositories/project.git");
  await asServer(
    "mkdir -p .gitolite/hooks/common && cp repositories/project.git/hooks/*-receive .gitolite/hooks/common/ && gitolite setup --hooks-only",
  );
  await asServer("git -C repositories/gitolite-admin.git config countersign.preReceive off");
}

describe.skipIf(obstacle !== undefined)(
  `gitolite over ssh${obstacle === undefined ? "" : ` (skipped: ${obstacle})`}`,
  () => {
    beforeAll(async () => {
      await setUpGitolite();
      await administer();
    }, 120_000);
    afterAll(async () => {
      await stopServer(sshd);
      for (const clone of clones) await clone.remove();
      await tryRun("userdel", [USER], { cwd: "/" });
      await folder.remove();
    });

    it("refuses an AI-assisted change with the reason on the terminal, and takes it once it was signed off", async () => {
      const author = await cloneAs("author");
      const head = await commitAi(author, "change");
      expect((await push(author, "change")).isAccepted).toBe(true);
      const refused = await push(author, `change:${MAIN}`);
      expect(refused.isAccepted).toBe(false);
      expect(refused.words).toContain("ai-senior-sign-off");
      const senior = await cloneAs("senior");
      await approve(senior, "senior", head);
      expect(
        (
          await countersign(["evidence", "push"], {
            cwd: senior.path,
            environment: { GIT_SSH_COMMAND: await sshCommand("senior") },
          })
        ).exitCode,
      ).toBe(0);
      expect(await push(author, `change:${MAIN}`)).toMatchObject({ isAccepted: true });
    });

    it("knows who pushes by the key that ssh saw", async () => {
      const author = await cloneAs("author");
      await commitAi(author, "recorded", { "r.txt": "r\n" });
      await push(author, "recorded");
      const rows = (
        await asServer(
          `git -C repositories/project.git ls-tree -r --format='%(objectname)' refs/countersign/pushes`,
        )
      )
        .toString()
        .trim()
        .split("\n");
      const records = await Promise.all(
        rows.map(async (id) =>
          JSON.parse((await asServer(`git -C repositories/project.git cat-file blob ${id}`)).toString()),
        ),
      );
      expect(records.map(({ ref, pusher }) => `${ref} ${pusher}`)).toContain("refs/heads/recorded author");
    });

    it("leaves gitolite's own access rules and its admin repository alone", async () => {
      const admin = await cloneAs("author", "gitolite-admin");
      await admin.write(
        "conf/gitolite.conf",
        `repo gitolite-admin\n    RW+ = author\nrepo project\n    RW+ = author\n    R = senior\n`,
      );
      await admin.git(["commit", "--quiet", "--all", "-m", "senior reads only"]);
      expect((await push(admin, "HEAD")).isAccepted).toBe(true);
      const senior = await cloneAs("senior");
      expect((await push(senior, `HEAD:${EVIDENCE}`)).isAccepted).toBe(false);
    });
  },
);
