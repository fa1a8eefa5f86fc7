// SPDX-License-Identifier: Apache-2.0
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createRepository, createSshKey, type SshKey, type TestRepository } from "@countersign/testkit";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { createTestSigstore } from "../../../../packages/signing/src/sigstore.fixture.ts";
import { countersign } from "../command.fixture.ts";

const MAIN = "refs/heads/main";
const SCHEMA = z.fromJSONSchema(
  JSON.parse(
    await readFile(join(import.meta.dirname, "../../../../specs/deploy-report.schema.json"), "utf8"),
  ),
);

let repo: TestRepository;
let deployer: SshKey;
let start: string;
beforeEach(async () => {
  repo = await createRepository();
  deployer = await createSshKey("deployer");
  const policy = [
    "version: 1",
    "repository: https://git.example/acme/shop",
    `targets: [${MAIN}]`,
    "people: { author: { emails: [author@example.com] } }",
    "rules: [{ id: no-ai, when: change.ai.assisted, deny: no AI here }]",
    `machines: { deployer: { keys: ["${deployer.publicKey}"], may: [deployment] } }`,
  ];
  start = await repo.commit({
    message: "start\n",
    files: { ".countersign/policy.yml": `${policy.join("\n")}\n` },
  });
});
afterEach(async () => {
  await repo.remove();
  await deployer.remove();
});

const deploy = (verb: "check" | "record", ...more: readonly string[]) =>
  countersign(["deploy", verb, "--environment", "production", "--target", MAIN, ...more], { cwd: repo.path });
const record = (...more: readonly string[]) =>
  deploy("record", "--machine-key", deployer.privateKeyPath, ...more);
const commit = (files: Readonly<Record<string, string>>, message = "by hand\n") =>
  repo.commit({ message, files, author: { name: "author", email: "author@example.com" } });

function parse(stdout: string) {
  const document = JSON.parse(stdout);
  expect(SCHEMA.safeParse(document)).toMatchObject({ success: true });
  return document;
}

describe("deploy check", () => {
  it("cannot tell where nothing was recorded, and says how to begin", async () => {
    const run = await deploy("check", "--commit", "HEAD", "--json");
    expect(run.exitCode).toBe(3);
    expect(parse(run.stdout).findings[0].reason).toContain("--baseline");
    const since = await deploy("check", "--commit", "HEAD", "--since", start);
    expect(since).toMatchObject({ exitCode: 0 });
  });

  it("looks only at what is new, and denies what the policy denies", async () => {
    expect(await record("--commit", "HEAD", "--baseline")).toMatchObject({ exitCode: 0 });
    const good = await commit({ "a.txt": "a\n" });
    expect(await record("--commit", good)).toMatchObject({ exitCode: 0 });
    const bad = await commit({ "b.txt": "b\n" }, "b\n\nAI-Assisted: cursor/unknown\n");
    const run = await deploy("check", "--commit", bad, "--json");
    expect(run.exitCode).toBe(1);
    expect(parse(run.stdout)).toMatchObject({
      verdict: "denied",
      base: good,
      changes: [{ head: bad, assisted: true, tools: ["cursor"] }],
      previous: { commit: good, verdict: "pass" },
    });
    expect(await deploy("check", "--commit", good)).toMatchObject({ exitCode: 0 });
  });

  it("refuses a shallow clone: what is cut off cannot be judged", async () => {
    await record("--commit", "HEAD", "--baseline");
    await commit({ "a.txt": "a\n" });
    await using shallow = await repo.clone(["--depth=1"]);
    const args = ["deploy", "check", "--environment", "production", "--target", MAIN, "--commit", "HEAD"];
    const run = await countersign(args, { cwd: shallow.path });
    expect(run.exitCode).toBe(3);
    expect(run.stdout).toContain("this is a shallow clone");
  });

  it("works in a pipeline's clone, which has the branch only as its remote's", async () => {
    await record("--commit", "HEAD", "--baseline");
    const head = await commit({ "a.txt": "a\n" });
    await using clone = await repo.clone();
    await clone.git(["fetch", "--quiet", "origin", "refs/countersign/*:refs/countersign/*"]);
    await clone.git(["checkout", "--quiet", "--detach", head]);
    await clone.git(["branch", "--quiet", "-D", "main"]);
    const args = ["deploy", "check", "--environment", "production", "--target", MAIN, "--commit", head];
    expect(await countersign(args, { cwd: clone.path })).toMatchObject({ exitCode: 0 });
  });

  it.each([
    [["--commit", "absent"], "names no commit here"],
    [[], "say what is deployed"],
    [["--artifact", "shop:latest"], "a tag can be moved"],
    [["--artifact", "shop"], "a tag can be moved"],
    [["--artifact", `shop@sha256:${"A".repeat(64)}`], "a tag can be moved"],
    [["--artifact", `shop@sha256:${"a".repeat(64)}`, "--oci", "."], "no OCI image layout"],
    [["--artifact", `shop@sha256:${"a".repeat(64)}`, "--provenance", "absent.json"], "cannot be read"],
  ])("%j is a usage error", async (args, words) => {
    const run = await deploy("check", ...args);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(words);
  });

  it("an environment or target that is no name is a usage error", async () => {
    for (const args of [
      ["--environment", "../x", "--target", MAIN],
      ["--environment", "production", "--target", "main"],
    ])
      expect(
        await countersign(["deploy", "check", ...args, "--commit", "HEAD"], { cwd: repo.path }),
      ).toMatchObject({ exitCode: 2 });
  });

  it("finds the commit of an image in an OCI layout, by digest", async () => {
    await record("--commit", "HEAD", "--baseline");
    const head = await commit({ "a.txt": "a\n" });
    const { layout, digest } = await writeLayout(join(dirname(repo.path), "image"), head);
    const image = ["--artifact", `registry.example/shop@sha256:${digest}`, "--oci", layout];
    const run = await deploy("check", ...image, "--json");
    expect(run.exitCode).toBe(0);
    expect(parse(run.stdout)).toMatchObject({ commit: head, artifacts: [{ digest: { sha256: digest } }] });
    await writeFile(join(layout, "blobs/sha256", digest), "{}");
    const forged = await deploy("check", ...image);
    expect(forged.exitCode).toBe(3);
    expect(forged.stdout).toContain("nothing says from which commit it was built");
  });
});

describe("deploy check with a Sigstore bundle", () => {
  it("verifies it in the built program, offline, by the trusted root beside the policy", async () => {
    await using sigstore = await createTestSigstore();
    const identity = { issuer: "https://ci.example", subject: "https://ci.example/acme/shop/release" };
    const policy = await repo.git(["show", "main:.countersign/policy.yml"]);
    const release = `release: { sigstore: { issuer: "${identity.issuer}", subject: "${identity.subject}" }, may: [provenance] }`;
    const head = await commit({
      ".countersign/policy.yml": `${policy.replace("machines: {", `machines: { ${release},`)}\n`,
      ".countersign/trusted-root.json": Buffer.from(sigstore.trustedRoot).toString("utf8"),
    });
    await record("--commit", "HEAD", "--baseline");
    const statement = {
      subject: [{ name: "shop.tar", digest: { sha256: "b".repeat(64) } }],
      predicateType: "https://slsa.dev/provenance/v1",
      predicate: {
        buildDefinition: {
          resolvedDependencies: [{ uri: "git+https://git.example/acme/shop", digest: { gitCommit: head } }],
        },
      },
    };
    const check = async (by: typeof identity) => {
      const file = join(dirname(repo.path), "provenance.json");
      await writeFile(file, await sigstore.sign(statement, by));
      return await deploy("check", "--artifact", `shop@sha256:${"b".repeat(64)}`, "--provenance", file);
    };
    const good = await check(identity);
    expect(good.exitCode, good.stdout + good.stderr).toBe(0);
    const evil = await check({ ...identity, subject: "https://ci.example/mallory/shop/release" });
    expect(evil.exitCode).not.toBe(0);
    expect(evil.stdout).toContain("the provenance proves nothing");
  });
});

/** A layout as `docker buildx build --output type=oci` writes one, with this commit in the image's labels. */
async function writeLayout(layout: string, revision: string) {
  await mkdir(join(layout, "blobs/sha256"), { recursive: true });
  const put = async (value: object): Promise<string> => {
    const text = JSON.stringify(value);
    const digest = createHash("sha256").update(text).digest("hex");
    await writeFile(join(layout, "blobs/sha256", digest), text);
    return digest;
  };
  const config = await put({ config: { Labels: { "org.opencontainers.image.revision": revision } } });
  const digest = await put({ schemaVersion: 2, config: { digest: `sha256:${config}` }, layers: [] });
  await writeFile(join(layout, "oci-layout"), '{"imageLayoutVersion":"1.0.0"}');
  await writeFile(
    join(layout, "index.json"),
    JSON.stringify({ manifests: [{ digest: `sha256:${digest}` }] }),
  );
  return { layout, digest };
}

describe("deploy record", () => {
  it("links each record to the one before, and records what was denied as that", async () => {
    const first = parse((await record("--commit", "HEAD", "--baseline", "--json")).stdout);
    expect(first.recorded).toMatchObject({ verdict: "baseline" });
    const bad = await commit({ "b.txt": "b\n" }, "b\n\nAI-Assisted: cursor/unknown\n");
    const run = await record("--commit", bad, "--json");
    expect(run.exitCode).toBe(1);
    expect(parse(run.stdout).recorded.verdict).toBe("denied");
    const list = JSON.parse((await countersign(["evidence", "list", "--json"], { cwd: repo.path })).stdout);
    const envelopes = list.evidence.map(({ envelope }: { envelope: string }) => envelope);
    expect(envelopes).toHaveLength(2);
    const shown = await countersign(
      [
        "evidence",
        "show",
        run.stdout.match(/"envelope":"([0-9a-f]{64})","verdict":"denied"/)?.[1] ?? "",
        "--json",
      ],
      { cwd: repo.path },
    );
    const { predicate } = JSON.parse(shown.stdout).statement;
    expect(predicate).toMatchObject({
      verdict: "denied",
      kind: "forward",
      previous: first.recorded.envelope,
      commits: { base: start, head: bad },
    });
    expect(predicate.reasons[0]).toMatchObject({ rule: "no-ai" });
  });

  it("takes the pipeline from the CI's variables, or as it is named, and only whole", async () => {
    const environment = {
      GITLAB_CI: "true",
      CI_SERVER_URL: "https://gitlab.example",
      CI_PROJECT_PATH: "acme/shop",
      CI_JOB_URL: "https://gitlab.example/acme/shop/-/jobs/7",
    };
    const args = [
      "deploy",
      "record",
      "--environment",
      "production",
      "--target",
      MAIN,
      "--commit",
      "HEAD",
      "--baseline",
      "--machine-key",
      deployer.privateKeyPath,
      "--json",
    ];
    const run = await countersign(args, { cwd: repo.path, environment });
    const shown = await countersign(
      ["evidence", "show", JSON.parse(run.stdout).recorded.envelope, "--json"],
      { cwd: repo.path },
    );
    expect(JSON.parse(shown.stdout).statement.predicate.pipeline).toEqual({
      issuer: "https://gitlab.example",
      subject: "acme/shop",
      run: environment.CI_JOB_URL,
    });
    expect(await record("--commit", "HEAD", "--issuer", "https://ci.example")).toMatchObject({ exitCode: 2 });
  });

  it("is a usage error with a key that the policy does not believe in it, without one, and as a second beginning", async () => {
    await using stranger = await createSshKey("stranger");
    const run = await deploy(
      "record",
      "--commit",
      "HEAD",
      "--baseline",
      "--machine-key",
      stranger.privateKeyPath,
    );
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("no machine of the policy");
    expect(await deploy("record", "--commit", "HEAD", "--baseline")).toMatchObject({ exitCode: 2 });
    await record("--commit", "HEAD", "--baseline");
    const again = await record("--commit", "HEAD", "--baseline");
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain("--baseline is for the first one");
  });

  it("records nothing where there is no policy to record by", async () => {
    await repo.branch("empty", start);
    await repo.git(["rm", "--quiet", ".countersign/policy.yml"]);
    await repo.git(["commit", "--quiet", "-m", "no policy"]);
    const args = [
      "deploy",
      "record",
      "--environment",
      "production",
      "--target",
      "refs/heads/empty",
      "--commit",
      "HEAD",
      "--machine-key",
      deployer.privateKeyPath,
    ];
    const run = await countersign(args, { cwd: repo.path });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain("nothing was recorded");
  });
});
