// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRawStatement } from "../../attestation/index.ts";
import { type Json, sha256Hex, toUtf8 } from "../../ids/index.ts";
import { findImageRevision, REVISION_LABEL } from "./artifact-revision.ts";
import { findProvenanceRevision, isProvenanceOf } from "./provenance-revision.ts";

const COMMIT = "3".repeat(40);
const OTHER = "4".repeat(40);

/** A store of blobs by what they hash to; returns the digest of what was put. */
function createStore() {
  const blobs = new Map<string, Uint8Array>();
  const put = (value: Json | string): string => {
    const bytes = toUtf8(typeof value === "string" ? value : JSON.stringify(value));
    blobs.set(sha256Hex(bytes), bytes);
    return sha256Hex(bytes);
  };
  const config = (labels: Json) =>
    put({ architecture: "amd64", config: labels === null ? {} : { Labels: labels } });
  const image = (labels: Json, annotations: Json = {}) =>
    put({ schemaVersion: 2, config: { digest: `sha256:${config(labels)}` }, layers: [], annotations });
  const index = (manifests: readonly Json[], annotations: Json = {}) =>
    put({ schemaVersion: 2, manifests: [...manifests], annotations });
  const read = (digest: string) => findImageRevision(digest, (name) => blobs.get(name));
  return { blobs, put, config, image, index, read };
}

const label = (value: Json): Json => ({ [REVISION_LABEL]: value });
const entry = (digest: string, annotations: Json = {}): Json => ({ digest: `sha256:${digest}`, annotations });

describe("findImageRevision", () => {
  it.each([
    ["the configuration's label", label(COMMIT), {}],
    ["the manifest's annotation", null, label(COMMIT)],
    ["both, alike", label(COMMIT), label(COMMIT)],
  ] as const)("reads %s", (_what, labels, annotations) => {
    const store = createStore();
    expect(store.read(store.image(labels, annotations))).toEqual({ status: "found", commit: COMMIT });
  });

  it("reads every platform of an index, and leaves out attestations, which never run", () => {
    const store = createStore();
    const attestation = entry(store.image(label(OTHER)), {
      "vnd.docker.reference.type": "attestation-manifest",
    });
    const platforms = [entry(store.image(label(COMMIT))), entry(store.image(label(COMMIT), { a: "b" }))];
    expect(store.read(store.index([...platforms, attestation]))).toEqual({ status: "found", commit: COMMIT });
    const mixed = store.index([...platforms, entry(store.image(label(OTHER)))]);
    expect(store.read(mixed)).toMatchObject({
      status: "unusable",
      reason: expect.stringContaining("different commits"),
    });
  });

  it.each([
    ["a label that differs from the annotation", label(COMMIT), label(OTHER), "different commits"],
    ["a dirty tree", label(`${COMMIT}-dirty`), {}, "changes that nobody committed"],
    ["a branch", label("main"), {}, "expected a full commit id"],
    ["an abbreviated id", label(COMMIT.slice(0, 12)), {}, "expected a full commit id"],
    ["upper case", label("A".repeat(40)), {}, "expected a full commit id"],
    ["a number", label(3), {}, "expected a full commit id"],
    ["an empty label", label(""), {}, "expected a full commit id"],
    ["no label", {}, {}, "names no commit"],
    ["no labels at all", null, {}, "names no commit"],
    ["labels that are a list", [COMMIT], {}, "names no commit"],
  ] as const)("refuses %s", (_what, labels, annotations, words) => {
    const store = createStore();
    expect(store.read(store.image(labels as Json, annotations as Json))).toMatchObject({
      status: "unusable",
      reason: expect.stringContaining(words),
    });
  });

  it("cannot tell where a part is missing, even if another part says something", () => {
    const store = createStore();
    const config = store.config(label(OTHER));
    const image = store.put({ config: { digest: `sha256:${config}` }, annotations: label(COMMIT) });
    store.blobs.delete(config);
    expect(store.read(image)).toMatchObject({ status: "missing" });
    expect(store.read("0".repeat(64))).toMatchObject({ status: "missing" });
    const half = store.index([entry(store.image(label(COMMIT))), entry("0".repeat(64))]);
    expect(store.read(half)).toMatchObject({ status: "missing" });
  });

  it("refuses what is no image: other JSON, no JSON, an index of indexes without end, an image by another hash", () => {
    const store = createStore();
    const deep = [1, 2, 3, 4, 5].reduce((digest) => store.index([entry(digest)]), store.image(label(COMMIT)));
    const sha512 = store.index([{ digest: `sha512:${"a".repeat(128)}` }]);
    for (const digest of [
      store.put("[]"),
      store.put("{}"),
      store.put("not json"),
      store.index([]),
      deep,
      sha512,
    ])
      expect(store.read(digest)).toMatchObject({ status: "unusable" });
  });

  it("never throws and never finds a commit that no part names", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const store = createStore();
        const answer = store.read(store.put(text));
        expect(answer.status).not.toBe("found");
      }),
    );
  });
});

describe("SLSA provenance", () => {
  const REPOSITORY = "https://git.example/team/project";
  const statement = (dependencies: Json) =>
    parseRawStatement(
      toUtf8(
        JSON.stringify({
          _type: "https://in-toto.io/Statement/v1",
          subject: [{ name: "shop.tar", digest: { sha256: "b".repeat(64) } }],
          predicateType: "https://slsa.dev/provenance/v1",
          predicate: {
            buildDefinition: { buildType: "https://ci.example/v1", resolvedDependencies: dependencies },
            runDetails: {},
          },
        }),
      ),
    );
  const source = (uri: string, commit = COMMIT): Json => ({ uri, digest: { gitCommit: commit } });

  it.each([
    `git+${REPOSITORY}@refs/heads/main`,
    `git+${REPOSITORY}.git`,
    `git+${REPOSITORY}.git@refs/tags/v1.0`,
    REPOSITORY,
    `${REPOSITORY}/`,
  ])("finds the commit of this repository under %s", (uri) => {
    const said = statement([
      { uri: "pkg:npm/zod", digest: { sha512: "x" } },
      source("git+https://git.example/lib", OTHER),
      source(uri),
    ]);
    expect(isProvenanceOf(said, "b".repeat(64))).toBe(true);
    expect(isProvenanceOf(said, "c".repeat(64))).toBe(false);
    expect(findProvenanceRevision(said, REPOSITORY)).toEqual({ status: "found", commit: COMMIT });
  });

  it.each([
    ["a fork", [source("git+https://git.example/mallory/project")], "names no commit of"],
    ["a name that only begins alike", [source(`git+${REPOSITORY}-fork`)], "names no commit of"],
    [
      "a name with the other in its fragment",
      [source(`git+https://evil.example/x#${REPOSITORY}`)],
      "names no commit of",
    ],
    [
      "a name with the other behind an @",
      [source(`git+https://evil.example@refs/${REPOSITORY}`)],
      "names no commit of",
    ],
    ["two commits of it", [source(REPOSITORY), source(REPOSITORY, OTHER)], "several commits"],
    ["a branch for a commit", [source(REPOSITORY, "main")], "expected a full commit id"],
    ["nothing", [], "names no commit of"],
    ["no list", null, "lists no resolved dependencies"],
  ] as const)("refuses %s", (_what, dependencies, words) => {
    expect(findProvenanceRevision(statement(dependencies as Json), REPOSITORY)).toMatchObject({
      status: "unusable",
      reason: expect.stringContaining(words),
    });
  });

  it("without a repository in the policy takes the only commit there is", () => {
    expect(findProvenanceRevision(statement([source("git+https://x.example/y")]), "")).toMatchObject({
      commit: COMMIT,
    });
    const two = statement([source("git+https://x.example/y"), source("git+https://x.example/z", OTHER)]);
    expect(findProvenanceRevision(two, "")).toMatchObject({ status: "unusable" });
  });
});
