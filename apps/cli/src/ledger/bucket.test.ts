// SPDX-License-Identifier: Apache-2.0
import { cp, mkdir, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createTemporaryFolder } from "@countersign/testkit";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  hasS3Server,
  S3_ENV,
  type S3Server,
  startS3Server,
} from "../../../../packages/store/src/s3/s3-server.fixture.ts";
import { countersign } from "../command.fixture.ts";
import { createSignedProject, type SignedProject } from "./signed-project.fixture.ts";

const bucketIt = it.skipIf(!hasS3Server);
let server: S3Server;
beforeAll(async () => {
  if (hasS3Server) server = await startS3Server();
});
afterAll(() => server?.[Symbol.asyncDispose]());

const run = (
  { repo }: SignedProject,
  args: readonly string[],
  environment: Record<string, string> = S3_ENV,
) => countersign(["ledger", ...args], { cwd: repo.path, environment });

bucketIt(
  "a log in a bucket is made, appended to, verified and proved as one in a folder is, and its key never leaves",
  async () => {
    await using project = await createSignedProject();
    const made = await run(project, ["init", "--bucket", server.address("project")]);
    expect(made, made.stderr).toMatchObject({ exitCode: 0 });
    const head = await project.signChange("one");
    const appended = await run(project, ["append"]);
    expect(appended, appended.stderr).toMatchObject({ exitCode: 0 });
    const last = JSON.parse(appended.stdout.trim().split("\n").at(-1) ?? "");
    expect(last).toMatchObject({ kind: "sign-off", commit: head });
    const folder = join(project.repo.path, ".git/countersign/ledger");
    expect((await readdir(folder)).toSorted()).toEqual(["bucket", "key", "log.vkey"]);
    expect(await run(project, ["verify"])).toMatchObject({ exitCode: 0 });
    // Another machine needs the bucket's name, the public key and the right to read.
    await using elsewhere = await createTemporaryFolder();
    const dir = join(elsewhere.path, "ledger");
    await mkdir(dir);
    await cp(join(folder, "bucket"), join(dir, "bucket"));
    const there = await countersign(["ledger", "verify", "--dir", dir, "--log-key", made.stdout.trim()], {
      cwd: elsewhere.path,
      environment: S3_ENV,
    });
    expect(there, there.stderr).toMatchObject({ exitCode: 0 });
    const foreign = await run(project, [
      "init",
      "--dir",
      "../foreign",
      "--bucket",
      server.address("project"),
    ]);
    expect(foreign, "a bucket with a log of another key").toMatchObject({ exitCode: 2, stdout: "" });
    const proof = await run(project, ["prove", String(last.index)]);
    expect(proof, proof.stderr).toMatchObject({ exitCode: 0 });
    expect(await readFile(join(folder, "bucket"), "utf8")).toBe(`${server.address("project")}\n`);
  },
);

bucketIt(
  "no log is made where the server keeps no conditions, and none is opened without credentials",
  async () => {
    await using project = await createSignedProject();
    server.keepsConditions = false;
    const refused = await run(project, ["init", "--bucket", server.address("unsafe")]);
    server.keepsConditions = true;
    expect(refused).toMatchObject({ exitCode: 3, stdout: "" });
    expect(refused.stderr).toContain("two writers would fork the log there");
    const bare = await run(project, ["append"], { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" });
    expect(bare.exitCode).not.toBe(0);
    expect(bare.stderr).toContain("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
    const wrong = await run(project, ["init"], { ...S3_ENV, AWS_SECRET_ACCESS_KEY: "not-the-secret" });
    expect(wrong.exitCode).toBe(3);
    expect(wrong.stderr).toContain("AWS_SECRET_ACCESS_KEY");
    expect(wrong.stderr).not.toContain("not-the-secret");
    for (const place of ["s3://UPPER/x", "bucket", "s3://user:password@bucket/x", "s3://bucket/../x"])
      expect((await run(project, ["init", "--dir", "../other", "--bucket", place])).exitCode).not.toBe(0);
  },
);
