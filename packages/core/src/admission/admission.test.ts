// SPDX-License-Identifier: Apache-2.0
// recorded-reviews.jsonl is what a real API server (Kubernetes 1.20) sent to a webhook while kubectl applied a deployment.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AdmissionVerdict,
  answerImages,
  findImages,
  formatAdmissionReview,
  parseAdmissionReview,
  sortImages,
} from "./index.ts";

const RECORDED = readFileSync(join(import.meta.dirname, "testdata/recorded-reviews.jsonl"), "utf8")
  .trim()
  .split("\n");
const HEX = "a".repeat(64);
const pod = (spec: object) => ({ apiVersion: "v1", kind: "Pod", metadata: { name: "a" }, spec });

describe("parseAdmissionReview", () => {
  it.each(RECORDED)("reads what an API server sends", (line) => {
    const request = parseAdmissionReview(line);
    expect(request).toMatchObject({
      operation: "CREATE",
      kind: "Deployment",
      namespace: "default",
      name: "web",
      username: "admin",
      dryRun: false,
      oldObject: null,
    });
    expect(findImages(request.object)).toEqual({ images: ["reg.example/web@sha256:abc"], problems: [] });
  });

  it("names a subresource, which is another thing to ask about", () => {
    const review = JSON.parse(RECORDED[0] ?? "");
    review.request.subResource = "scale";
    expect(parseAdmissionReview(JSON.stringify(review)).kind).toBe("Deployment.scale");
  });

  it.each([
    ["no JSON", "{"],
    ["another version", '{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview","request":{}}'],
    ["no request", '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}'],
    [
      "an answer",
      '{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"1","allowed":true}}',
    ],
    ["a list", "[]"],
    ["nothing", "null"],
    ["a uid that could break a line", RECORDED[0]?.replace(/"uid":"[^"]+"/, '"uid":"a\\nb"') ?? ""],
    ["a request by prototype", '{"__proto__":{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}}'],
  ])("refuses %s", (_what, body) => {
    expect(() => parseAdmissionReview(body)).toThrow(
      expect.objectContaining({ code: "ADMISSION_MALFORMED" }),
    );
  });

  it("throws nothing but its own error, whatever comes", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json({ maxDepth: 4 })), (body) => {
        try {
          parseAdmissionReview(body);
        } catch (error) {
          expect(error).toMatchObject({ code: "ADMISSION_MALFORMED" });
        }
      }),
    );
  });
});

describe("findImages", () => {
  it.each([
    ["a pod's", pod({ containers: [{ name: "a", image: "x" }] })],
    ["one that only runs before", pod({ containers: [], initContainers: [{ image: "x" }] })],
    ["one added for debugging", pod({ containers: [], ephemeralContainers: [{ image: "x" }] })],
    ["a volume that is an image", pod({ volumes: [{ name: "v", image: { reference: "x" } }] })],
    [
      "a cron job's, four levels down",
      { spec: { jobTemplate: { spec: { template: { spec: { containers: [{ image: "x" }] } } } } } },
    ],
    [
      "a pod template's, which has no spec",
      { kind: "PodTemplate", template: { spec: { containers: [{ image: "x" }] } } },
    ],
    [
      "a custom resource's",
      { kind: "Rollout", spec: { deep: [{ template: { spec: { containers: [{ image: "x" }] } } }] } },
    ],
  ])("finds %s", (_what, object) => {
    expect(findImages(object)).toEqual({ images: ["x"], problems: [] });
  });

  it("does not look at what nothing is started from", () => {
    const status = { containers: [{ image: "old" }] };
    expect(findImages({ metadata: { containers: [{ image: "x" }] }, status, spec: {} }).images).toEqual([]);
    for (const nothing of [null, undefined, 1, "containers", []])
      expect(findImages(nothing).images).toEqual([]);
  });

  it.each([
    ["no list", { containers: { 0: { image: "x" } } }],
    ["no image", { containers: [{ name: "a" }] }],
    ["an image by prototype", JSON.parse('{"containers":[{"__proto__":{"image":"x"}}]}')],
    ["an image that is no text", { initContainers: [{ image: ["x"] }] }],
    ["a volume without a reference", { volumes: [{ image: {} }] }],
    [
      "more images than are looked at",
      { containers: Array.from({ length: 65 }, (_, i) => ({ image: `x${i}` })) },
    ],
    ["more values than are looked at", { containers: [], args: new Array(300_000).fill("a") }],
  ])("says that it cannot tell where there is %s", (_what, spec) => {
    expect(findImages(pod(spec)).problems).toHaveLength(1);
  });

  it("counts a list before it takes it apart", () => {
    const untouchable = {
      ownKeys: () => {
        throw new Error("taken apart");
      },
    };
    expect(findImages(pod({ args: new Proxy(new Array(300_000), untouchable) })).problems).toHaveLength(1);
  });

  it("takes no stack for depth", () => {
    let deep: object = { containers: [{ image: "x" }] };
    for (let i = 0; i < 50_000; i++) deep = { a: deep };
    expect(findImages({ spec: deep }).images).toEqual(["x"]);
  });
});

describe("sortImages", () => {
  it("judges by digest alone; a tag beside it says nothing", () => {
    const image = `registry.example/shop:1@sha256:${HEX}`;
    expect(sortImages([image], [])).toEqual({
      judged: [{ name: "registry.example/shop:1", digest: { sha256: HEX } }],
      foreign: [],
      problems: [],
    });
  });

  it.each([
    "shop",
    "shop:latest",
    "shop@sha256:abc",
    `shop@sha256:${HEX.toUpperCase()}`,
    `shop@sha512:${HEX}`,
    `a@b@sha256:${HEX}`,
    `shop@sha256:${HEX} `,
    `sh\u202eop@sha256:${HEX}`,
    `@sha256:${HEX}`,
  ])("refuses %j, which is no name for one image (T55)", (image) => {
    expect(sortImages([image], []).problems).toHaveLength(1);
  });

  it("lets in what is under a prefix, up to the end of a name", () => {
    const { foreign, problems } = sortImages(
      ["registry.example/mesh/proxy:1", "registry.example/mesh:2", "registry.example/meshed/evil:1"],
      ["registry.example/mesh"],
    );
    expect(foreign).toEqual(["registry.example/mesh/proxy:1", "registry.example/mesh:2"]);
    expect(problems).toHaveLength(1);
  });

  it("takes a port for another host, whose images nobody named", () => {
    const images = ["registry.example/a:1", "registry.example:5000/evil:1", "registry.example.evil/a:1"];
    expect(sortImages(images, ["registry.example"]).foreign).toEqual(["registry.example/a:1"]);
    expect(sortImages(["proxy:1", "proxy:5000/evil"], ["proxy"]).foreign).toEqual(["proxy:1"]);
    expect(sortImages(["registry.example:5000/a:1"], ["registry.example:5000"]).foreign).toHaveLength(1);
  });
});

describe("the answer", () => {
  const answer = (verdict: AdmissionVerdict) => ({
    verdict,
    reasons: ["x".repeat(5000)],
    warnings: Array.from({ length: 20 }, () => "y".repeat(500)),
    annotations: { images: "z".repeat(5000) },
  });

  it.each([
    ["pass", true],
    ["override", true],
    ["nothing-new", true],
    ["exempt", true],
    ["pending", false],
    ["denied", false],
    ["error", false],
  ] as const)("%s is allowed: %s, within what an API server takes", (verdict, allowed) => {
    const { response } = JSON.parse(formatAdmissionReview("1", answer(verdict)));
    expect(response).toMatchObject({ uid: "1", allowed, auditAnnotations: { verdict } });
    expect(response.warnings).toHaveLength(8);
    expect(response.warnings[0].length).toBeLessThanOrEqual(256);
    expect(response.auditAnnotations.images.length).toBeLessThanOrEqual(1000);
    if (allowed) expect(response.status).toBeUndefined();
    else {
      expect(response.status.code).toBe(verdict === "error" ? 500 : 403);
      expect(response.status.message.length).toBeLessThanOrEqual(2000);
    }
  });

  it("is a no where an image cannot be judged, whatever else there is", () => {
    const judged = answerImages({ environment: "production", reports: [], foreign: [], problems: ["why"] });
    expect(judged).toMatchObject({ verdict: "denied", reasons: ["why"] });
  });
});
