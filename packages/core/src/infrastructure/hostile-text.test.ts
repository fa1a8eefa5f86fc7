// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assessFile } from "./assess.fixture.ts";
import { assessChange } from "./assess-change.ts";

describe("hostile text", () => {
  const paths = [
    "a.tf",
    "a.tf.json",
    "a.yaml",
    "Dockerfile",
    "a.json",
    "values.yaml",
    "playbooks/a.yml",
    "Pulumi.yaml",
    ".github/workflows/a.yml",
    "Jenkinsfile",
    "a.txt",
    "kustomization.yaml",
    "templates/a.yaml",
  ];

  it("of any kind is read, complained of, or left alone, and never thrown at", () => {
    const piece = fc.constantFrom(
      "apiVersion: v1\n",
      "kind: Pod\n",
      "- hosts: x\n",
      "FROM a\n",
      "{{",
      "}}",
      "{",
      "}",
      "[",
      "]",
      ": ",
      "&a ",
      "*a ",
      "<<: *a\n",
      "\n",
      "  ",
      "- ",
      '"',
      "!Ref ",
      "---\n",
      "\t",
      "Resources:\n",
      "jobs:\n",
      "on:\n",
      "\\\n",
      "#",
      "|\n",
      "Type: AWS::X::Y\n",
      "\u0000",
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...paths),
        fc.array(piece, { maxLength: 40 }),
        fc.array(piece, { maxLength: 40 }),
        (path, a, b) => {
          const { resources } = assessFile(path, a.join(""), b.join(""));
          for (const { lines } of resources)
            for (const [first, last] of lines) expect(first).toBeLessThanOrEqual(last);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it("says nothing of what did not change, and loses no line of what did where all is understood", () => {
    const name = fc.constantFrom("a", "b", "c");
    const field = fc
      .tuple(name, fc.integer({ min: 0, max: 3 }))
      .map(([key, value]) => `  ${key} = ${value}\n`);
    const block = fc
      .tuple(name, name, fc.array(field, { maxLength: 3 }))
      .map(([type, own, fields]) => `resource "${type}" "${own}" {\n${fields.join("")}}\n`);
    const file = fc.array(block, { maxLength: 4 }).map((blocks) => blocks.join(""));
    fc.assert(
      fc.property(file, file, (a, b) => {
        const { resources, unparsed } = assessFile("m.tf", a, b);
        expect(unparsed).toEqual([]);
        expect(assessFile("m.tf", a, a).resources).toEqual([]);
        const squeeze = (text: string) =>
          [...text.matchAll(/resource[^}]*\}/g)]
            .map(([each]) => each)
            .sort()
            .join();
        if (squeeze(a) !== squeeze(b)) expect(resources.length).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
  });

  const bombs: readonly (readonly [string, string])[] = [
    ["brackets", "[".repeat(300_000)],
    ["maps", `a: ${"{a: ".repeat(20_000)}`],
    [
      "a billion laughs",
      `apiVersion: v1\nkind: Pod\na0: &a0 [x]\n${Array.from({ length: 40 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]\n`).join("")}`,
    ],
    ["hosts", "- name: x\n  y: z\n".repeat(8_000)],
    ["plays without hosts", `- name: x\n${"        deep: in\n".repeat(30)}`.repeat(300)],
    ["blank lines in a play", `- name: x\n${"          \n".repeat(30)}`.repeat(300)],
    ["templates", "{{ a }} {{".repeat(90_000)],
    ["blanks", " ".repeat(999_999)],
    ["continued lines", "FROM a\nRUN a \\\n".repeat(10_000)],
    ["one long line", `apiVersion: v1\nkind: ${"x".repeat(999_000)}`],
    ["lines of API versions", "apiVersion: v1\n".repeat(8_000)],
  ];
  it.each(bombs)("%s by the thousand cost little in every kind", (_, text) => {
    for (const path of paths) {
      const before = process.cpuUsage();
      assessChange([{ path, before: null, after: { path, text } }]);
      expect(process.cpuUsage(before).user / 1000, path).toBeLessThan(10_000);
    }
  });
});
