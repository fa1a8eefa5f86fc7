// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findPlanDifference } from "./find-plan-difference.ts";

describe("two documents of one plan", () => {
  it.each([
    ['{"a":1,"b":[2,{}]}', '{ "b": [2, {}], "a": 1 }', undefined],
    ['"\\u003c"', '"<"', undefined],
    ['{"a":{"b":[1,2]}}', '{"a":{"b":[1,3]}}', "a.b[1]"],
    ['{"a":{"b":[1,2]}}', '{"a":{"b":[1]}}', "a.b[1]"],
    ['{"a":1}', '{"a":1,"hidden":2}', "hidden"],
    ['{"a":1,"shown":2}', '{"a":1}', "shown"],
    ['{"a":"1"}', '{"a":1}', "a"],
    ['{"a":null}', "{}", "a"],
    ['{"a":{}}', '{"a":[]}', "a"],
    ["{}", "[]", "the whole document"],
    ["1", "2", "the whole document"],
    ["{}", "{", "one of them is no JSON"],
  ])("%s and %s differ at %s", (one, other, place) => {
    expect(findPlanDifference(one, other)).toBe(place);
    expect(findPlanDifference(other, one)).toBe(place);
  });

  it("never repeat a value, which may be a secret", () => {
    expect(findPlanDifference('{"password":"hunter2"}', '{"password":"hunter3"}')).toBe("password");
  });

  it("are the same when laid out anew", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(findPlanDifference(text, JSON.stringify(JSON.parse(text), null, 2))).toBeUndefined();
      }),
    );
  });
});
