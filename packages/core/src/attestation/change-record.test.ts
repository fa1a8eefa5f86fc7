// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toUtf8 } from "../ids/index.ts";
import {
  type ChangeRecord,
  digestChangeRecord,
  formatChangeRecord,
  parseChangeRecord,
} from "./change-record.ts";
import { toChangeRecord } from "./code-review-v0.1.ts";
import { CHANGE } from "./statements.fixture.ts";

const RECORD = toChangeRecord(CHANGE);
const REFUSED = expect.objectContaining({ code: "STATEMENT_MALFORMED" });
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length });

const records: fc.Arbitrary<ChangeRecord> = fc
  .constantFrom("sha1" as const, "sha256" as const)
  .chain((objectFormat) => {
    const id = hex(objectFormat === "sha1" ? 40 : 64);
    return fc.record({
      version: fc.constant(1 as const),
      repository: fc.webUrl(),
      target: fc.constantFrom("refs/heads/main", "refs/heads/release/1.x", "refs/heads/größe"),
      mergeBase: id,
      mergeBaseTree: id,
      headTree: id,
      contentDigest: hex(64),
      policyDigest: hex(64),
      objectFormat: fc.constant(objectFormat),
    });
  });

describe("ChangeRecord", () => {
  it("round-trips", () => {
    fc.assert(
      fc.property(records, (record) => {
        expect(parseChangeRecord(formatChangeRecord(record))).toEqual(record);
      }),
    );
  });

  it("has another digest for every other member", () => {
    fc.assert(
      fc.property(records, records, (one, other) => {
        for (const name of Object.keys(one) as (keyof ChangeRecord)[]) {
          if (
            name === "version" ||
            name === "objectFormat" ||
            one.objectFormat !== other.objectFormat ||
            one[name] === other[name]
          )
            continue;
          expect(digestChangeRecord({ ...one, [name]: other[name] }), name).not.toBe(digestChangeRecord(one));
        }
      }),
    );
  });

  it("does not hash members that its type does not have", () => {
    expect(digestChangeRecord({ ...RECORD, head: "9".repeat(40) } as ChangeRecord)).toBe(
      digestChangeRecord(RECORD),
    );
  });

  it.each([
    ["white space", (text: string) => `${text}\n`],
    [
      "unsorted keys",
      (text: string) =>
        `${text
          .slice(0, -1)
          .replace("{", '{"version":1,')
          .replace(/,"version":1$/, "")}}`,
    ],
    ["an unknown member", (text: string) => text.replace("{", '{"also":1,')],
    ["another version", (text: string) => text.replace('"version":1', '"version":2')],
    ["mixed object formats", (text: string) => text.replace("1".repeat(40), "1".repeat(64))],
  ])("is refused with %s", (_, change) => {
    const text = new TextDecoder().decode(formatChangeRecord(RECORD));
    expect(change(text)).not.toBe(text);
    expect(() => parseChangeRecord(toUtf8(change(text)))).toThrow(REFUSED);
  });
});
