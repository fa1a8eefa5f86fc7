// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { formatCanonicalJson, type Json, toUtf8 } from "../ids/index.ts";
import { toAssistanceAmendmentStatement } from "./assistance-amendment-v0.1.ts";
import { toCodeReviewStatement } from "./code-review-v0.1.ts";
import { parseStatement } from "./parse-statement.ts";
import { formatRawStatement } from "./statement.ts";
import { AMENDED, AMENDMENT, REVIEW } from "./statements.fixture.ts";

const REFUSED = expect.objectContaining({ name: "CoreError", code: "STATEMENT_MALFORMED" });
const VALID = toAssistanceAmendmentStatement(AMENDED, AMENDMENT);

function forge(changes: Record<string, unknown>): Uint8Array {
  return toUtf8(
    formatCanonicalJson({
      _type: "https://in-toto.io/Statement/v1",
      ...VALID,
      ...changes,
    } as unknown as Json),
  );
}

describe("an assistance amendment", () => {
  it("reads back as it was written", () => {
    expect(parseStatement(formatRawStatement(VALID))).toEqual({
      predicateType: VALID.predicateType,
      ...AMENDED,
      predicate: AMENDMENT,
    });
  });

  it.each<[string, Record<string, unknown>]>([
    ["no assistance", { assistance: [] }],
    ["the tool none", { assistance: [{ tool: "none", model: null, extent: null }] }],
    ["a tool in capitals", { assistance: [{ tool: "Cursor", model: null, extent: null }] }],
    ["a tool with a path", { assistance: [{ tool: "../x", model: null, extent: null }] }],
    ["the extent none", { assistance: [{ tool: "cursor", model: null, extent: "none" }] }],
    [
      "a member that could take back",
      { assistance: [{ tool: "cursor", model: null, extent: null, remove: true }] },
    ],
    [
      "an escape sequence for a model",
      { assistance: [{ tool: "cursor", model: "\u001b[0m", extent: null }] },
    ],
    [
      "too many entries",
      { assistance: Array.from({ length: 65 }, () => ({ tool: "cursor", model: null, extent: null })) },
    ],
    ["no reason", { reason: null }],
    ["an empty reason", { reason: "" }],
    ["a decision", { decision: "approve" }],
  ])("is refused with %s", (_, change) => {
    expect(() => parseStatement(forge({ predicate: { ...AMENDMENT, ...change } }))).toThrow(REFUSED);
  });

  it.each<[string, unknown]>([
    ["only a commit", VALID.subject.slice(0, 1)],
    ["only a tree", VALID.subject.slice(1)],
    ["two commits", [VALID.subject[0], VALID.subject[0], VALID.subject[1]]],
    ["ids of two object formats", [VALID.subject[0], { name: "tree", digest: { gitTree: "4".repeat(64) } }]],
    ["another order", [VALID.subject[1], VALID.subject[0]]],
  ])("is refused with %s as subject", (_, subject) => {
    expect(() => parseStatement(forge({ subject }))).toThrow(REFUSED);
  });

  it("cannot pass as a review, nor a review as an amendment", () => {
    const review = toCodeReviewStatement(REVIEW);
    expect(() => parseStatement(forge({ predicateType: review.predicateType }))).toThrow(REFUSED);
    expect(() => parseStatement(forge({ predicate: review.predicate }))).toThrow(REFUSED);
    expect(() => parseStatement(forge({ subject: review.subject }))).toThrow(REFUSED);
  });

  it("is not written for anything but full object ids of one format", () => {
    expect(() => toAssistanceAmendmentStatement({ commit: "", tree: "" }, AMENDMENT)).toThrow(REFUSED);
    expect(() => toAssistanceAmendmentStatement({ ...AMENDED, tree: "4".repeat(64) }, AMENDMENT)).toThrow(
      REFUSED,
    );
  });
});
