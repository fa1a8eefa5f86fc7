// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { assessFile, codesOf } from "../assess.fixture.ts";

const [U, S, W] = ["untrusted-code", "secret-exposed", "privilege-widened"];
const DIGEST = `sha256:${"a".repeat(64)}`;
const image = (...lines: readonly string[]) =>
  [`FROM debian:12@${DIGEST}`, ...lines, "USER 1", ""].join("\n");
const from = (argument: string, base: string) => `ARG ${argument}\nFROM ${base}\nUSER 1\n`;
const base = `\${BASE}`;

describe("an image that another file of the same name would make", () => {
  it.each([
    [
      "an argument that names another base",
      from(`BASE=debian:12@${DIGEST}`, base),
      from("BASE=other/debian:latest", base),
      U,
    ],
    ["an argument with the tag", from("TAG=12.1", "debian:$TAG"), from("TAG=latest", "debian:$TAG"), U],
    [
      "an argument with the registry",
      from("R=registry.example", "$R/a:1"),
      from("R=docker.io/other", "$R/a:1"),
      U,
    ],
    ["an argument with a newer version", from("V=12.1", "debian:$V"), from("V=12.2", "debian:$V"), ""],
    [
      "a token in a command",
      image("RUN npm ci"),
      image('RUN echo "//r.example/:_authToken=Zr4Tq81kLmWv" > .npmrc && npm ci'),
      S,
    ],
    [
      "a password of a download",
      image("RUN curl -fsSO https://a.example"),
      image("RUN curl -fsSO -u a:Zr4Tq81kLm https://a.example"),
      S,
    ],
    [
      "a token from a mounted secret",
      image("RUN npm ci"),
      image('RUN echo "//r.example/:_authToken=$(cat /run/secrets/t)" > .npmrc && npm ci'),
      "",
    ],
    ["a folder that everybody writes", image("RUN chmod 755 /app"), image("RUN chmod -R 777 /app"), W],
    [
      "a folder made for that",
      image("RUN chmod 755 /app"),
      image("RUN chmod 755 /app && chmod 1777 /tmp"),
      "",
    ],
    [
      "blind while it is built",
      image("RUN npm ci"),
      image("ENV NODE_TLS_REJECT_UNAUTHORIZED=0", "RUN npm ci"),
      `protection-off ${U}`,
    ],
    [
      "blind while it runs",
      image("RUN npm ci"),
      image("RUN npm ci", "ENV NODE_TLS_REJECT_UNAUTHORIZED=0"),
      "protection-off",
    ],
    [
      "packages of no known digest",
      image("RUN pip install --require-hashes -r a"),
      image("RUN pip install -r a"),
      U,
    ],
    [
      "what was not checked before, in a longer line",
      image("RUN pip install --trusted-host a b"),
      image("RUN pip install --trusted-host a b c"),
      "",
    ],
  ])("%s", (_, before, after, codes) => {
    expect(codesOf("Dockerfile", before, after)).toBe(codes);
  });

  it.each([
    "build.Dockerfile.prod",
    "Containerfile.ci",
    "docker/prod.dockerfile",
    "a/Dockerfile-prod",
    "a/dev_Dockerfile",
  ])("%s is a Dockerfile", (path) => {
    expect(codesOf(path, "FROM a:1\nUSER 1\n", "FROM a:1\nUSER root\n")).toBe("isolation-lost");
  });

  it.each([
    "docs/my-dockerfile.md",
    "src/parse-dockerfile.ts",
    "Dockerfile.dockerignore",
    "a/dockerfile-lint.yaml",
  ])("%s is none", (path) => {
    expect(assessFile(path, "FROM a:1\n", "FROM b:1\n")).toEqual({ resources: [], unparsed: [] });
  });
});
