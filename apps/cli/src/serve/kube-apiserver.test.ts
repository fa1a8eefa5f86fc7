// SPDX-License-Identifier: Apache-2.0
// The webhook before a real API server. There is none to install: COUNTERSIGN_KUBE_APISERVER names the program where somebody built it
// (Debian's source package kubernetes), and etcd is on PATH.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestRepository } from "@countersign/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { countersign } from "../command.fixture.ts";
import { createDeployedProject, type DeployedProject, MAIN } from "../deploy/deployed-project.fixture.ts";
import { addImage, type CalledServer, createCertificate, startServer } from "./called-server.fixture.ts";
import { type ApiServer, startApiServer } from "./kube-apiserver.fixture.ts";

const BINARY = process.env.COUNTERSIGN_KUBE_APISERVER;
const CAN_RUN = BINARY !== undefined && spawnSync("etcd", ["--version"]).status === 0;
const DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";

describe.skipIf(!CAN_RUN)(
  "serve --admission before a real kube-apiserver (needs COUNTERSIGN_KUBE_APISERVER and etcd)",
  () => {
    let project: DeployedProject;
    let repo: TestRepository;
    let cluster: ApiServer;
    let server: CalledServer;
    const image = { good: "", bad: "" };

    beforeAll(async () => {
      project = await createDeployedProject();
      ({ repo } = project);
      const folder = dirname(repo.path);
      const to = ["--environment", "production", "--target", MAIN];
      const layout = join(folder, "images");
      image.good = await addImage(layout, await project.commit("good"));
      image.bad = await addImage(layout, await project.commit("bad", "\nAI-Assisted: cursor/unknown\n"));
      const tls = await createCertificate(folder);
      const files = ["--cert", tls.cert, "--key", tls.key, "--oci", layout];
      server = await startServer(repo.path, ["--admission", ...to, ...files, "--timeout", "25"], tls.cert);
      cluster = await startApiServer(BINARY ?? "", join(folder, "cluster"));
      await configure(tls.cert);
    }, 120_000);
    afterAll(async () => {
      server?.child.kill("SIGKILL");
      await cluster?.stop();
      await project?.remove();
    });

    /** The configuration of docs/doors.md, with an address in place of a service and without the label that 1.20 does not set. */
    async function configure(cert: string): Promise<void> {
      const text = readFileSync(join(import.meta.dirname, "../../../../docs/doors.md"), "utf8");
      const webhook = parse(/```yaml\n(# webhook\.yaml\n[^`]+)```/.exec(text)?.[1] ?? "");
      const [one] = webhook.webhooks;
      one.clientConfig = {
        url: `https://127.0.0.1:${server.port}/admit`,
        caBundle: readFileSync(cert).toString("base64"),
      };
      one.timeoutSeconds = 30;
      delete one.namespaceSelector;
      const path = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
      expect(await cluster.send("POST", path, webhook)).toMatchObject({ status: 201 });
      // It takes a moment until the API server asks.
      for (;;) {
        const { status } = await cluster.send(
          "POST",
          `${DEPLOYMENTS}?dryRun=All`,
          deployment("probe", "probe:1"),
        );
        if (status !== 201) return;
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }

    const deployment = (name: string, given: string) => ({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name },
      spec: {
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers: [{ name, image: given }] } },
      },
    });
    const shop = (digest: string) => `registry.example/shop@sha256:${digest}`;
    const create = (name: string, given: string, query = "") =>
      cluster.send("POST", `${DEPLOYMENTS}${query}`, deployment(name, given));

    it("stores what may run, with our warning, and writes the commit into its audit log", async () => {
      const answer = await create("good", shop(image.good));
      expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
      expect(answer.warnings).toContain("a label is the word of whoever built it");
      const annotations = cluster.auditLog().map((entry) => entry.annotations ?? {});
      expect(annotations).toContainEqual(
        expect.objectContaining({
          "gate.countersign.dev/verdict": "pass",
          "gate.countersign.dev/commit": expect.stringMatching(/^[0-9a-f]{40}$/),
        }),
      );
    });

    it("refuses what may not, with the reason at the keyboard", async () => {
      const denied = await create("bad", shop(image.bad));
      expect(denied.status).toBe(403);
      expect(denied.body.message).toMatch(
        /gate\.countersign\.dev.* denied the request: countersign: denied: .*no AI here/,
      );
      expect((await create("tag", "registry.example/shop:1")).body.message).toContain("a tag can be moved");
      expect((await cluster.send("GET", `${DEPLOYMENTS}/bad`)).status).toBe(404);
    });

    it("answers a dry run, asks nothing about a scaling, and asks about another image", async () => {
      expect((await create("dry", shop(image.bad), "?dryRun=All")).status).toBe(403);
      expect((await create("dry", shop(image.good), "?dryRun=All")).status).toBe(201);
      const stored = (await cluster.send("GET", `${DEPLOYMENTS}/good`)).body as {
        spec: { replicas: number };
      };
      stored.spec.replicas = 3;
      expect((await cluster.send("PUT", `${DEPLOYMENTS}/good`, stored)).status).toBe(200);
      expect(server.log().at(-1)).toMatchObject({ operation: "UPDATE", verdict: "nothing-new" });
      const other = deployment("good", shop(image.bad));
      expect((await cluster.send("PUT", `${DEPLOYMENTS}/good`, other)).status).toBe(403);
      expect((await cluster.send("DELETE", `${DEPLOYMENTS}/good`)).status).toBe(200);
    });

    it("a pod by hand, past every controller, is asked about too", async () => {
      const pod = {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "pod" },
        spec: { automountServiceAccountToken: false, containers: [{ name: "a", image: shop(image.bad) }] },
      };
      expect((await cluster.send("POST", "/api/v1/namespaces/default/pods", pod)).status).toBe(403);
    });

    it("nothing gets in while the gate is away", async () => {
      expect(await server.stop()).toBe(0);
      const answer = await create("away", shop(image.good));
      expect(answer.status).toBe(500);
      expect(answer.body.message).toContain("failed calling webhook");
    });

    it("a policy that the server decides by itself, from 1.30 on", async (test) => {
      const group = "/apis/admissionregistration.k8s.io/v1";
      // Asked of the server: one that somebody built from source may not know its own version.
      const { resources } = (await cluster.send("GET", group)).body as { resources: { name: string }[] };
      if (!resources.some(({ name }) => name === "validatingadmissionpolicies"))
        test.skip("this kube-apiserver has no ValidatingAdmissionPolicy of version v1; 1.30 is the first");
      const hex = "a".repeat(64);
      const { stdout } = await countersign(["policy", "admission", "--beside-webhook"], { cwd: repo.path });
      const own = { apiVersion: "v1", kind: "Namespace", metadata: { name: "native" } };
      expect((await cluster.send("POST", "/api/v1/namespaces", own)).status).toBe(201);
      await cluster.send("DELETE", `${group}/validatingwebhookconfigurations/countersign`);
      for (const [i, kind] of [
        "validatingadmissionpolicies",
        "validatingadmissionpolicybindings",
      ].entries()) {
        const answer = await cluster.send("POST", `${group}/${kind}`, parseAllDocuments(stdout)[i]?.toJS());
        expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 201 });
      }
      const create = (given: string) =>
        cluster.send(
          "POST",
          "/apis/apps/v1/namespaces/native/deployments?dryRun=All",
          deployment("web", given),
        );
      // It takes a moment until the API server knows the policy.
      let refused = await create("shop:1");
      for (let i = 0; i < 100 && refused.status === 201; i++) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        refused = await create("shop:1");
      }
      expect(refused.body.message).toContain("an image is named by no digest");
      const stored = await create(`shop@sha256:${hex}`);
      expect(stored, JSON.stringify(stored.body)).toMatchObject({ status: 201 });
    });
  },
);
