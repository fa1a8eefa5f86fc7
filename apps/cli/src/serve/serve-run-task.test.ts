// SPDX-License-Identifier: Apache-2.0
// The built program, called as HCP Terraform calls a run task, and a server of our own that takes the answers.
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import type { TestRepository } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { countersign } from "../command.fixture.ts";
import { createDeployedProject, type DeployedProject, MAIN } from "../deploy/deployed-project.fixture.ts";
import { type CalledServer, createCertificate, startServer } from "./called-server.fixture.ts";

const KEY = "0123456789abcdef0123456789abcdef";

let project: DeployedProject;
let repo: TestRepository;
let tls: { readonly cert: string; readonly key: string };
let server: CalledServer;
let terraform: Server;
let host: string;
let keyFile: string;
const commits = { good: "", bad: "" };
/** What came back, by the path that a test gave. */
const answers = new Map<string, { readonly authorization: string; readonly body: string }>();
/** Paths that fail at first, and how often they still do. */
const failing = new Map<string, number>();

beforeAll(async () => {
  project = await createDeployedProject();
  ({ repo } = project);
  commits.good = await project.commit("good");
  commits.bad = await project.commit("bad", "\nAI-Assisted: cursor/unknown\n");
  const folder = dirname(repo.path);
  tls = await createCertificate(folder);
  keyFile = join(folder, "hmac.key");
  await writeFile(keyFile, `${KEY}\n`);
  terraform = createServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) }, take);
  terraform.listen(0, "127.0.0.1");
  await once(terraform, "listening");
  host = `127.0.0.1:${(terraform.address() as AddressInfo).port}`;
  server = await startServer(repo.path, flags(), tls.cert);
});
afterAll(async () => {
  server?.child.kill("SIGKILL");
  terraform?.close();
  await project?.remove();
});

const take: Parameters<typeof createServer>[1] = async (request, response) => {
  let body = "";
  for await (const chunk of request) body += chunk;
  const path = request.url ?? "";
  const left = failing.get(path) ?? 0;
  failing.set(path, left - 1);
  if (left > 0) response.writeHead(left > 1 ? 429 : 503).end();
  else if (path.startsWith("/moved"))
    response.writeHead(307, { location: `https://${host}/elsewhere` }).end();
  else {
    answers.set(path, { authorization: request.headers.authorization ?? "", body });
    response.writeHead(200).end();
  }
};
const flags = () => [
  "--run-task",
  ...["--run-task-key", keyFile, "--callback-host", host],
  ...["--environment", "production", "--target", MAIN, "--cert", tls.cert, "--key", tls.key],
];
const task = (path: string, commitUrl: string | null, more: object = {}) =>
  JSON.stringify({
    payload_version: 1,
    access_token: "token-of-the-run",
    stage: "pre_apply",
    task_result_callback_url: `https://${host}${path}`,
    run_id: "run-1",
    workspace_name: "net",
    vcs_commit_url: commitUrl,
    ...more,
  });
const url = (id: string) => `https://git.example/acme/net/commit/${id}`;
const call = (body: string, key = KEY, to = server) =>
  to.call(body, {
    path: "/run-task",
    headers: { "x-tfc-task-signature": createHmac("sha512", key).update(body).digest("hex") },
  });
const answerAt = async (path: string) => {
  while (!answers.has(path)) await new Promise((resolve) => setTimeout(resolve, 20));
  const { authorization, body } = answers.get(path) ?? { authorization: "", body: "{}" };
  return { authorization, ...JSON.parse(body).data.attributes };
};

describe("serve --run-task", () => {
  it("takes a task at once, and answers where the run says, with the run's own token", async () => {
    expect(await call(task("/good", url(commits.good)))).toEqual({ status: 200, text: "taken\n" });
    expect(await answerAt("/good")).toEqual({
      authorization: "Bearer token-of-the-run",
      status: "passed",
      message: `pass: ${commits.good.slice(0, 12)} for production`,
    });
    expect(JSON.stringify(server.log())).not.toContain("token-of-the-run");
  });

  it("fails a run of what must not be deployed, and says why", async () => {
    await call(task("/bad", url(commits.bad)));
    const answer = await answerAt("/bad");
    expect(answer).toMatchObject({ status: "failed" });
    expect(answer.message).toMatch(/^denied: [0-9a-f]{12} for production; .*no AI here/);
  });

  it.each([
    ["no commit", "/none", null, "names no commit"],
    ["a commit that is not here", "/absent", url("9".repeat(40)), "names no commit here"],
  ])("fails a run of %s", async (_what, path, commitUrl, words) => {
    await call(task(path, commitUrl));
    const answer = await answerAt(path);
    expect(answer).toMatchObject({ status: "failed", message: expect.stringContaining(words) });
  });

  it("answers the request that tries the address, and nothing comes of it", async () => {
    const before = answers.size;
    const ping = task("/ping", null, { access_token: "test-token" });
    expect(await call(ping)).toEqual({ status: 200, text: "ok\n" });
    expect(answers.size).toBe(before);
  });

  it.each([
    ["another key", () => call(task("/forged", url(commits.good)), "f".repeat(32)), 401],
    ["no signature", () => server.call(task("/forged", url(commits.good)), { path: "/run-task" }), 401],
    [
      "the signature of another body",
      () => {
        const signed = createHmac("sha512", KEY).update(task("/x", null)).digest("hex");
        const headers = { "x-tfc-task-signature": signed };
        return server.call(task("/forged", url(commits.good)), { path: "/run-task", headers });
      },
      401,
    ],
    [
      "a signed test request of another key",
      () => call(task("/p", null, { access_token: "" }), "f".repeat(32)),
      401,
    ],
    ["no run task", () => call("{}x"), 400],
    [
      "an answer to another host, which would get the token",
      () => call(task("/x", null, { task_result_callback_url: "https://evil.example/forged" })),
      403,
    ],
    [
      "a host that only looks like it",
      () => call(task("/x", null, { task_result_callback_url: `https://${host}@evil.example/forged` })),
      403,
    ],
  ] as const)("refuses %s", async (_what, send, status) => {
    expect((await send()).status).toBe(status);
    expect(answers.has("/forged")).toBe(false);
  });

  it("tries again where the answer did not get through, and follows no redirection", async () => {
    failing.set("/again", 2);
    await call(task("/again", url(commits.good)));
    expect(await answerAt("/again")).toMatchObject({ status: "passed" });
    await call(task("/moved", url(commits.good)));
    while (!server.log().some((entry) => "unsent" in entry))
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(server.log().find((entry) => "unsent" in entry)).toMatchObject({
      unsent: expect.stringContaining("307"),
    });
    expect(answers.has("/elsewhere")).toBe(false);
  });

  it("ends only when what it took has its answer", async () => {
    const other = await startServer(repo.path, flags(), tls.cert);
    expect((await call(task("/last", url(commits.good)), KEY, other)).status).toBe(200);
    expect(await other.stop()).toBe(0);
    expect(answers.has("/last")).toBe(true);
  });

  it("does not start with a key that can be guessed, or none", async () => {
    const short = join(dirname(repo.path), "short.key");
    await writeFile(short, "secret\n");
    const args = ["serve", ...flags()];
    const guessed = await countersign(
      args.map((word) => (word === keyFile ? short : word)),
      { cwd: repo.path },
    );
    expect(guessed).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("has 6 bytes, expected at least 16"),
    });
    const none = args.filter((word) => word !== "--run-task-key" && word !== keyFile);
    expect(await countersign(none, { cwd: repo.path })).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("--run-task needs --run-task-key FILE"),
    });
  });
});
