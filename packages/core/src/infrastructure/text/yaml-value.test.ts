// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { flattenValue } from "../configuration-value.ts";
import { readYaml } from "./yaml-value.ts";

const flat = (text: string, options = {}) =>
  readYaml(text, options).documents.map(({ value }) =>
    Object.fromEntries(flattenValue(value).map((each) => [each.path, each.text])),
  );

describe("YAML as configuration", () => {
  it("keeps the lines of every field and of every document", () => {
    const { documents, problems } = readYaml("a:\n  b: 1\n  c:\n    - x\n    - y\n---\nd: 2\n");
    expect(problems).toEqual([]);
    expect(documents.map(({ lines }) => lines)).toEqual([
      [1, 5],
      [7, 7],
    ]);
    const [a] = documents[0]?.value.fields ?? [];
    expect(a).toMatchObject({ name: "a", lines: [1, 5] });
    expect(a?.value.fields.map(({ name, lines }) => [name, lines])).toEqual([
      ["b", [2, 2]],
      ["c", [3, 5]],
    ]);
  });

  it("follows aliases and merge keys, and keeps keys that stand twice", () => {
    expect(flat("x: &x { p: 1 }\ny: *x\nz: { <<: *x }\n")).toEqual([{ "x.p": "1", "y.p": "1", "z.p": "1" }]);
    const [document] = readYaml("a: 1\na: 2\n").documents;
    expect(document?.value.fields.map(({ value }) => value.literal)).toEqual(["1", "2"]);
  });

  it("takes custom tags for expressions, whose value nobody knows", () => {
    const [document] = readYaml("a: !Ref Net\nb: !GetAtt [A, Arn]\n").documents;
    expect(document?.value.fields.map(({ value }) => [value.text, value.literal])).toEqual([
      ["!Ref Net", null],
      ["!GetAtt", null],
    ]);
  });

  it("reads JSON texts inside, and YAML texts where it is told to", () => {
    expect(flat(`a: '{"Action": "*"}'\n`)).toEqual([{ "a.Action": "*" }]);
    const nested = "a: |\n  - op: add\n    value: { privileged: true }\n";
    expect(flat(nested)[0]?.["a.value.privileged"]).toBeUndefined();
    expect(flat(nested, { hasNested: true })).toEqual([{ "a.op": "add", "a.value.privileged": "true" }]);
  });

  it("puts template actions back where they stood, and loses none that stands alone", () => {
    const text =
      "{{- if .on }}\nname: {{ .a }}-x\nimage: '{{ .b }}:{{ .c }}'\n{{- toYaml .d | nindent 2 }}\n{{- end }}\n";
    expect(flat(text)).toEqual([{ name: "{{ .a }}-x", image: "{{ .b }}:{{ .c }}", "{{ }}": "{{- end }}" }]);
    const [document] = readYaml(text).documents;
    const actions = document?.value.fields.find(({ name }) => name === "{{ }}");
    expect(actions?.value.items.map((item) => item.text)).toContain("{{- toYaml .d | nindent 2 }}");
    expect(document?.lines).toEqual([1, 5]);
  });

  it.each([
    [
      "an anchor bomb",
      `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefghij"
        .split("")
        .map((n, i) => `${n}: &${n} [${Array(9).fill(`*${"abcdefghij"[i]}`).join(",")}]`)
        .join("\n")}\n`,
    ],
    ["an alias of itself", "a: &a [*a]\n"],
    ["deep brackets", "[".repeat(100_000)],
    ["deep blocks", Array.from({ length: 300 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")],
    ["a broken map", "a: [1, 2\nb: }\n"],
    ["tabs", "a:\n\tb: 1\n"],
  ])("says what it does not read: %s", (_what, text) => {
    const { problems } = readYaml(text);
    expect(problems.length).toBeGreaterThan(0);
    for (const problem of problems) expect(problem).not.toContain("\n");
  });

  it("never throws, whatever the text", () => {
    const piece = fc.constantFrom(
      "a:",
      " ",
      "\n",
      "- ",
      "{{",
      "}}",
      "[",
      "]",
      "{",
      "}",
      "&a",
      "*a",
      "|",
      ">",
      "'",
      '"',
      "#",
      "!x",
      "---",
      "?",
      ",",
      "<<:",
      "\t",
      "\r\n",
      "é",
      "\0",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const { documents, problems } = readYaml(pieces.join(""), { hasNested: true });
        expect(Array.isArray(documents) && Array.isArray(problems)).toBe(true);
        for (const { value } of documents) flattenValue(value);
      }),
      { numRuns: 500 },
    );
  });
});
