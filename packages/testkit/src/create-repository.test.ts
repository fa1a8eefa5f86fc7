// SPDX-License-Identifier: Apache-2.0
import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  buildLargeHistory,
  createRepository,
  createSshKey,
  createTemporaryFolder,
  openTestRepository,
  serveGitOverHttp,
} from "./index.ts";

describe.each(["sha1", "sha256"] as const)("a %s test repository", (objectFormat) => {
  it("gives the same ids for the same commits", async () => {
    const ids = [];
    for (let i = 0; i < 2; i++) {
      await using repo = await createRepository({ objectFormat });
      await repo.commit({ message: "one", files: { "a.txt": "a\n" } });
      ids.push(await repo.commit({ message: "two", files: { "dir/b.txt": "b\n", "a.txt": null } }));
    }
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).toHaveLength(objectFormat === "sha1" ? 40 : 64);
  });

  it("keeps the work tree in step with what was committed", async () => {
    await using repo = await createRepository({ objectFormat });
    await repo.commit({
      message: "one",
      files: { a: "1\n", link: { symlink: "a" }, run: { executable: "#!/bin/sh\n" } },
    });
    expect(await repo.git(["status", "--porcelain"])).toBe("");
    expect(await repo.git(["ls-files", "-s"])).toMatch(/^100644 .*\ta\n120000 .*\tlink\n100755 .*\trun$/);
  });
});

it("commits paths of any bytes", async () => {
  await using repo = await createRepository({ bare: true });
  await repo.commit({ message: "odd", files: { 'a\n\t"\\ \udcff': "x", "sp ace/é": "y" } });
  const listed = await repo.tryGit(["ls-tree", "-r", "-z", "--name-only", "main"]);
  const odd = Buffer.concat([Buffer.from('a\n\t"\\ '), Buffer.from([0xff, 0])]);
  expect(listed.stdout).toEqual(Buffer.concat([odd, Buffer.from("sp ace/é\0")]));
});

it("makes roots, octopus merges, squashes and rebases", async () => {
  await using repo = await createRepository();
  const root = await repo.commit({ message: "root", files: { a: "1\n" } });
  await repo.branch("topic");
  await repo.commit({ message: "topic", files: { b: "1\n" } });
  await repo.checkout("main");
  await repo.commit({ message: "main", files: { c: "1\n" } });
  const other = await repo.commit({
    message: "other root",
    files: { d: "1\n" },
    parents: [],
    branch: "island",
  });
  const octopus = await repo.commit({
    message: "octopus",
    parents: [await repo.id("main"), await repo.id("topic"), other],
  });
  expect((await repo.git(["rev-list", "--parents", "-1", octopus])).split(" ")).toHaveLength(4);
  await repo.git(["reset", "--quiet", "--hard", "HEAD^"]);
  await repo.squash("topic", "squashed");
  expect(await repo.git(["log", "--format=%s"])).toBe("squashed\nmain\nroot");
  await repo.checkout("topic");
  expect(await repo.rebase("main")).toBe(await repo.id("main"));
  expect(root).toHaveLength(40);
});

it("is gone after disposal", async () => {
  const repo = await createRepository();
  await repo.remove();
  expect(existsSync(repo.path)).toBe(false);
});

it("makes keys that ssh-keygen can sign with", async () => {
  for (const type of ["ed25519", "ecdsa", "rsa"] as const) {
    await using key = await createSshKey("senior", type);
    expect(key.publicKey).toMatch(/ senior$/);
  }
});

it("takes pushes over HTTP and tells hooks who pushed", async () => {
  await using folder = await createTemporaryFolder();
  await using server = await createRepository({ bare: true, path: join(folder.path, "project.git") });
  await server.git(["config", "http.receivepack", "true"]);
  await server.write("hooks/pre-receive", '#!/bin/sh\necho "$REMOTE_USER" > who\n');
  await server.git(["config", "core.fileMode", "true"]);
  const { chmod, readFile } = await import("node:fs/promises");
  await chmod(join(server.path, "hooks/pre-receive"), 0o755);
  await using http = await serveGitOverHttp(folder.path, { users: { senior: "s3cret" } });
  await using repo = await createRepository();
  await buildLargeHistory(repo, { commits: 50, filesPerCommit: 3 });
  await repo.git(["push", "--quiet", `${http.urlFor("senior")}/project.git`, "main"]);
  expect(await readFile(join(server.path, "who"), "utf8")).toBe("senior\n");
  expect(await server.id("main")).toBe(await repo.id("main"));
  const refused = await repo.tryGit(["push", `${http.url}/project.git`, "main:other"]);
  expect(refused.exitCode).not.toBe(0);
  await using clone = await openTestRepository(repo.path, async () => undefined);
  expect(await clone.id("main")).toBe(await repo.id("main"));
});
