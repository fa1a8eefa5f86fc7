// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from "vitest";
import { assertOrdered, toScript } from "./to-script.ts";

const statement = (path: string) => ({ path, kind: "import-statement" });
const later = (path: string) => ({ path, kind: "dynamic-import" });

/** What the script of a chunk exports, where other chunks are what `chunks` says. */
function run(script: string, chunks: Readonly<Record<string, unknown>> = {}): unknown {
  return new Function(`return ${script}`)()((name: string) => chunks[name], "file:///chunks/");
}

describe("a script of a chunk", () => {
  it("takes what it imports, under the names it has for it, and gives what it exports", () => {
    const text =
      'import{a as x,$b}from"./A.script";import"./B.script";\nfunction f(){return x+$b}var g=2;export{f as y,g};\n';
    const imports = [statement("dist/A.script"), statement("dist/B.script")];
    const exported = run(toScript(text, { imports, exports: ["y", "g"] }), {
      "./A.script": { a: 40, $b: 2 },
    });
    expect(exported).toMatchObject({ g: 2 });
    expect((exported as { y: () => number }).y()).toBe(42);
  });

  it("loads what it asks for later only then, and says by a promise that it cannot", async () => {
    const text = 'var load=()=>import(\n"./A.script"),gone=()=>import("./B.script");export{load,gone};';
    const imports = [later("dist/A.script"), later("dist/B.script")];
    const chunks = {
      "./A.script": { a: 1 },
      get "./B.script"() {
        throw new Error("gone");
      },
    };
    const exported = run(toScript(text, { imports, exports: ["load", "gone"] }), chunks);
    const { load, gone } = exported as { load: () => Promise<unknown>; gone: () => Promise<unknown> };
    expect(await load()).toEqual({ a: 1 });
    await expect(gone()).rejects.toThrow("gone");
  });

  it("is as strict as the module was", () => {
    expect(run(toScript("function f(){return this}export{f};", { imports: [], exports: ["f"] }))).toSatisfy(
      ({ f }) => f() === undefined,
    );
  });

  it.each([
    [
      "an import elsewhere",
      'var a=1;import{b}from"./B.script";',
      { imports: [statement("B.script")], exports: [] },
    ],
    [
      "an import of another kind",
      'import*as b from"./B.script";',
      { imports: [statement("B.script")], exports: [] },
    ],
    ["a later import by a name", "import(`./B.script`);", { imports: [later("B.script")], exports: [] }],
    ["an export of another kind", "export default 1;", { imports: [], exports: ["default"] }],
  ])("is not made of %s", (_what, text, output) => {
    expect(() => toScript(text, output)).toThrow("in a form that is not known");
  });
});

describe("chunks", () => {
  it("may be asked for by several, and later by those they import, but not import each other", () => {
    const outputs = {
      main: { imports: [statement("a"), statement("b")] },
      a: { imports: [statement("b")] },
      b: { imports: [later("main")] },
    };
    expect(() => assertOrdered(outputs)).not.toThrow();
    expect(() => assertOrdered({ ...outputs, b: { imports: [statement("main")] } })).toThrow(
      "main -> a -> b -> main",
    );
  });
});
