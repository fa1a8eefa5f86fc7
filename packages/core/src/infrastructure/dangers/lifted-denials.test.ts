// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { codesOf } from "../assess.fixture.ts";

const W = "privilege-widened";
const policy = (...rules: readonly string[]) =>
  `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: { name: a }\nspec:\n  action: DENY\n  rules:\n${rules.map((rule) => `    - ${rule}\n`).join("")}`;
const to = (operation: string, more = "") => `{ to: [{ operation: { ${operation} } }]${more} }`;

describe("rules by which a mesh refuses", () => {
  it.each([
    ["leave more out", policy(to("notPaths: [/a]")), policy(to("notPaths: [/a, /b]")), W],
    ["leave less out", policy(to("notPaths: [/a, /b]")), policy(to("notPaths: [/a]")), ""],
    [
      "leave out what they did not",
      policy(to("paths: [/a]")),
      policy(to("paths: [/a]", ", from: [{ source: { notNamespaces: [x] } }]")),
      W,
    ],
    [
      "ask for a condition",
      policy(to("paths: [/a]")),
      policy(to("paths: [/a]", ", when: [{ key: k, values: [v] }]")),
      W,
    ],
    ["name fewer paths", policy(to("paths: [/a, /b]")), policy(to("paths: [/a]")), W],
    ["name more paths", policy(to("paths: [/a]")), policy(to("paths: [/a, /b]")), ""],
    ["are fewer", policy(to("paths: [/a]"), to("paths: [/b]")), policy(to("paths: [/a]")), W],
    ["are more", policy(to("paths: [/a]")), policy(to("paths: [/a]"), to("notPaths: [/b]")), ""],
    [
      "stand in another order",
      policy(to("paths: [/a]"), to("paths: [/b]")),
      policy(to("paths: [/b]"), to("paths: [/a]")),
      "",
    ],
  ])("%s", (_, before, after, codes) => {
    expect(codesOf("a.yaml", before, after)).toBe(codes);
  });
});
