// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { codesOf } from "../assess.fixture.ts";

const object = (version: string, kind: string, rest: string) =>
  `apiVersion: ${version}\nkind: ${kind}\nmetadata: { name: a }\n${rest}\n`;
const annotated = (annotation: string) =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: a\n  annotations:\n    x: y\n${annotation === "" ? "" : `    ${annotation}\n`}spec: { ingressClassName: n }\n`;
const pod = (spec: string) => object("v1", "Pod", `spec: { ${spec} }`);
const P = "protection-off";
type Row = readonly [what: string, before: string, after: string, codes: string];

const NGINX = "nginx.ingress.kubernetes.io";
const ROWS: readonly Row[] = [
  [
    "a port of the node",
    pod("containers: [{ ports: [{ containerPort: 1 }] }]"),
    pod("containers: [{ ports: [{ containerPort: 1, hostPort: 1 }] }]"),
    "isolation-lost",
  ],
  ["processes of the node", pod("hostPID: false"), pod("hostPID: true"), "isolation-lost"],
  ["users of the node", pod("hostUsers: false"), pod("x: y"), "isolation-lost"],
  ["users of its own", pod("hostUsers: true"), pod("hostUsers: false"), ""],
  [
    "a root file system that may be written",
    pod("containers: [{ securityContext: { readOnlyRootFilesystem: true } }]"),
    pod("containers: [{ securityContext: { readOnlyRootFilesystem: false } }]"),
    "isolation-lost",
  ],
  [
    "seccomp gone",
    pod("securityContext: { seccompProfile: { type: RuntimeDefault } }"),
    pod("x: y"),
    "isolation-lost",
  ],
  [
    "an unmasked /proc",
    pod("containers: [{ securityContext: { procMount: Default } }]"),
    pod("containers: [{ securityContext: { procMount: Unmasked } }]"),
    "isolation-lost",
  ],
  ["a token that is mounted", pod("automountServiceAccountToken: false"), pod("x: y"), "isolation-lost"],
  [
    "TLS of an ingress gone",
    object(
      "networking.k8s.io/v1",
      "Ingress",
      "spec: { tls: [{ hosts: [a.example], secretName: t }], ingressClassName: n }",
    ),
    object("networking.k8s.io/v1", "Ingress", "spec: { ingressClassName: n }"),
    P,
  ],
  [
    "no redirect to TLS",
    annotated(`${NGINX}/ssl-redirect: "true"`),
    annotated(`${NGINX}/ssl-redirect: "false"`),
    P,
  ],
  ["a login gone", annotated(`${NGINX}/auth-url: https://login.example`), annotated(""), P],
  [
    "an address list gone",
    annotated(`${NGINX}/whitelist-source-range: 203.0.113.0/24`),
    annotated(""),
    "cidr-opened",
  ],
  [
    "an ingress that lets in everybody",
    annotated(`${NGINX}/whitelist-source-range: 203.0.113.0/24`),
    annotated(`${NGINX}/whitelist-source-range: 0.0.0.0/0`),
    "cidr-opened",
  ],
  [
    "a service that selects others",
    object("v1", "Service", "spec: { selector: { app: a } }"),
    object("v1", "Service", "spec: { selector: { app: b } }"),
    "route-changed",
  ],
  [
    "a budget that is lower",
    object("policy/v1", "PodDisruptionBudget", "spec: { maxUnavailable: 1 }"),
    object("policy/v1", "PodDisruptionBudget", "spec: { maxUnavailable: 3 }"),
    P,
  ],
  [
    "a policy of fewer directions",
    object("networking.k8s.io/v1", "NetworkPolicy", "spec: { policyTypes: [Ingress, Egress] }"),
    object("networking.k8s.io/v1", "NetworkPolicy", "spec: { policyTypes: [Ingress] }"),
    P,
  ],
  [
    "a policy of fewer pods",
    object("networking.k8s.io/v1", "NetworkPolicy", "spec: { podSelector: {} }"),
    object("networking.k8s.io/v1", "NetworkPolicy", "spec: { podSelector: { matchLabels: { a: b } } }"),
    P,
  ],
  [
    "a policy that lets in all namespaces",
    object(
      "networking.k8s.io/v1",
      "NetworkPolicy",
      "spec: { ingress: [{ from: [{ namespaceSelector: { matchLabels: { a: b } } }] }] }",
    ),
    object(
      "networking.k8s.io/v1",
      "NetworkPolicy",
      "spec: { ingress: [{ from: [{ namespaceSelector: {} }] }] }",
    ),
    "cidr-opened",
  ],
  [
    "an image that moves",
    pod("containers: [{ image: r.example/a:1.2 }]"),
    pod("containers: [{ image: r.example/a:latest }]"),
    "untrusted-code",
  ],
  [
    "an image of somebody else",
    pod("containers: [{ image: r.example/a:1.2 }]"),
    pod("containers: [{ image: docker.io/b/a:1.2 }]"),
    "untrusted-code",
  ],
  [
    "an image that moved before",
    pod("containers: [{ image: r.example/a }]"),
    pod("containers: [{ image: r.example/a:latest }]"),
    "",
  ],
  [
    "another version of an image",
    pod("containers: [{ image: r.example/a:1.2 }]"),
    pod("containers: [{ image: r.example/a:1.3 }]"),
    "",
  ],
  [
    "a check of TLS off",
    pod("containers: [{ env: [{ name: A, value: b }] }]"),
    pod('containers: [{ env: [{ name: NODE_TLS_REJECT_UNAUTHORIZED, value: "0" }] }]'),
    P,
  ],
  [
    "masters of the cluster",
    object(
      "v1",
      "ConfigMap",
      "data:\n  mapRoles: |\n    - rolearn: arn:aws:iam::1:role/a\n      groups: [viewers]",
    ),
    object(
      "v1",
      "ConfigMap",
      "data:\n  mapRoles: |\n    - rolearn: arn:aws:iam::1:role/a\n      groups: [system:masters]",
    ),
    "privilege-widened",
  ],
  [
    "delivery of a branch",
    object("argoproj.io/v1alpha1", "Application", "spec: { source: { targetRevision: v1.2.0 } }"),
    object("argoproj.io/v1alpha1", "Application", "spec: { source: { targetRevision: HEAD } }"),
    "untrusted-code",
  ],
  [
    "delivery from elsewhere",
    object("source.toolkit.fluxcd.io/v1", "GitRepository", "spec: { url: https://github.com/acme/a }"),
    object("source.toolkit.fluxcd.io/v1", "GitRepository", "spec: { url: https://github.com/other/a }"),
    "untrusted-code",
  ],
  [
    "delivery unverified",
    object(
      "source.toolkit.fluxcd.io/v1",
      "GitRepository",
      "spec: { url: https://github.com/acme/a, verify: { mode: HEAD } }",
    ),
    object("source.toolkit.fluxcd.io/v1", "GitRepository", "spec: { url: https://github.com/acme/a }"),
    P,
  ],
  [
    "backups kept shorter",
    object("velero.io/v1", "Schedule", "spec: { template: { ttl: 720h0m0s } }"),
    object("velero.io/v1", "Schedule", "spec: { template: { ttl: 24h0m0s } }"),
    P,
  ],
  [
    "plain text in a mesh",
    object("security.istio.io/v1", "PeerAuthentication", "spec: { mtls: { mode: STRICT } }"),
    object("security.istio.io/v1", "PeerAuthentication", "spec: { mtls: { mode: DISABLE } }"),
    P,
  ],
  [
    "plain text to a service",
    object(
      "networking.istio.io/v1",
      "DestinationRule",
      "spec: { host: a, trafficPolicy: { tls: { mode: ISTIO_MUTUAL } } }",
    ),
    object(
      "networking.istio.io/v1",
      "DestinationRule",
      "spec: { host: a, trafficPolicy: { tls: { mode: DISABLE } } }",
    ),
    P,
  ],
  [
    "ways out of a mesh",
    object("networking.istio.io/v1", "Sidecar", "spec: { outboundTrafficPolicy: { mode: REGISTRY_ONLY } }"),
    object("networking.istio.io/v1", "Sidecar", "spec: { outboundTrafficPolicy: { mode: ALLOW_ANY } }"),
    P,
  ],
  [
    "callers that are not asked",
    object(
      "security.istio.io/v1",
      "AuthorizationPolicy",
      "spec: { rules: [{ from: [{ source: { principals: [a] } }], to: [{ operation: { paths: [/a] } }] }] }",
    ),
    object(
      "security.istio.io/v1",
      "AuthorizationPolicy",
      "spec: { rules: [{ to: [{ operation: { paths: [/a] } }] }] }",
    ),
    "wildcard-principal",
  ],
  [
    "intentions that allow",
    object(
      "consul.hashicorp.com/v1alpha1",
      "ServiceIntentions",
      "spec: { sources: [{ name: a, action: deny }] }",
    ),
    object(
      "consul.hashicorp.com/v1alpha1",
      "ServiceIntentions",
      "spec: { sources: [{ name: a, action: allow }] }",
    ),
    "privilege-widened",
  ],
  [
    "a login of a route gone",
    object(
      "traefik.io/v1alpha1",
      "IngressRoute",
      "spec: { routes: [{ match: a, middlewares: [{ name: auth }] }] }",
    ),
    object("traefik.io/v1alpha1", "IngressRoute", "spec: { routes: [{ match: a }] }"),
    P,
  ],
  [
    "an older TLS",
    object("traefik.io/v1alpha1", "TLSOption", "spec: { minVersion: VersionTLS12 }"),
    object("traefik.io/v1alpha1", "TLSOption", "spec: { minVersion: VersionTLS10 }"),
    P,
  ],
  [
    "routes of every namespace",
    object(
      "gateway.networking.k8s.io/v1",
      "Gateway",
      "spec: { listeners: [{ allowedRoutes: { namespaces: { from: Same } } }] }",
    ),
    object(
      "gateway.networking.k8s.io/v1",
      "Gateway",
      "spec: { listeners: [{ allowedRoutes: { namespaces: { from: All } } }] }",
    ),
    `privilege-widened ${P}`,
  ],
  [
    "networks that are known",
    object(
      "policy.linkerd.io/v1alpha1",
      "NetworkAuthentication",
      "spec: { networks: [{ cidr: 10.0.0.0/8 }] }",
    ),
    object(
      "policy.linkerd.io/v1alpha1",
      "NetworkAuthentication",
      "spec: { networks: [{ cidr: 0.0.0.0/0 }] }",
    ),
    "cidr-opened",
  ],
];

describe("a guard of a cluster or a mesh", () => {
  it.each(ROWS)("%s", (_what, before, after, expected) => {
    expect(codesOf("k/a.yaml", before, after)).toBe(expected);
  });
});

describe("what a cluster only names", () => {
  it.each([
    [
      "the key of a secret kept elsewhere",
      object("external-secrets.io/v1", "ExternalSecret", "spec: { data: [{ secretKey: GITHUB_TOKEN }] }"),
    ],
    [
      "a secret by the name of its object",
      object(
        "helm.toolkit.fluxcd.io/v2",
        "HelmRelease",
        "spec: { values: { githubConfigSecret: runner-token } }",
      ),
    ],
    [
      "a service of the cluster",
      object(
        "helm.toolkit.fluxcd.io/v2",
        "HelmRelease",
        "spec: { values: { url: 'http://a.default.svc.cluster.local' } }",
      ),
    ],
  ])("is no danger: %s", (_what, text) => {
    expect(codesOf("k/a.yaml", null, text)).toBe("");
  });
});
