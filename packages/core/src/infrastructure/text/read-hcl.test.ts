// SPDX-License-Identifier: Apache-2.0
import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fieldsOf, flattenValue, isSameValue } from "../configuration-value.ts";
import { LABEL, readHcl } from "./hcl-body.ts";

const BLOCKS = `# a comment with { braces
resource "aws_iam_policy" "admin" {
  name   = "admin" // beside it
  policy = <<-EOT
    {"Statement": [{"Effect": "Allow", "Action": "s3:Get*"}]}
  EOT
  tags = { for k, v in var.tags : k => "\${v}-}\${upper("{\\"}")}" }
}
/* resource "commented" "out" {} */
locals { size = var.big ? 3 : -1 }
`;

describe("readHcl", () => {
  it("keeps the exact lines of blocks, with heredocs, templates, comments and one-line blocks between them", () => {
    const { value, problems } = readHcl(BLOCKS);
    expect(problems).toEqual([]);
    expect(value.fields.map(({ name, lines }) => [name, ...lines])).toEqual([
      ["resource", 2, 8],
      ["locals", 10, 10],
    ]);
    const [resource] = fieldsOf(value, "resource");
    expect(fieldsOf(resource ?? value, LABEL).map(({ literal }) => literal)).toEqual([
      "aws_iam_policy",
      "admin",
    ]);
  });

  it("sees into heredocs, jsonencode and both branches of a condition", () => {
    const flat = (text: string) =>
      flattenValue(readHcl(text).value).map(({ path, text: own }) => `${path}=${own}`);
    expect(flat(BLOCKS)).toContain("resource.policy.Statement.Action=s3:Get*");
    expect(flat('x = jsonencode({ Action = "*", "Sid" : "a" })')).toEqual(["x.Action=*", "x.Sid=a"]);
    expect(flat('x = var.open ? ["0.0.0.0/0"] : ["10.0.0.0/8"]')).toEqual(["x=0.0.0.0/0", "x=10.0.0.0/8"]);
  });

  it("calls two texts equal that differ in layout and comments only", () => {
    const [a, b] = [
      readHcl('a "b" {\n  c = f(1, [2])\n}\n'),
      readHcl('a "b" {\n\n  c = f( # why\n 1,\n [2,],\n  )\n}'),
    ];
    expect(isSameValue(a.value, b.value)).toBe(true);
    expect(isSameValue(a.value, readHcl('a "b" {\n  c = f(1, [3])\n}\n').value)).toBe(false);
  });

  it.each([
    ["x = = 3", "a value is missing"],
    ["x = 1 2", '"2" stands where an operator is expected'],
    ["x = 1 +", "an expression breaks off"],
    ['a "b" {', '"}" is missing'],
    ['x = "abc', "a quoted text has no end"],
    ["x = <<EOT\nabc\n", "the heredoc EOT has no end"],
    ["/* x", "a comment has no end"],
    ["}", '"}" closes nothing'],
    ["x = [1, 2", '"]" is missing'],
    ["3 = x", '"3" stands where a name is expected'],
    [`x = ${"[".repeat(200)}${"]".repeat(200)}`, "nested deeper than 100 levels"],
  ])("says what is wrong with %j", (text, reason) => {
    expect(readHcl(text).problems.join("\n")).toContain(reason);
  });

  it("reads what follows a broken line", () => {
    const { value, problems } = readHcl('x = = 3\ny y y\nresource "a" "b" {\n  c = 1\n}\n');
    expect(problems).toHaveLength(3);
    expect(value.fields.at(-1)).toMatchObject({ name: "resource", lines: [3, 5] });
  });

  it("ends for any text, and loses no name of a block that stands between them", () => {
    const piece = fc.constantFrom(
      '"',
      "{",
      "}",
      "[",
      "]",
      "(",
      ")",
      "=",
      "<<EOT\n",
      "\n",
      "${",
      "a",
      "/*",
      "*/",
      "#",
      ",",
      ".",
      "1",
      "\\",
      "%{",
      "?",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const { problems } = readHcl(pieces.join(""));
        expect(problems.length).toBeLessThanOrEqual(20);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["brackets", `x = ${"[".repeat(300_000)}`],
    ["blocks", "a {".repeat(300_000)],
    ["interpolations", `x = "${"${".repeat(300_000)}`],
    ["one line of a megabyte", `x = "${"a".repeat(1_000_000)}"`],
    ["comments that do not end", "/*".repeat(300_000)],
    ["heredocs that do not end", "x = <<A\n".repeat(50_000)],
    ["JSON in JSON", `x = ${JSON.stringify("[".repeat(300_000))}`],
  ])("reads a million characters of %s in little time", (_, text) => {
    const before = process.cpuUsage();
    readHcl(text);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(5000);
  });
});

describe("agreement with HashiCorp's parser", () => {
  const isHere = spawnSync("terraform", ["version"], { env: quiet() }).status === 0;
  if (!isHere)
    process.stderr.write(
      "SKIPPED: terraform is not on PATH, so nothing compares the reading of HCL with it\n",
    );

  it.runIf(isHere)("finds no fault where it finds none", () => {
    const texts = [
      BLOCKS,
      'x = [for a in var.b : a.c if a != ""]\ny = { for k, v in var.z : k => v... }\n',
      'x = var.a[*].b["x"].0\ny = a.*.b\nz = f(x...)\nw = provider::aws::f(1)\n',
      "x = (\n  a\n  + b\n)\ny = !c && -d >= 3 || e\n",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is HCL
      'x = "$${not} %%{not} ${yes} %{ if a }b%{ else }c%{ endif }"\n',
      'dynamic "ingress" {\n  for_each = var.a\n  content {\n    b = ingress.value["c"]\n  }\n}\n',
      'x = {\n  "a b" = 1\n  (var.k) : 2, c = 3\n}\n',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: it is HCL
      'x = <<A\n${join(",", ["}"])}\nA\n',
      "for = 1\nin = for\nnull = null\n",
    ];
    const wrong = texts.filter((text) => {
      const own = readHcl(text).problems.length === 0;
      const theirs = spawnSync("terraform", ["fmt", "-"], { input: text, env: quiet() }).status === 0;
      return theirs && !own;
    });
    expect(wrong).toEqual([]);
  });
});

function quiet(): NodeJS.ProcessEnv {
  return { ...process.env, TF_CLI_CONFIG_FILE: "/dev/null", CHECKPOINT_DISABLE: "1" };
}
