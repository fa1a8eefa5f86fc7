// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { type CoveredChange, coverChange, type SignedHistory } from "./cover-change.ts";

const id = (text: string): string => text.padEnd(40, "0").replace(/[^0-9a-f]/g, "a");
const record = {
  version: 1,
  repository: "https://git.example/team/project",
  target: "refs/heads/main",
  mergeBase: id("b1"),
  mergeBaseTree: id("b2"),
  headTree: id("c2"),
  contentDigest: "c".repeat(64),
  policyDigest: "d".repeat(64),
  objectFormat: "sha1",
} as const;
const change: CoveredChange = {
  record,
  head: id("c1"),
  commits: [{ id: id("c1"), tree: id("c2") }],
  computedMerges: new Set(),
  isLanding: false,
  headParents: [id("b1")],
};
const { version: _version, ...recorded } = record;
const signed = { ...recorded, head: id("c1") };
const nothing: SignedHistory = {
  contentDigest: undefined,
  commits: undefined,
  remerge: undefined,
  remergedTrees: new Set(),
};
const moved = { ...signed, mergeBase: id("e1"), mergeBaseTree: id("e2"), head: id("e3"), headTree: id("e4") };

describe("coverChange", () => {
  it("covers everything when base, tree and head are the signed ones", () => {
    expect(coverChange(change, signed, nothing)).toMatchObject({ cover: "exact", covers: "all" });
  });

  it.each([
    ["repository", { repository: "https://git.example/fork/project" }, "signed for the repository"],
    ["target", { target: "refs/heads/release" }, "signed for refs/heads/release"],
    ["policy", { policyDigest: "e".repeat(64) }, "signed under policy"],
    ["object format", { objectFormat: "sha256" as const }, "signed over sha256 ids"],
    ["content digest", { contentDigest: "e".repeat(64) }, "the content behind the ids differs"],
    ["tree", { headTree: id("ff") }, "the content changed after signing"],
    ["merge base tree", { mergeBaseTree: id("ff") }, "a tree that its merge base does not have"],
  ])("does not cover a change with another %s", (_, other, reason) => {
    const result = coverChange(change, { ...signed, ...other }, nothing);
    expect(result.cover).toBe("none");
    expect(result.coverReason).toContain(reason);
  });

  it("vouches only for commits that were signed when the same tree has another head (T27)", () => {
    const slipped = {
      ...change,
      commits: [
        { id: id("a1"), tree: id("a2") },
        { id: id("c1"), tree: id("c2") },
      ],
    };
    const history = { ...nothing, commits: [{ id: id("f1"), tree: id("c2") }] };
    const result = coverChange(slipped, { ...signed, head: id("f1") }, history);
    expect(result.cover).toBe("exact");
    expect(result.covers).toEqual(new Set([id("c1")]));
  });

  it("carries over a clean re-merge that gives exactly this tree", () => {
    const history = {
      ...nothing,
      contentDigest: moved.contentDigest,
      remerge: { isClean: true, tree: id("c2") },
    };
    expect(coverChange(change, moved, history)).toMatchObject({
      cover: "carried",
      covers: new Set([id("c1")]),
    });
  });

  it("calls it landed at the door, and for a merge commit of the signed head anywhere", () => {
    const history = {
      ...nothing,
      contentDigest: moved.contentDigest,
      remerge: { isClean: true, tree: id("c2") },
    };
    expect(coverChange({ ...change, isLanding: true }, moved, history).cover).toBe("landed");
    expect(coverChange({ ...change, headParents: [id("b1"), moved.head] }, moved, history).cover).toBe(
      "landed",
    );
  });

  it("does not carry over where the signed head no longer has the content that was signed", () => {
    const history = { ...nothing, contentDigest: "f".repeat(64), remerge: { isClean: true, tree: id("c2") } };
    expect(coverChange(change, moved, history)).toMatchObject({
      cover: "none",
      coverReason: expect.stringContaining("content behind the ids"),
    });
  });

  it.each([
    ["conflicts", { isClean: false, tree: id("c2") }, "conflicts"],
    ["gives another tree", { isClean: true, tree: id("aa") }, "another tree"],
    ["shares no history", { isClean: false, tree: undefined }, "no history"],
    ["cannot be computed", undefined, "not here to re-merge"],
  ])("does not carry over a re-merge that %s", (_, remerge, reason) => {
    const result = coverChange(change, moved, { ...nothing, remerge });
    expect(result.cover).toBe("none");
    expect(result.coverReason).toContain(reason);
  });
});
