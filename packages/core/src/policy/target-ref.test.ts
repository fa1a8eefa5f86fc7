// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { isTargetRef } from "./target-ref.ts";

const gated = (targets: readonly string[], ref: string) => isTargetRef({ targets }, ref, "refs/heads/main");

describe("isTargetRef", () => {
  it("gates the default branch when the policy names no targets", () => {
    expect(gated([], "refs/heads/main")).toBe(true);
    expect(gated([], "refs/heads/feature")).toBe(false);
    expect(isTargetRef({ targets: [] }, "refs/heads/main", undefined)).toBe(false);
  });

  it("matches globs of full refs, one level per star", () => {
    expect(gated(["refs/heads/release/*"], "refs/heads/release/1.2")).toBe(true);
    expect(gated(["refs/heads/release/*"], "refs/heads/release/.hidden")).toBe(true);
    expect(gated(["refs/heads/release/*"], "refs/heads/release/a/b")).toBe(false);
    expect(gated(["refs/heads/**"], "refs/heads/a/b")).toBe(true);
  });

  it("never takes a tag for the branch of the same name (T31)", () => {
    expect(gated(["refs/heads/main"], "refs/tags/main")).toBe(false);
  });
});
