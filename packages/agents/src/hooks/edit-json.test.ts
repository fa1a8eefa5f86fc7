// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { expect, test } from "vitest";
import { addItem, addMember, removeItem, removeMember } from "./edit-json.ts";
import { parseNodes } from "./json-nodes.ts";

test("reads JSON as JSON.parse does, and knows where every value stands", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, "  ", "\t"), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const node = parseNodes(` ${text}\n`);
      // Through text: JSON knows no -0.
      expect(node.value).toEqual(JSON.parse(text));
      expect(` ${text}\n`.slice(node.start, node.end)).toBe(text);
    }),
  );
});

test.each([
  "",
  "{",
  "[1,2",
  '{"a":1,,}',
  "{'a':1}",
  '{"a":1,"a":2}',
  "nul",
  '"a\nb"',
  "{} {}",
  "/* never closed",
  "[01]",
  "[".repeat(100),
])("refuses %j", (text) => {
  expect(() => parseNodes(text)).toThrowError(expect.objectContaining({ code: "CONFIG_MALFORMED" }));
});

/** Objects and arrays in every layout that people and programs leave behind. */
const LAYOUTS: readonly string[] = [
  '{"list":[]}',
  '{"list":[],"other":{}}\n',
  '{ "list": [ 1, 2 ] }',
  '{\n  "list": []\n}\n',
  '{\n  "list": [\n  ]\n}\n',
  '{\n  "list": [1, 2]\n}',
  '{\n\t"list": [\n\t\t1,\n\t\t2\n\t]\n}\n',
  '{\r\n    "list": [\r\n        {"a": 1}\r\n    ]\r\n}\r\n',
  '// first\n{\n  // why\n  "list": [\n    1, // one\n    2, // two\n  ], /* end */\n}\n',
  '{\n  "list": [ // nothing yet\n  ]\n}\n',
  '{"list":[1,]}',
  '{\n  "list": [\n    1 // one\n  ] // list\n}\n',
  '{\n  "list": [\n    1, // one\n  ], // list\n}\n',
  '{ "list": [ 1, // one\n  ] }\n',
  '{ "list": [ 1 // one\n  ] }\n',
  '{"list":[1]\n , // list\n}\n',
];

test.each(LAYOUTS)("adding and taking away again leaves %j as it was", (text) => {
  const value = { matcher: "^(Edit)$", hooks: [{ command: "x" }] };
  const added = addItem(text, ["list"], value);
  const list = parseNodes(text).members?.find(({ key }) => key === "list")?.node.items ?? [];
  expect(parseNodes(added).members?.find(({ key }) => key === "list")?.value).toEqual([
    ...list.map((item) => item.value),
    value,
  ]);
  const removed = removeItem(added, ["list"], list.length);
  // An empty list that had blanks in it is closed up.
  expect(removed.replace(/\[\s*\]/, "[]")).toBe(text.replace(/\[\s*\]/, "[]"));
  const withMember = addMember(text, [], "new", value);
  expect(parseNodes(withMember).value).toMatchObject({ new: value });
  expect(removeMember(withMember, [], "new")).toBe(text);
});

test("adding and taking away cancel out wherever it is done", () => {
  const value = fc.jsonValue({ maxDepth: 2 });
  const inner = fc.array(value, { maxLength: 4 });
  fc.assert(
    fc.property(inner, value, fc.constantFrom(undefined, 2, 4, "\t"), (items, added, indent) => {
      const text = JSON.stringify({ a: items, b: null }, null, indent);
      const after = addItem(text, ["a"], added);
      expect(parseNodes(after).value).toEqual(JSON.parse(JSON.stringify({ a: [...items, added], b: null })));
      expect(removeItem(after, ["a"], items.length)).toBe(text);
      for (let index = 0; index < items.length; index++) {
        const fewer = items.filter((_, at) => at !== index);
        expect(parseNodes(removeItem(text, ["a"], index)).value).toEqual(
          JSON.parse(JSON.stringify({ a: fewer, b: null })),
        );
      }
    }),
  );
});

test("keeps every comment that it did not write", () => {
  const text = '{\n  // about a\n  "a": [\n    1, // one\n    2 // two\n  ] // end\n}\n';
  const added = addItem(text, ["a"], 3);
  for (const comment of ["// about a", "// one", "// two", "// end"]) expect(added).toContain(comment);
  expect(added).toBe('{\n  // about a\n  "a": [\n    1, // one\n    2, // two\n    3\n  ] // end\n}\n');
  expect(removeItem(added, ["a"], 2)).toBe(text);
  expect(removeItem(text, ["a"], 1)).toContain("// one");
});

test("a line comment swallows nothing of what comes to stand behind it", () => {
  const parsed = (text: string) => parseNodes(text).value;
  expect(parsed(removeItem('{"a":[ // first\n 1]}', ["a"], 0))).toEqual({ a: [] });
  expect(parsed(removeItem('{"a":[1, // one\n 2]}', ["a"], 1))).toEqual({ a: [1] });
  expect(parsed(removeItem('{"a":[1 // one\n , 2]}', ["a"], 1))).toEqual({ a: [1] });
  expect(parsed(removeItem('{"a":[1\n , // one\n 2,\n 3]}', ["a"], 1))).toEqual({ a: [1, 3] });
  expect(parsed(removeItem('{"a":[1, // one\r\n 2,]}', ["a"], 1))).toEqual({ a: [1] });
});

test("a comment of the next element, or of one that goes, stays", () => {
  const text = '{\n  "a": [\n    1, // one\n    // about two\n    2\n  ]\n}\n';
  expect(removeItem(text, ["a"], 0)).toBe('{\n  "a": [\n    // one\n    // about two\n    2\n  ]\n}\n');
  expect(removeItem(text, ["a"], 1)).toContain("// about two");
});
