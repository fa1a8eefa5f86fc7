// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { codesOf } from "../assess.fixture.ts";

const U = "untrusted-code";
const P = "protection-off";
const SHA = "8edcb1bdb4e267140fa742c62e395cd74f332709";
type Row = readonly [what: string, before: string, after: string, codes: string];

const image = (...lines: string[]) => `${["FROM debian:12.8-slim", ...lines, "USER 1000"].join("\n")}\n`;
const IMAGES: readonly Row[] = [
  ["a program out of a moving image", image(), image("COPY --from=somebody/tools:latest /a /b"), U],
  [
    "a program out of an image by digest",
    image(),
    image(`COPY --from=a/b@sha256:${"a".repeat(64)} /a /b`),
    "",
  ],
  [
    "a program out of a stage",
    `FROM golang:1.23 AS build\n${image()}`,
    `FROM golang:1.23 AS build\n${image("COPY --from=build /a /b")}`,
    "",
  ],
  ["a program out of a stage by number", image(), image("COPY --from=0 /a /b"), ""],
  [
    "a stage on a stage",
    "FROM golang:1.23 AS build\nUSER 1\n",
    "FROM golang:1.23 AS build\nFROM build\nUSER 1\n",
    "",
  ],
  [
    "a base that moves, of a platform",
    image(),
    `FROM --platform=linux/amd64 node:latest AS a\n${image()}`,
    U,
  ],
  ["a base that moved before", "FROM node\nUSER 1\n", "FROM node:latest\nUSER 1\n", ""],
  ["packages without signatures", image(), image("RUN apt-get install -y --allow-unauthenticated a"), U],
  [
    "a certificate that is not looked at",
    image(),
    image("ENV NODE_TLS_REJECT_UNAUTHORIZED=0\nRUN npm ci"),
    `protection-off ${U}`,
  ],
  ["a program of whatever version", image(), image("RUN go install example.com/a@latest"), U],
  ["a package from a branch", image(), image("RUN pip install git+https://github.com/a/b"), U],
  ["a package from a commit", image(), image(`RUN pip install git+https://github.com/a/b@${SHA}`), ""],
  [
    "an installer from the network",
    image(),
    image("RUN wget -qO- https://a.example/i.sh | bash -s -- -y"),
    U,
  ],
  ["another release of the base", image(), image().replace("12.8", "12.9"), ""],
  ["a health check", image(), image("HEALTHCHECK CMD /a"), ""],
];

const flow = (step: string, job = "") =>
  `on: push\npermissions: { contents: read }\njobs:\n  a:\n    runs-on: ubuntu-24.04\n${job}    steps:\n      - run: make\n${step === "" ? "" : `      - ${step}\n`}`;
const FLOWS: readonly Row[] = [
  ["an action by a tag", flow(`uses: a/b@${SHA}`), flow("uses: a/b@v1"), U],
  ["an action by another tag", flow("uses: a/b@v1"), flow("uses: a/b@v2"), ""],
  ["an action by its commit", flow("uses: a/b@v1"), flow(`uses: a/b@${SHA}`), ""],
  ["an action of somebody else", flow("uses: a/b@v1"), flow("uses: c/b@v1"), U],
  ["an image as an action", flow(""), flow("uses: docker://a/b:latest"), U],
  ["a container that moves", flow(""), flow("", "    container: node:latest\n"), U],
  ["a container by its version", flow(""), flow("", "    container: node:22.12.0\n"), ""],
  ["a service that moves", flow(""), flow("", "    services: { db: { image: 'postgres:latest' } }\n"), U],
  ["certificates that are not looked at", flow(""), flow("", "    env: { GIT_SSL_NO_VERIFY: 'true' }\n"), U],
  ["an installation without signatures", flow(""), flow("run: apk add --allow-untrusted a.apk"), U],
  ["a gate gone", flow("", "    environment: production\n"), flow(""), P],
];

const task = (module: string, ...args: string[]) =>
  `- name: t\n  ${module}:\n    x: y\n${args.map((arg) => `    ${arg}\n`).join("")}`;
const TASKS: readonly Row[] = [
  [
    "signatures of packages",
    task("ansible.builtin.yum_repository", "gpgcheck: true"),
    task("ansible.builtin.yum_repository", "gpgcheck: no"),
    `${P} ${U}`,
  ],
  [
    "signatures not looked at",
    task("ansible.builtin.dnf", "state: present"),
    task("ansible.builtin.dnf", "state: present", "disable_gpg_check: true"),
    `${P} ${U}`,
  ],
  [
    "certificates",
    task("ansible.builtin.get_url", "validate_certs: true"),
    task("ansible.builtin.get_url", "validate_certs: false"),
    `${P} ${U}`,
  ],
  [
    "a checksum gone",
    task("ansible.builtin.get_url", "checksum: sha256:abc"),
    task("ansible.builtin.get_url"),
    U,
  ],
  ["a branch", task("ansible.builtin.git", "version: v1.2"), task("ansible.builtin.git", "version: main"), U],
  [
    "a firewall off",
    task("community.general.ufw", "state: enabled"),
    task("community.general.ufw", "state: disabled"),
    P,
  ],
  [
    "a policy that allows",
    task("community.general.ufw", "default: deny"),
    task("community.general.ufw", "default: allow"),
    "cidr-opened",
  ],
  [
    "root's login",
    task("ansible.builtin.lineinfile", "line: PermitRootLogin no"),
    task("ansible.builtin.lineinfile", "line: PermitRootLogin yes"),
    P,
  ],
  [
    "a secret in the log",
    "- name: t\n  no_log: true\n  command: { cmd: a }\n",
    "- name: t\n  no_log: false\n  command: { cmd: a }\n",
    "secret-exposed",
  ],
  [
    "all of a database",
    task("community.mysql.mysql_user", "priv: 'shop.*:SELECT'"),
    task("community.mysql.mysql_user", "priv: '*.*:ALL'"),
    "privilege-widened",
  ],
  [
    "another version of a package",
    task("ansible.builtin.apt", "name: a=1"),
    task("ansible.builtin.apt", "name: a=2"),
    "",
  ],
];

describe("what a build takes from others", () => {
  it.each(IMAGES)("an image: %s", (_what, before, after, expected) => {
    expect(codesOf("Dockerfile", before, after)).toBe(expected);
  });

  it.each(FLOWS)("a pipeline: %s", (_what, before, after, expected) => {
    expect(codesOf(".github/workflows/a.yml", before, after)).toBe(expected);
  });

  it.each(TASKS)("a task: %s", (_what, before, after, expected) => {
    expect(codesOf("roles/a/tasks/main.yml", before, after)).toBe(expected);
  });
});

const module = (source: string, version = "") =>
  `module "a" {\n  source = "${source}"\n${version === "" ? "" : `  version = "${version}"\n`}}\n`;

describe("a module or a chart from elsewhere", () => {
  it.each([
    ["an open version", module("a/b/c", "5.1.0"), module("a/b/c", ">= 5.0"), U],
    ["another version", module("a/b/c", "5.1.0"), module("a/b/c", "5.2.0"), ""],
    [
      "a branch",
      module("git::https://a.example/b.git?ref=v1.0"),
      module("git::https://a.example/b.git?ref=main"),
      U,
    ],
    [
      "a tag",
      module("git::https://a.example/b.git?ref=v1.0"),
      module("git::https://a.example/b.git?ref=v1.1"),
      "",
    ],
    ["a folder of its own", module("./a"), module("../b"), ""],
  ])("%s", (_what, before, after, expected) => {
    expect(codesOf("a.tf", before, after)).toBe(expected);
  });

  it("is dangerous where it is new and says no version", () => {
    expect(codesOf("a.tf", null, module("a/b/c"))).toBe(U);
    expect(codesOf("a.tf", null, module("a/b/c", "1.0.0"))).toBe("");
  });

  it.each([
    [
      "a chart's tag",
      "values.yaml",
      "image: { repository: r.example/w, tag: 1.4.2 }\n",
      "image: { repository: r.example/w, tag: latest }\n",
      U,
    ],
    [
      "a chart's image",
      "values.yaml",
      "image: { repository: r.example/w, tag: 1.4.2 }\n",
      "image: { repository: r.example/w, tag: 1.4.3 }\n",
      "",
    ],
    [
      "a kustomization's tag",
      "kustomization.yaml",
      "images: [{ name: a, newTag: v1 }]\n",
      "images: [{ name: a, newTag: latest }]\n",
      U,
    ],
    [
      "a kustomization's image",
      "kustomization.yaml",
      "images: [{ name: a, newName: r.example/a/b }]\n",
      "images: [{ name: a, newName: docker.io/c/b }]\n",
      U,
    ],
    [
      "a base of a branch",
      "kustomization.yaml",
      "resources: ['https://github.com/a/b?ref=v1.0.0']\n",
      "resources: ['https://github.com/a/b']\n",
      U,
    ],
  ])("%s", (_what, path, before, after, expected) => {
    expect(codesOf(path, before, after)).toBe(expected);
  });
});
