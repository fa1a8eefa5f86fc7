// SPDX-License-Identifier: Apache-2.0
import { toMessage } from "@countersign/testkit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CoreError } from "../../ids/index.ts";
import { parsePlanHeader } from "./plan-header.ts";
import { parseStatePlace } from "./state-place.ts";

/** `{bucket: "net", key: null, token: "secret", assume: {a: [1, 300, -1.5]}}` in MessagePack. */
const CONFIG = Buffer.concat([
  Buffer.from([0x84]),
  ...["bucket", "net", "key"].map(toText),
  Buffer.from([0xc0]),
  ...["token", "secret", "assume"].map(toText),
  Buffer.from([0x81]),
  toText("a"),
  Buffer.from([0x93, 0x01, 0xcd, 0x01, 0x2c, 0xcb, 0xbf, 0xf8, 0, 0, 0, 0, 0, 0]),
]);
const BACKEND = toMessage([
  [1, "s3"],
  [2, toMessage([[1, CONFIG]])],
  [3, "staging"],
]);
const plan = (...fields: readonly (readonly [number, number | string | Uint8Array])[]) =>
  toMessage([[1, 3], [13, BACKEND], [14, "1.11.4"], ...fields]);

function toText(text: string): Buffer {
  return Buffer.concat([Buffer.from([0xa0 + text.length]), Buffer.from(text)]);
}

describe("what a saved plan says of itself", () => {
  it("is where its state is, and what it was made with", () => {
    expect(parsePlanHeader(plan())).toEqual({
      version: "1.11.4",
      mode: "normal",
      targets: [],
      excludes: [],
      replaced: [],
      later: [],
      backend: "s3",
      state: [{ name: "bucket", value: "net" }],
      workspace: "staging",
      isErrored: false,
    });
    expect(
      parsePlanHeader(
        plan(
          [17, 1],
          [5, "module.a"],
          [5, "module.b"],
          [6, "module.c"],
          [16, "aws_vpc.a"],
          [20, 1],
          [3, "x"],
        ),
      ),
    ).toMatchObject({
      mode: "destroy",
      targets: ["module.a", "module.b"],
      excludes: ["module.c"],
      replaced: ["aws_vpc.a"],
      isErrored: true,
    });
    const hash = toMessage([[1, Buffer.alloc(32, 7)]]);
    expect(parsePlanHeader(plan([28, "token"], [22, "of_tofu"], [22, hash]))).toMatchObject({
      later: ["token", "of_tofu"],
    });
    expect(parsePlanHeader(plan([17, 2]))).toMatchObject({ mode: "refresh-only" });
    expect(
      parsePlanHeader(
        toMessage([
          [1, 3],
          [29, BACKEND],
        ]),
      ),
    ).toMatchObject({ workspace: "staging" });
  });

  it.each<[string, string, Uint8Array]>([
    [
      "another version of the format",
      "its format is version 4",
      toMessage([
        [1, 4],
        [13, BACKEND],
      ]),
    ],
    ["none", "its format is version 0", toMessage([[13, BACKEND]])],
    ["two modes, of which readers take the last", "it says something twice", plan([17, 0], [17, 1])],
    ["two backends, which readers merge", "it says something twice", plan([13, toMessage([[3, "default"]])])],
    ["a backend and a store", "in one way", plan([29, BACKEND])],
    [
      "a place of the state that is said twice",
      "no MessagePack",
      toMessage([
        [1, 3],
        [13, toMessage([[2, toMessage([[1, Buffer.from([0x82, 0xa1, 0x61, 0xc0, 0xa1, 0x61, 0xc0])]])]])],
      ]),
    ],
    [
      "a place of the state that is cut off",
      "no MessagePack",
      toMessage([
        [1, 3],
        [13, toMessage([[2, toMessage([[1, CONFIG.subarray(0, -1)]])]])],
      ]),
    ],
    [
      "a place of the state that never ends",
      "no MessagePack",
      toMessage([
        [1, 3],
        [
          13,
          toMessage([
            [2, toMessage([[1, Buffer.concat([Buffer.from([0x81, 0xa1, 0x61]), Buffer.alloc(40, 0x91)])]])],
          ]),
        ],
      ]),
    ],
    ["no backend", "in one way", toMessage([[1, 3]])],
    ["a mode that is not known", "in a mode", plan([17, 3])],
    ["a mode that is a text", "in a mode", plan([17, "destroy"])],
    ["a field that ends behind the message", "is cut off", plan().subarray(0, -1)],
    ["a group, which nobody writes", "no message", Buffer.concat([plan(), Buffer.from([0x1b])])],
    ["a number without an end", "no message", Buffer.concat([plan(), Buffer.alloc(12, 0xff)])],
  ])("is refused with %s", (_what, words, bytes) => {
    expect(() => parsePlanHeader(bytes)).toThrow(
      expect.objectContaining({ code: "PLAN_MALFORMED", message: expect.stringContaining(words) }),
    );
  });

  it("is never a crash, whatever the bytes are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        try {
          parsePlanHeader(Buffer.concat([plan(), bytes]));
          parseStatePlace(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(CoreError);
        }
      }),
    );
  });
});
