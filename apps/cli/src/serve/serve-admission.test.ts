// SPDX-License-Identifier: Apache-2.0
// The built program, called over HTTPS as an API server calls it, with reviews that a real one sent.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import type { SshKey, TestRepository } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { countersign } from "../command.fixture.ts";
import { createDeployedProject, type DeployedProject, MAIN } from "../deploy/deployed-project.fixture.ts";
import { addImage, type CalledServer, createCertificate, startServer } from "./called-server.fixture.ts";

const RECORDED = readFileSync(
  join(import.meta.dirname, "../../../../packages/core/src/admission/testdata/recorded-reviews.jsonl"),
  "utf8",
).split("\n")[0] as string;

let project: DeployedProject;
let repo: TestRepository;
let commander: SshKey;
let folder: string;
let layout: string;
let tls: { readonly cert: string; readonly key: string };
let server: CalledServer;
/** Digests of images: by hand; an AI's that nobody signed; an AI's let through by break-glass. */
const image = { good: "", bad: "", urgent: "" };

beforeAll(async () => {
  project = await createDeployedProject({
    keys: ["senior", "commander"],
    policy: (publicKeyOf) => [
      "people:",
      "  author: { emails: [author@example.com] }",
      `  senior: { emails: [senior@example.com], keys: ["${publicKeyOf("senior")}"] }`,
      `  commander: { emails: [commander@example.com], keys: ["${publicKeyOf("commander")}"] }`,
      "roles: { senior: { members: [senior] }, commander: { members: [commander] } }",
      "rules: [{ id: ai-senior, when: change.ai.assisted, require: { role: senior, count: 1 } }]",
      "breakGlass: { role: commander, count: 1, expires: 24h, postReview: 48h }",
      `machines: { deployer: { keys: ["${publicKeyOf("deployer")}"], may: [deployment] } }`,
    ],
  });
  ({ repo } = project);
  commander = project.keyOf("commander");
  folder = dirname(repo.path);
  layout = join(folder, "images");
  image.good = await addImage(layout, await project.commit("good"));
  image.bad = await addImage(layout, await project.commit("bad", "\nAI-Assisted: cursor/unknown\n"));
  tls = await createCertificate(folder);
  server = await startServer(repo.path, flags(), tls.cert);
});
afterAll(async () => {
  server?.child.kill("SIGKILL");
  await project?.remove();
});

const flags = (timeout = "30") => [
  "--admission",
  ...["--environment", "production", "--target", MAIN, "--oci", layout],
  ...["--cert", tls.cert, "--key", tls.key, "--foreign", "registry.example/mesh", "--timeout", timeout],
];
const shop = (digest: string) => `registry.example/shop@sha256:${digest}`;

type Change = (request: Record<string, unknown>) => void;

/** The recorded review with other images in it. */
function review(images: readonly string[], change: Change = () => undefined): string {
  const whole = JSON.parse(RECORDED);
  whole.request.object.spec.template.spec.containers = images.map((name, i) => ({
    name: `c${i}`,
    image: name,
  }));
  change(whole.request);
  return JSON.stringify(whole);
}

async function ask(body: string) {
  const { status, text } = await server.call(body);
  expect(status, text).toBe(200);
  const answer = JSON.parse(text);
  expect(answer).toMatchObject({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview" });
  expect(answer.response.uid).toBe(JSON.parse(body).request.uid);
  return answer.response;
}

describe("serve --admission", () => {
  it("lets in what deploy check lets in, and tells the audit log which commit and policy it was", async () => {
    const response = await ask(review([shop(image.good)]));
    expect(response, JSON.stringify(response)).toMatchObject({ allowed: true });
    expect(response.auditAnnotations).toMatchObject({
      verdict: "pass",
      environment: "production",
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      "policy-digest": expect.stringMatching(/^[0-9a-f]{64}$/),
      images: `registry.example/shop@sha256:${image.good.slice(0, 12)}…`,
    });
    expect(response.warnings.join()).toContain("a label is the word of whoever built it");
    expect(server.log().at(-1)).toMatchObject({ verdict: "pass", name: "web", username: "admin" });
  });

  it("refuses an AI's change that nobody signed, and says which rule wants what", async () => {
    const response = await ask(review([shop(image.good), shop(image.bad)]));
    expect(response).toMatchObject({ allowed: false, status: { code: 403, reason: "Forbidden" } });
    expect(response.status.message).toMatch(/pending: .*ai-senior: 0 of 1 sign-off by senior/);
    expect(response.auditAnnotations).toMatchObject({ verdict: "pending", rules: "ai-senior" });
  });

  it("refuses what the API server really sent: its digest is none", async () => {
    const response = await ask(RECORDED);
    expect(response).toMatchObject({ allowed: false, status: { code: 403 } });
    expect(response.status.message).toContain("is named by no digest");
  });

  it.each([
    ["a tag", () => review(["registry.example/shop:1"]), 403, "a tag can be moved"],
    [
      "an image whose manifest is not here",
      () => review([shop("9".repeat(64))]),
      500,
      "nothing says from which commit",
    ],
    ["a container without an image", () => review([""]), 403, "a container without an image"],
    ["a name like a prefix", () => review(["registry.example/meshed/evil:1"]), 403, "is named by no digest"],
    [
      "an image added for debugging",
      () =>
        review([shop(image.good)], (request) => {
          const object = { spec: { containers: [], ephemeralContainers: [{ image: "busybox" }] } };
          Object.assign(request, { operation: "UPDATE", subResource: "ephemeralcontainers", object });
        }),
      403,
      "busybox",
    ],
    [
      "a creation that holds no object",
      () => review([], (request) => Object.assign(request, { object: null })),
      403,
      "a review of CREATE holds no object",
    ],
    [
      "an update to a list",
      () => review([], (request) => Object.assign(request, { operation: "UPDATE", object: [] })),
      403,
      "a review of UPDATE holds no object",
    ],
  ] as const)("refuses %s", async (_what, body, code, words) => {
    const response = await ask(body());
    expect(response).toMatchObject({ allowed: false, status: { code } });
    expect(response.status.message).toContain(words);
  });

  it.each([
    [
      "what is deleted",
      (request: Record<string, unknown>) => Object.assign(request, { operation: "DELETE", object: null }),
    ],
    [
      "what keeps its images, such as one that is scaled",
      (request: Record<string, unknown>) =>
        Object.assign(request, { operation: "UPDATE", oldObject: request.object }),
    ],
    [
      "what starts nothing",
      (request: Record<string, unknown>) =>
        Object.assign(request, { object: { kind: "ConfigMap", data: {} } }),
    ],
  ])("lets in %s without a question", async (_what, change) => {
    const response = await ask(review([shop(image.bad)], change));
    expect(response).toMatchObject({ allowed: true, auditAnnotations: { verdict: "nothing-new" } });
  });

  it("an update to another image is a question", async () => {
    const response = await ask(
      review([shop(image.bad)], (request) => {
        const spec = { template: { spec: { containers: [{ image: shop(image.good) }] } } };
        Object.assign(request, { operation: "UPDATE", oldObject: { spec } });
      }),
    );
    expect(response.allowed).toBe(false);
  });

  it("lets others' images in and says which; its own namespace, and not one whose name begins like it", async () => {
    const mesh = await ask(review([shop(image.good), "registry.example/mesh/proxy:1"]));
    expect(mesh).toMatchObject({
      allowed: true,
      auditAnnotations: { "not-judged": "registry.example/mesh/proxy:1" },
    });
    const own = await ask(
      review(["any:1"], (request) => Object.assign(request, { namespace: "countersign" })),
    );
    expect(own).toMatchObject({ allowed: true, auditAnnotations: { verdict: "exempt" } });
    const like = await ask(
      review(["any:1"], (request) => Object.assign(request, { namespace: "countersign-2" })),
    );
    expect(like.allowed).toBe(false);
  });

  it("answers a dry run like any other, and says that it was one", async () => {
    const response = await ask(
      review([shop(image.bad)], (request) => Object.assign(request, { dryRun: true })),
    );
    expect(response).toMatchObject({ allowed: false, auditAnnotations: { "dry-run": "true" } });
  });

  it("believes no annotation: break-glass is signed, and is let in with a warning", async () => {
    const asked = await ask(
      review([shop(image.bad)], (request) => {
        const object = request.object as { metadata: { annotations: object } };
        Object.assign(object.metadata.annotations, { "countersign/break-glass": "true" });
      }),
    );
    expect(asked.allowed).toBe(false);
    const signed = await countersign(
      ["break-glass", "--base", "HEAD~1", "--head", "HEAD", "--target", MAIN].concat([
        "--key",
        commander.privateKeyPath,
        "--reason",
        "INC-42: eu-west is down",
      ]),
      { cwd: repo.path },
    );
    expect(signed, signed.stderr).toMatchObject({ exitCode: 0 });
    const response = await ask(review([shop(image.bad)]));
    expect(response, JSON.stringify(response)).toMatchObject({
      allowed: true,
      auditAnnotations: { verdict: "override" },
    });
    expect(response.warnings[0]).toContain("by break-glass");
  });

  it.each([
    ["no JSON", "{", {}, 400],
    ["nothing", "", {}, 400],
    ["bytes that are no text", Uint8Array.of(0xff, 0xfe), {}, 400],
    ["depth alone", "[".repeat(200_000), {}, 400],
    ["another path", "{}", { path: "/admit/../etc" }, 404],
    ["another method", "", { method: "GET" }, 405],
    ["another type", "{}", { headers: { "content-type": "text/plain" } }, 415],
  ] as const)("gives %s no review: %#", async (_what, body, options, status) => {
    expect((await server.call(body, options)).status).toBe(status);
  });

  it("reads no more than it says, and goes on", async () => {
    const large = server.call(new Uint8Array(17 * 1024 * 1024)).catch(({ code }) => ({ status: code }));
    expect([413, "EPIPE", "ECONNRESET"]).toContain((await large).status);
    expect(await server.call("", { method: "GET", path: "/healthz" })).toEqual({ status: 200, text: "ok\n" });
  });

  it("speaks no plain HTTP", async () => {
    const text = await new Promise((resolve) => {
      const socket = connect(server.port, "127.0.0.1", () =>
        socket.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"),
      );
      let got = "";
      socket.on("data", (chunk) => (got += chunk));
      socket.on("close", () => resolve(got));
      socket.on("error", () => undefined);
    });
    expect(text).not.toContain("ok");
  });

  it("lets nobody hold a connection who never shakes hands", async () => {
    const socket = connect(server.port, "127.0.0.1");
    socket.on("error", () => undefined);
    await once(socket, "close");
  }, 20_000);

  it("refuses what takes too long", async () => {
    const slow = await startServer(repo.path, flags("0.001"), tls.cert);
    try {
      const { text } = await slow.call(review([shop(image.good)]));
      expect(JSON.parse(text).response).toMatchObject({ allowed: false, status: { code: 500 } });
      expect(text).toContain("there was no answer in time");
    } finally {
      expect(await slow.stop()).toBe(0);
    }
  });

  it.each([
    ["nothing to serve", ["--environment", "production"], "say what to serve"],
    ["a certificate of another key", ["--admission"], "cannot be used together"],
    ["a namespace that is none", ["--admission", "--own-namespace", ""], "expected a namespace's name"],
    ["a branch that is no ref", ["--admission", "--target", "main"], ""],
  ])("does not start with %s", async (_what, args, words) => {
    await mkdir(join(folder, "other"), { recursive: true });
    const other = await createCertificate(join(folder, "other"));
    const given = ["serve", ...args];
    if (!args.includes("--environment")) given.push("--environment", "production");
    if (!args.includes("--target")) given.push("--target", MAIN);
    const run = await countersign([...given, "--cert", tls.cert, "--key", other.key], { cwd: repo.path });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(words);
  });
});

describe("the cluster's side in docs/doors.md", () => {
  const text = readFileSync(join(import.meta.dirname, "../../../../docs/doors.md"), "utf8");
  const [, source = ""] = /```yaml\n(# webhook\.yaml\n[^`]+)```/.exec(text) ?? [];
  const [webhook] = parse(source).webhooks;

  it("fails closed, has no side effects, waits longer than the server does, and leaves the gate's own namespace out", () => {
    expect(webhook).toMatchObject({
      failurePolicy: "Fail",
      sideEffects: "None",
      admissionReviewVersions: ["v1"],
    });
    expect(webhook.timeoutSeconds).toBeGreaterThan(4);
    expect(webhook.clientConfig.service.path).toBe("/admit");
    expect(webhook.namespaceSelector.matchExpressions[0]).toMatchObject({
      operator: "NotIn",
      values: expect.arrayContaining(["countersign"]),
    });
  });

  it("asks about pods and what is added to them, not only about what makes them", () => {
    const resources = webhook.rules.flatMap((rule: { resources: string[] }) => rule.resources);
    expect(resources).toEqual(expect.arrayContaining(["pods", "pods/ephemeralcontainers", "cronjobs"]));
    expect(webhook.rules.every((rule: { operations: string[] }) => rule.operations.includes("UPDATE"))).toBe(
      true,
    );
  });
});
