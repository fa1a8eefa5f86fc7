// SPDX-License-Identifier: Apache-2.0
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { sha256Hex } from "@countersign/core/ids";
import {
  createRepository,
  createTemporaryFolder,
  serveGitOverHttp,
  type TestRepository,
} from "@countersign/testkit";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  addEvidence,
  EVIDENCE_REF,
  fetchEvidence,
  openRepository,
  pushEvidence,
  type Repository,
  readEvidenceSet,
} from "./index.ts";

beforeEach(() => vi.stubEnv("GIT_CONFIG_GLOBAL", "/dev/null").stubEnv("GIT_CONFIG_NOSYSTEM", "1"));
afterEach(() => vi.unstubAllEnvs());

const bytes = (text: string) => new Uint8Array(Buffer.from(text));

async function names(repo: Repository): Promise<string[]> {
  const set = await readEvidenceSet(repo);
  expect(set.problems).toEqual([]);
  return [...set.envelopes.values()].map((one) => Buffer.from(one).toString()).sort();
}

async function twoClones(): Promise<
  { server: TestRepository; a: Repository; b: Repository } & AsyncDisposable
> {
  const server = await createRepository({ bare: true });
  await server.commit({ message: "one", files: { f: "1" } });
  const clones = [await server.clone(), await server.clone()] as const;
  const [a, b] = await Promise.all(clones.map((clone) => openRepository(clone.path)));
  if (a === undefined || b === undefined) throw new Error("no clones");
  const remove = async () => void (await Promise.all([server, ...clones].map((repo) => repo.remove())));
  return { server, a, b, [Symbol.asyncDispose]: remove };
}

it("unites what two clones wrote, and both end at the same commit", async () => {
  await using all = await twoClones();
  const { a, b, server } = all;
  expect(await fetchEvidence(a, "origin")).toEqual({ tip: undefined, added: 0, problems: [] });
  expect(await pushEvidence(a, "origin")).toMatchObject({ tip: undefined });
  await addEvidence(a, [bytes("from a"), bytes("both")]);
  await addEvidence(b, [bytes("from b"), bytes("both")]);
  await pushEvidence(a, "origin");
  await pushEvidence(b, "origin");
  expect((await fetchEvidence(a, "origin")).added).toBe(1);
  expect(await names(a)).toEqual(["both", "from a", "from b"]);
  expect(await names(b)).toEqual(["both", "from a", "from b"]);
  expect((await pushEvidence(a, "origin")).tip).toBe(await server.id(EVIDENCE_REF));
  expect((await pushEvidence(b, "origin")).tip).toBe(await server.id(EVIDENCE_REF));
});

it("loses nothing when both push at the same time, again and again", async () => {
  await using all = await twoClones();
  const { a, b, server } = all;
  for (let round = 0; round < 5; round++) {
    await Promise.all([addEvidence(a, [bytes(`a${round}`)]), addEvidence(b, [bytes(`b${round}`)])]);
    await Promise.all([pushEvidence(a, "origin"), pushEvidence(b, "origin")]);
  }
  const on = await openRepository(server.path);
  expect(await names(on)).toHaveLength(10);
});

it("does not lose local evidence when the remote's ref was deleted or rewritten (T36)", async () => {
  await using all = await twoClones();
  const { a, b, server } = all;
  await addEvidence(a, [bytes("kept")]);
  await pushEvidence(a, "origin");
  await fetchEvidence(b, "origin");
  await server.git(["update-ref", "-d", EVIDENCE_REF]);
  await addEvidence(await openRepository(server.path), [bytes("rewritten")]);
  await fetchEvidence(b, "origin");
  expect(await names(b)).toEqual(["kept", "rewritten"]);
  await pushEvidence(b, "origin");
  expect(await names(await openRepository(server.path))).toEqual(["kept", "rewritten"]);
  await server.git(["update-ref", "-d", EVIDENCE_REF]);
  expect((await fetchEvidence(b, "origin")).tip).toBeDefined();
  await pushEvidence(b, "origin");
  expect(await names(await openRepository(server.path))).toEqual(["kept", "rewritten"]);
});

it("says why a remote keeps refusing, and keeps the evidence", async () => {
  await using all = await twoClones();
  const { a, server } = all;
  await server.write("hooks/pre-receive", "#!/bin/sh\necho the gate is closed >&2\nexit 1\n");
  await chmod(join(server.path, "hooks/pre-receive"), 0o755);
  await addEvidence(a, [bytes("kept")]);
  await expect(pushEvidence(a, "origin")).rejects.toMatchObject({
    code: "PUSH_REJECTED",
    message: /the gate is closed/,
  });
  expect(await names(a)).toEqual(["kept"]);
});

it("says when a remote cannot be reached", async () => {
  await using all = await twoClones();
  for (const remote of ["nowhere", "/nonexistent", "--upload-pack=touch /tmp/owned", "ext::sh -c false"]) {
    await expect(fetchEvidence(all.a, remote)).rejects.toMatchObject({ code: "GIT_FAILED" });
  }
});

it("brings contents into partial clones, leaves other refs, tags and FETCH_HEAD alone, runs no pre-push hook", async () => {
  await using all = await twoClones();
  await all.server.git(["config", "uploadpack.allowFilter", "true"]);
  await addEvidence(all.a, [bytes("content")]);
  await pushEvidence(all.a, "origin");
  await using partial = await all.server.clone(["--filter=blob:none"]);
  await all.server.git(["tag", "later", "main"]);
  await all.server.commit({ message: "two", files: { f: "2" } });
  await partial.write(".git/hooks/pre-push", "#!/bin/sh\nexit 1\n");
  await chmod(join(partial.path, ".git/hooks/pre-push"), 0o755);
  const before = await partial.git(["for-each-ref", "refs/heads", "refs/tags", "refs/remotes"]);
  const opened = await openRepository(partial.path);
  await fetchEvidence(opened, "origin");
  expect(await names(opened)).toEqual(["content"]);
  await addEvidence(opened, [bytes("more")]);
  await pushEvidence(opened, "origin");
  expect(await partial.git(["for-each-ref", "refs/heads", "refs/tags", "refs/remotes"])).toBe(before);
  expect((await partial.tryGit(["rev-parse", "--verify", "-q", "FETCH_HEAD"])).exitCode).not.toBe(0);
});

it("works over HTTP with a login", async () => {
  await using folder = await createTemporaryFolder();
  await using server = await createRepository({ bare: true, path: join(folder.path, "p.git") });
  await server.git(["config", "http.receivepack", "true"]);
  await using http = await serveGitOverHttp(folder.path, { users: { senior: "pa:ss" } });
  await using repo = await createRepository();
  const opened = await openRepository(repo.path);
  await addEvidence(opened, [bytes("signed")]);
  await pushEvidence(opened, `${http.urlFor("senior")}/p.git`);
  expect([...(await readEvidenceSet(await openRepository(server.path))).envelopes.keys()]).toEqual([
    sha256Hex(bytes("signed")),
  ]);
  await expect(pushEvidence(opened, `${http.url}/p.git`)).rejects.toMatchObject({ code: "GIT_FAILED" });
});
