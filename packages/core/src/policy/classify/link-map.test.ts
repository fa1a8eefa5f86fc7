// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { createLinkMap } from "./link-map.ts";

const map = (links: Record<string, string>) => createLinkMap(new Map(Object.entries(links)));

describe("follow", () => {
  test.each([
    ["no link", {}, "a/b", "a/b"],
    ["a link", { a: "infra/x.tf" }, "a", "infra/x.tf"],
    ["a chain", { a: "b", b: "c/d", "c/d": "../infra/x.tf" }, "a", "infra/x.tf"],
    ["a folder on the way", { docs: "infra" }, "docs/x.tf", "infra/x.tf"],
    ["a folder behind a folder", { a: "b/c", "b/c": "../infra" }, "a/x.tf", "infra/x.tf"],
    ["the repository itself", { self: "." }, "self/infra/x.tf", "infra/x.tf"],
    ["a way out", { a: "../x" }, "a", undefined],
    ["an absolute path", { a: "/etc/passwd" }, "a", undefined],
    ["a circle", { a: "b", b: "a" }, "a", undefined],
    ["a link to itself", { a: "a/a" }, "a", undefined],
  ] as const)("%s", (_what, links, path, end) => expect(map(links).follow(path)).toBe(end));
});

describe("namesOf", () => {
  test.each([
    ["no link", {}, "a/b", []],
    ["a link to the file", { "infra/x.tf": "../data/x" }, "data/x", ["infra/x.tf"]],
    ["a link to its folder", { infra: "data" }, "data/a/x", ["infra/a/x"]],
    ["a chain", { infra: "b", b: "data" }, "data/x", ["infra/x", "b/x"]],
    ["a link to everything", { "infra/all": ".." }, "data/x", ["infra/all/data/x"]],
    ["another file", { infra: "data" }, "database", []],
  ] as const)("%s", (_what, links, path, names) => expect(map(links).namesOf(path)).toEqual(names));
});

it("ends for any links", () => {
  const path = fc
    .array(fc.constantFrom("a", "b", "..", "."), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join("/"));
  fc.assert(
    fc.property(fc.array(fc.tuple(path, path)), path, (links, asked) => {
      const { follow, namesOf } = createLinkMap(new Map(links));
      expect(typeof follow(asked)).toMatch(/string|undefined/);
      expect(Array.isArray(namesOf(asked))).toBe(true);
    }),
  );
});
