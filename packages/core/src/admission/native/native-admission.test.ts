// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { parsePolicy } from "../../policy/index.ts";
import {
  findImages,
  formatNativeAdmission,
  type NativeOptions,
  parseAdmissionReview,
  sortImages,
  toNativeAdmission,
} from "../index.ts";
import { type NativeRequest, runNative } from "./run-native.fixture.ts";

const POLICY = parsePolicy(
  `version: 1
people: { bob: { emails: [bob@acme.example] } }
roles: { senior: { members: [bob] } }
rules:
  - { id: senior, when: change.ai.assisted, require: { role: senior, count: 1 } }
  - { id: no-cursor, when: '"cursor" in change.ai.tools', deny: no }
unknown: deny
deployments: { staging: {}, production: { after: staging } }
`,
  "policy.yml",
);
const PLAIN: NativeOptions = {
  name: "countersign",
  registries: [],
  foreign: [],
  annotation: null,
  approved: null,
  ownNamespace: "countersign",
  excluded: [],
};
const HEX = "a".repeat(64);
const GOOD = `registry.example/acme/shop:1@sha256:${HEX}`;

const policyOf = (options: Partial<NativeOptions> = {}) =>
  toNativeAdmission(POLICY, { ...PLAIN, ...options }).objects[0] as object;
const pod = (spec: object, more: object = {}) => ({ kind: "Pod", metadata: { name: "a" }, spec, ...more });
const running = (image: string) => pod({ containers: [{ name: "a", image }] });
const ask = (object: unknown, options?: Partial<NativeOptions>, more: Partial<NativeRequest> = {}) =>
  runNative(policyOf(options), { operation: "CREATE", object, ...more });

describe("what is asked of an image", () => {
  const template = (image: string) => ({ metadata: {}, spec: { containers: [{ name: "a", image }] } });
  it.each<[string, (image: string) => object]>([
    ["a pod", running],
    [
      "a pod's init container",
      (image) => pod({ containers: [{ image: GOOD }], initContainers: [{ image }] }),
    ],
    [
      "a container for debugging",
      (image) => pod({ containers: [{ image: GOOD }], ephemeralContainers: [{ image }] }),
    ],
    [
      "a volume",
      (image) =>
        pod({ containers: [{ image: GOOD }], volumes: [{ emptyDir: {} }, { image: { reference: image } }] }),
    ],
    ["a Deployment", (image) => ({ kind: "Deployment", spec: { template: template(image) } })],
    [
      "a CronJob",
      (image) => ({ kind: "CronJob", spec: { jobTemplate: { spec: { template: template(image) } } } }),
    ],
    ["a PodTemplate", (image) => ({ kind: "PodTemplate", template: template(image) })],
  ])("finds it in %s", (_what, of) => {
    expect(ask(of(GOOD))).toEqual([]);
    expect(ask(of("shop:1"))).toEqual([
      "countersign: an image is named by no digest (NAME@sha256:…); a tag can be moved to something else: shop:1",
    ]);
  });

  it.each([
    ["no containers", pod({})],
    ["a container without an image", pod({ containers: [{ name: "a" }] })],
    ["another kind", { kind: "Rollout", spec: { containers: [{ image: GOOD }] } }],
    ["an image that is no text", pod({ containers: [{ image: 1 }] })],
    ["nothing", null],
  ])("refuses %s, which it cannot understand", (_what, object) => {
    expect(ask(object)[0]).toMatch(/^failed: /);
  });

  it.each([
    "shop@sha256:abc",
    `shop@sha256:${HEX.toUpperCase()}`,
    `a@b@sha256:${HEX}`,
    `shop@sha256:${HEX}\n`,
    `@sha256:${HEX}`,
  ])("refuses %j, as the webhook does", (image) => {
    expect(ask(running(image))).toHaveLength(1);
  });

  it("asks nothing again about what runs already, and about what is new", () => {
    const old = running("shop:1");
    const update = (object: object) => ask(object, {}, { operation: "UPDATE", oldObject: old });
    expect(update({ ...old, metadata: { name: "a", labels: { a: "b" } } })).toEqual([]);
    expect(update(running("shop:2"))).toHaveLength(1);
    expect(ask(old, {}, { operation: "CREATE", oldObject: old })).toHaveLength(1);
  });
});

describe("what else may be asked", () => {
  it("lets in images of others up to the end of a name, and no other port of a registry", () => {
    const options = { foreign: ["registry.example/mesh", "other.example"] };
    for (const image of ["registry.example/mesh/proxy:1", "registry.example/mesh:2", "other.example/a"])
      expect(ask(running(image), options)).toEqual([]);
    for (const image of ["registry.example/meshed/evil:1", "other.example:5000/evil", "other.example.evil/a"])
      expect(ask(running(image), options)).toHaveLength(1);
  });

  it("asks where an image comes from", () => {
    const options = { registries: ["registry.example/acme"] };
    expect(ask(running(GOOD), options)).toEqual([]);
    expect(ask(running(`registry.example/acmes/shop@sha256:${HEX}`), options)).toEqual([
      `countersign: an image does not come from registry.example/acme: registry.example/acmes/shop@sha256:${HEX}`,
    ]);
    expect(ask(running(`shop@sha256:${HEX}`), options)).toHaveLength(1);
  });

  it("asks for an annotation of the pod, wherever its template stands", () => {
    const options = { annotation: "acme.example/commit" };
    const marked = { annotations: { "acme.example/commit": "abc" } };
    expect(ask({ ...running(GOOD), metadata: marked }, options)).toEqual([]);
    expect(ask(running(GOOD), options)).toEqual([
      "countersign: the pod carries no annotation acme.example/commit",
    ]);
    expect(
      ask({ ...running(GOOD), metadata: { annotations: { "acme.example/commit": "" } } }, options),
    ).toHaveLength(1);
    const spec = { template: { metadata: {}, spec: { containers: [{ image: GOOD }] } } };
    expect(ask({ kind: "Deployment", metadata: marked, spec }, options)).toHaveLength(1);
  });

  it("asks for a digest of the list, of which one that is empty or absent holds none", () => {
    const options = { approved: "approved" };
    const params = { data: { [HEX]: "commit" } };
    expect(ask(running(GOOD), options, { params })).toEqual([]);
    expect(ask(running(GOOD), options, { params: { data: { ["b".repeat(64)]: "" } } })).toHaveLength(1);
    expect(ask(running(GOOD), options, { params: {} })).toHaveLength(1);
    expect(ask(running(GOOD), options)).toHaveLength(1);
    expect(ask(running("shop:1"), options, { params })).toHaveLength(2);
    const [policy, binding] = toNativeAdmission(POLICY, { ...PLAIN, ...options }).objects;
    expect(policy).toMatchObject({ spec: { paramKind: { apiVersion: "v1", kind: "ConfigMap" } } });
    expect(binding).toMatchObject({
      spec: { paramRef: { name: "approved", namespace: "countersign", parameterNotFoundAction: "Deny" } },
    });
  });

  it.each<[string, Partial<NativeOptions>]>([
    ["--name", { name: "A b" }],
    ["--registry", { registries: [""] }],
    ["--registry", { registries: ['x") || true || i.startsWith("'] }],
    ["--foreign", { foreign: ["a\nb"] }],
    ["--annotation", { annotation: 'a"] == "' }],
    ["--approved", { approved: "../x" }],
    ["--own-namespace", { ownNamespace: "" }],
    ["--exclude", { excluded: ["*"] }],
  ])("refuses a %s that means something else", (flag, options) => {
    expect(() => policyOf(options)).toThrow(
      expect.objectContaining({ code: "ADMISSION_MALFORMED", message: expect.stringContaining(flag) }),
    );
  });
});

describe("beside the webhook", () => {
  it("gives recorded reviews the answer that the webhook gives about digests", () => {
    const lines = readFileSync(join(import.meta.dirname, "../testdata/recorded-reviews.jsonl"), "utf8")
      .trim()
      .split("\n");
    for (const line of lines) {
      const review = parseAdmissionReview(line);
      const whole = parseAdmissionReview(line.replaceAll("@sha256:abc", `@sha256:${HEX}`));
      expect(runNative(policyOf(), { ...review })).toHaveLength(1);
      expect(runNative(policyOf(), { ...whole })).toEqual([]);
      expect(runNative(policyOf(), { ...whole, operation: "UPDATE", oldObject: review.object })).toEqual([]);
    }
  });

  it("lets nothing in that the webhook would call unjudgeable, of whatever images", () => {
    const image = fc.oneof(
      fc.constantFrom(
        GOOD,
        "shop:1",
        "registry.example/mesh:1",
        "registry.example/mesh/a@sha256:1",
        "registry.example:1/a",
      ),
      fc.string(),
      fc.string().map((name) => `${name}@sha256:${HEX}`),
    );
    const list = fc.option(fc.array(fc.record({ image }, { requiredKeys: [] }), { maxLength: 3 }), {
      nil: undefined,
    });
    const specs = fc.record({ containers: list, initContainers: list, ephemeralContainers: list });
    const foreign = ["registry.example/mesh", "registry.example"];
    const policy = policyOf({ foreign });
    fc.assert(
      fc.property(specs, (given) => {
        const spec = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
        const object = pod(spec);
        const { images, problems } = findImages(object);
        const isClear = problems.length === 0 && sortImages(images, foreign).problems.length === 0;
        if (!isClear) expect(runNative(policy, { operation: "CREATE", object })).not.toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe("the document", () => {
  it("is a policy that fails closed and a binding that leaves out the gate's own namespace", () => {
    const { objects, undecided } = toNativeAdmission(POLICY, {
      ...PLAIN,
      excluded: ["kube-system", "countersign"],
    });
    expect(objects).toMatchObject([
      {
        apiVersion: "admissionregistration.k8s.io/v1",
        kind: "ValidatingAdmissionPolicy",
        spec: {
          failurePolicy: "Fail",
          auditAnnotations: [{ key: "policy-digest" }, { key: "images-asked" }],
        },
      },
      {
        kind: "ValidatingAdmissionPolicyBinding",
        spec: {
          policyName: "countersign",
          validationActions: ["Deny", "Audit"],
          matchResources: {
            namespaceSelector: {
              matchExpressions: [{ operator: "NotIn", values: ["countersign", "kube-system"] }],
            },
          },
        },
      },
    ]);
    expect(undecided.map(({ rule }) => rule)).toEqual([
      "deploy check",
      "senior",
      "no-cursor",
      "signalled",
      "unknown",
      "deployments.production",
    ]);
  });

  it("says above itself what it does not decide, and is read back as it was", () => {
    const native = toNativeAdmission(POLICY, {
      ...PLAIN,
      registries: ["registry.example/acme"],
      annotation: "a.example/b",
    });
    const text = formatNativeAdmission(native, "the webhook");
    expect(text).toMatch(
      /^# Not decided here, but by the webhook:\n# {3}deploy check: asks from which commit/,
    );
    expect(text).toContain("#   senior: asks for sign-offs");
    expect(parseAllDocuments(text).map((document) => document.toJS())).toEqual(native.objects);
  });

  it("matches the resources that the webhook of docs/doors.md is asked about", () => {
    const doors = readFileSync(join(import.meta.dirname, "../../../../../docs/doors.md"), "utf8");
    const webhook = parseAllDocuments(
      /```yaml\n(# webhook\.yaml\n[^`]+)```/.exec(doors)?.[1] ?? "",
    )[0]?.toJS();
    const [{ spec }] = toNativeAdmission(POLICY, PLAIN).objects as [
      { spec: { matchConstraints: { resourceRules: object } } },
    ];
    expect(spec.matchConstraints.resourceRules).toEqual(webhook.webhooks[0].rules);
  });
});
