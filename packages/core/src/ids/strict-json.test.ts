// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CoreError, formatCanonicalJson, type Json, toUtf8 } from "./index.ts";
import { parseStrictJson } from "./strict-json.ts";

const LIMITS = { bytes: 10_000, depth: 8, code: "STATEMENT_MALFORMED" } as const;
const parse = (text: string): Json => parseStrictJson(toUtf8(text), LIMITS);

describe("parseStrictJson", () => {
  it.each([
    ["the last of two equal keys would win", '{"a":1,"a":2}'],
    ["equal keys written with an escape", '{"a":1,"\\u0061":2}'],
    ["equal keys in a nested object", '{"x":[{"a":1,"a":1}]}'],
    ["__proto__", '{"__proto__":{"decision":"approve"}}'],
    ["__proto__ written with an escape", '{"__pr\\u006fto__":1}'],
    ["a lone surrogate", '"\\ud800"'],
    ["a lone surrogate as key", '{"\\udc00":1}'],
    ["surrogates in the wrong order", '"\\udc00\\ud800"'],
    ["a fraction", "1.5"],
    ["a whole number written as a fraction", "1.0"],
    ["an exponent", "1e2"],
    ["minus zero", "-0"],
    ["an integer that readers round", "9007199254740993"],
    ["an endless integer", "9".repeat(5000)],
    ["a leading zero", "01"],
    ["a plus sign", "+1"],
    ["hexadecimal", "0x10"],
    ["NaN", "NaN"],
    ["a trailing comma in an array", "[1,]"],
    ["a trailing comma in an object", '{"a":1,}'],
    ["a missing comma", "[1 2]"],
    ["a comment", "/* */ 1"],
    ["two values", "1 2"],
    ["nothing", ""],
    ["white space only", " \n"],
    ["a bare key", "{a:1}"],
    ["single quotes", "{'a':1}"],
    ["an open string", '"abc'],
    ["a raw newline in a string", '"a\nb"'],
    ["an unknown escape", '"\\x41"'],
    ["a byte order mark", "\ufeff1"],
    ["a non-breaking space", "\u00a01"],
    ["a NUL after the value", "1\0"],
    ["nesting past the limit", `${"[".repeat(10)}${"]".repeat(10)}`],
    ["nesting that would overflow a stack", "[".repeat(9999)],
  ])("refuses %s", (_, text) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ name: "CoreError", code: "STATEMENT_MALFORMED" }),
    );
  });

  it("refuses bytes that are not UTF-8", () => {
    expect(() => parseStrictJson(Uint8Array.of(0x22, 0xff, 0x22), LIMITS)).toThrow(CoreError);
    expect(() => parseStrictJson(Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), LIMITS)).toThrow(CoreError);
  });

  it("refuses one byte more than allowed and takes exactly as many", () => {
    expect(() => parse(`"${"a".repeat(9_999)}"`)).toThrow("at most 10000 bytes");
    expect(parse(`"${"a".repeat(9_998)}"`)).toHaveLength(9_998);
  });

  it("takes white space, every escape and nesting up to the limit", () => {
    expect(parse(' {\t"a" : [ 1 , -2 , true , false , null ] ,\r\n "b" : {} , "c":[] } ')).toEqual({
      a: [1, -2, true, false, null],
      b: {},
      c: [],
    });
    expect(parse('"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00"')).toBe('"\\/\b\f\n\r\té😀');
    expect(parse(`${"[".repeat(9)}${"]".repeat(9)}`)).toEqual([[[[[[[[[]]]]]]]]]);
  });

  it("keeps keys such as constructor and toString as plain members", () => {
    expect(Object.keys(parse('{"constructor":1,"toString":2,"10":3}') as object).sort()).toEqual([
      "10",
      "constructor",
      "toString",
    ]);
  });

  it("agrees with JSON.parse on every text that it accepts", () => {
    const texts = fc.oneof(
      fc.json({ maxDepth: 5 }),
      fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0a1-.eE tfn\n') }),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const strict = attempt(() => parse(text));
        if (strict === undefined) return;
        expect(strict.value).toEqual(JSON.parse(text));
      }),
      { numRuns: 3000 },
    );
  });

  it("reads back every canonical JSON text", () => {
    const key = fc.string({ unit: "grapheme" }).filter((text) => text !== "__proto__");
    const leaf = fc.oneof(
      fc.maxSafeInteger(),
      fc.string({ unit: "grapheme" }),
      fc.boolean(),
      fc.constant(null),
    );
    const { value } = fc.letrec<{ value: Json }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(key, tie("value"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(value, (json) => {
        const text = formatCanonicalJson(json);
        fc.pre(toUtf8(text).length <= LIMITS.bytes && !Object.is(json, -0) && !text.includes("-0"));
        expect(formatCanonicalJson(parse(text))).toBe(text);
      }),
    );
  });

  it("throws nothing but CoreError on any bytes", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        (bytes) => void attempt(() => parseStrictJson(bytes, LIMITS)),
      ),
    );
  });
});

function attempt<T>(run: () => T): { readonly value: T } | undefined {
  try {
    return { value: run() };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return undefined;
  }
}
