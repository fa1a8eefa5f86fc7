// SPDX-License-Identifier: Apache-2.0
// The native policy before the admission plugin of a real API server (k8s.io/apiserver): its type check, its CEL with its costs, its
// matching of resources and namespaces, its parameters. `npm run e2e:kubernetes -- plugin` builds the program that holds it.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findImages, sortImages } from "@countersign/core/admission";
import { createRepository, type TestRepository } from "@countersign/testkit";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { countersign } from "../command.fixture.ts";
import { askPlugin, type PluginRequest } from "./ask-plugin.fixture.ts";

const PROGRAM = process.env.COUNTERSIGN_ASK_PLUGIN;
const HEX = "a".repeat(64);
const GOOD = `registry.example/acme/shop:1@sha256:${HEX}`;
const POLICY = "version: 1\nrules:\n  - { id: no-ai, when: change.ai.assisted, deny: no AI here }\n";

const named = <T extends object>(apiVersion: string, kind: string, more: T) => ({
  ...{ apiVersion, kind, metadata: { name: "one", namespace: "shop" } },
  ...more,
});
const template = (image: string) => ({
  metadata: { labels: { app: "shop" } },
  spec: { containers: [{ name: "a", image }] },
});
const selector = { matchLabels: { app: "shop" } };
const podOf = <T extends object>(spec: T) => named("v1", "Pod", { spec });
const runs = (image: string) => podOf(template(image).spec);
const job = (image: string) => ({ template: template(image) });
const create = (resource: string, object: object): PluginRequest => ({
  operation: "CREATE",
  resource,
  object,
});
const configMap = (name: string, namespace: string, data: object) => ({
  ...{ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data },
});

describe.skipIf(PROGRAM === undefined)(
  "the native policy before an API server's own plugin (needs COUNTERSIGN_ASK_PLUGIN: npm run e2e:kubernetes)",
  () => {
    let repo: TestRepository;
    beforeAll(async () => {
      repo = await createRepository();
      mkdirSync(join(repo.path, ".countersign"));
      writeFileSync(join(repo.path, ".countersign/policy.yml"), POLICY);
    });
    afterAll(() => repo.remove());

    async function ask(flags: readonly string[], requests: readonly PluginRequest[], stored: object[] = []) {
      const { exitCode, stdout } = await countersign(["policy", "admission", "--beside-webhook", ...flags], {
        cwd: repo.path,
      });
      expect(exitCode).toBe(0);
      const policy = parseAllDocuments(stdout).map((document) => document.toJS());
      const namespaces = ["shop", "countersign", "kube-system"].map((name) => ({
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
      }));
      return askPlugin(PROGRAM ?? "", [...policy, ...namespaces, ...stored], requests);
    }
    const allowed = async (...given: Parameters<typeof ask>) =>
      (await ask(...given)).map((answer) => answer.allowed);

    it.each<[string, string, (image: string) => object]>([
      ["a pod", "pods", runs],
      [
        "an init container",
        "pods",
        (image) => podOf({ ...runs(GOOD).spec, initContainers: [{ name: "b", image }] }),
      ],
      [
        "a volume",
        "pods",
        (image) => podOf({ ...runs(GOOD).spec, volumes: [{ name: "v", image: { reference: image } }] }),
      ],
      [
        "a controller of old",
        "replicationcontrollers",
        (image) => named("v1", "ReplicationController", { spec: { template: template(image) } }),
      ],
      ["a template", "podtemplates", (image) => named("v1", "PodTemplate", { template: template(image) })],
      [
        "a deployment",
        "deployments",
        (image) => named("apps/v1", "Deployment", { spec: { selector, template: template(image) } }),
      ],
      [
        "a replica set",
        "replicasets",
        (image) => named("apps/v1", "ReplicaSet", { spec: { selector, template: template(image) } }),
      ],
      [
        "a stateful set",
        "statefulsets",
        (image) =>
          named("apps/v1", "StatefulSet", {
            spec: { selector, serviceName: "s", template: template(image) },
          }),
      ],
      [
        "a daemon set",
        "daemonsets",
        (image) => named("apps/v1", "DaemonSet", { spec: { selector, template: template(image) } }),
      ],
      ["a job", "jobs", (image) => named("batch/v1", "Job", { spec: job(image) })],
      [
        "a cron job",
        "cronjobs",
        (image) =>
          named("batch/v1", "CronJob", {
            spec: { schedule: "* * * * *", jobTemplate: { spec: job(image) } },
          }),
      ],
    ])("finds the image of %s", async (_what, resource, of) => {
      const [good, tag] = await ask([], [create(resource, of(GOOD)), create(resource, of("shop:1"))]);
      expect(good).toMatchObject({ allowed: true, message: "" });
      expect(tag).toMatchObject({
        allowed: false,
        message: expect.stringContaining("an image is named by no digest"),
        annotations: {
          "countersign/images-asked": expect.stringMatching(/^[12]$/),
          "countersign/policy-digest": expect.stringMatching(/^[0-9a-f]{64}$/),
        },
      });
    });

    it("asks about a container for debugging, and nothing again about what runs already", async () => {
      const old = runs("shop:1");
      const debug = podOf({ ...old.spec, ephemeralContainers: [{ name: "d", image: "tools:1" }] });
      const update = (object: object, subresource = "") => ({
        ...{ operation: "UPDATE" as const, resource: "pods", subresource, object, oldObject: old },
      });
      expect(
        await allowed([], [update(old), update(runs("shop:2")), update(debug, "ephemeralcontainers")]),
      ).toEqual([true, false, false]);
    });

    it("leaves out the own namespace and those named, and no others", async () => {
      const inside = (namespace: string) =>
        create("pods", { ...runs("shop:1"), metadata: { name: "one", namespace } });
      const places = ["countersign", "kube-system", "shop"].map(inside);
      expect(await allowed(["--exclude", "kube-system"], places)).toEqual([true, true, false]);
      expect(await allowed([], places)).toEqual([true, false, false]);
    });

    it("asks where images come from, and for the annotation", async () => {
      const images = [GOOD, `registry.example/acmes/shop@sha256:${HEX}`].map((image) =>
        create("pods", runs(image)),
      );
      expect(await allowed(["--registry", "registry.example/acme"], images)).toEqual([true, false]);
      const marked = {
        ...runs(GOOD),
        metadata: { name: "one", namespace: "shop", annotations: { "acme.example/commit": "abc" } },
      };
      expect(
        await allowed(
          ["--annotation", "acme.example/commit"],
          [create("pods", marked), create("pods", runs(GOOD))],
        ),
      ).toEqual([true, false]);
      const foreign = ["mesh.example/proxy:1", "mesh.example:5000/evil:1"].map((image) =>
        create("pods", runs(image)),
      );
      expect(await allowed(["--foreign", "mesh.example"], foreign)).toEqual([true, false]);
    });

    it("lets in the digests of the list, and none where there is no list", async () => {
      const asked = [GOOD, `shop@sha256:${"b".repeat(64)}`].map((image) => create("pods", runs(image)));
      const flags = ["--approved", "approved"];
      const list = configMap("approved", "countersign", { [HEX]: "commit" });
      expect(await allowed(flags, asked, [list])).toEqual([true, false]);
      expect(await allowed(flags, asked, [configMap("approved", "countersign", {})])).toEqual([false, false]);
      expect(await allowed(flags, asked, [configMap("approved", "shop", { [HEX]: "" })])).toEqual([
        false,
        false,
      ]);
      expect(await allowed(flags, asked)).toEqual([false, false]);
    });

    it("stays within what the expressions may cost, of many images and a long list", async () => {
      const digest = (i: number) => i.toString(16).padStart(64, "0");
      const containers = Array.from({ length: 64 }, (_, i) => ({
        ...{ name: `c${i}`, image: `${"r".repeat(150)}@sha256:${digest(i)}` },
      }));
      const data = Object.fromEntries(Array.from({ length: 8000 }, (_, i) => [digest(i), "c".repeat(40)]));
      const pod = podOf({ containers });
      const [created, updated] = await ask(
        ["--approved", "approved"],
        [create("pods", pod), { operation: "UPDATE", resource: "pods", object: pod, oldObject: runs(GOOD) }],
        [configMap("approved", "countersign", data)],
      );
      expect(created).toMatchObject({ allowed: true, message: "" });
      expect(updated).toMatchObject({ allowed: true, message: "" });
    });

    it("lets in what the webhook would judge, and nothing that it would call unjudgeable", async () => {
      const image = fc.oneof(
        fc.constantFrom(GOOD, "shop:1", "registry.example/mesh:1", "registry.example/mesh/a@sha256:1", ""),
        fc.string(),
        fc.string({ unit: "binary" }).map((name) => `${name}@sha256:${HEX}`),
        fc.stringMatching(/^[a-z0-9./:-]{1,30}$/).map((name) => `${name}@sha256:${HEX}`),
      );
      const list = fc.array(fc.record({ name: fc.constant("a"), image }), { minLength: 1, maxLength: 3 });
      const specs = fc.record(
        { containers: list, initContainers: list, ephemeralContainers: list },
        { requiredKeys: ["containers"] },
      );
      const pods = fc.sample(specs, { numRuns: 500, seed: 7 }).map(podOf);
      const answers = await allowed(
        [],
        pods.map((pod) => create("pods", pod)),
      );
      const judged = pods.map((pod) => {
        const { images, problems } = findImages(pod);
        return problems.length === 0 && sortImages(images, []).problems.length === 0;
      });
      expect(answers).toEqual(judged);
      expect(new Set(judged).size).toBe(2);
    });
  },
);
