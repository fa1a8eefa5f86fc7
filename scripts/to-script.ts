// SPDX-License-Identifier: Apache-2.0
// Makes a script of a chunk: V8 lets us keep what it compiled of a script while it ran, but not of an ES module.

/** What esbuild says of a chunk beside its text. */
interface Output {
  readonly imports: readonly {
    readonly path: string;
    readonly kind: string;
    readonly external?: boolean;
  }[];
  readonly exports: readonly string[];
}

/** How esbuild writes them: imports first, one export last. */
const IMPORT = /^\s*import\s*(?:\{([^}]*)\}\s*from)?\s*"(\.\/[\w-]+\.script)";/;
const LATER_IMPORT = /\bimport\(\s*"(\.\/[\w-]+\.script)"\s*\)/g;
const EXPORT = /\bexport\s*\{([^}]*)\};?\s*$/;

/**
 * The text of an expression: a function that takes `require` and `metaUrl` and returns what the chunk exports. Others get its
 * values and not its variables, so none of these may change once the chunk has run; to ask for each at each use takes far longer.
 */
export function toScript(text: string, { imports, exports }: Output): string {
  const body = text.replace(EXPORT, (_, names: string) => `return{${rename(names, "$2:$1")}};`);
  const { head, rest } = takeImports(body);
  const later = new Set(Array.from(rest.matchAll(LATER_IMPORT), ([, path]) => path));
  const expected = (kind: string) =>
    new Set(
      imports.filter((entry) => entry.kind === kind && entry.external !== true).map(({ path }) => path),
    );
  const isWhole =
    head.length === expected("import-statement").size &&
    later.size === expected("dynamic-import").size &&
    (body === text) === (exports.length === 0);
  if (!isWhole) throw new Error(`esbuild wrote a chunk in a form that is not known: ${text.slice(-200)}`);
  const main = rest.replace(LATER_IMPORT, 'Promise.resolve().then(()=>require("$1"))');
  return `(function(require,metaUrl){"use strict";${head.join("")}${main}\n})`;
}

function takeImports(text: string) {
  const head: string[] = [];
  let rest = text;
  for (let found = IMPORT.exec(rest); found !== null; found = IMPORT.exec(rest)) {
    const [whole, names, path] = found;
    const taken = names === undefined ? "" : `const{${rename(names, "$1:$2")}}=`;
    head.push(`${taken}require("${path}");`);
    rest = rest.slice(whole.length);
  }
  return { head, rest };
}

/** `a as b, c` in another form; a name without another stays what it is. */
function rename(names: string, form: string): string {
  return names.replace(/([\w$]+)\s+as\s+([\w$]+)/g, form);
}

/** A script that is asked for while it runs has nothing to give yet. */
export function assertOrdered(outputs: Readonly<Record<string, Pick<Output, "imports">>>): void {
  const done = new Set<string>();
  const visit = (path: string, above: readonly string[]) => {
    if (above.includes(path)) throw new Error(`chunks import each other: ${[...above, path].join(" -> ")}`);
    if (done.has(path)) return;
    for (const { path: next, kind } of outputs[path]?.imports ?? [])
      if (kind === "import-statement") visit(next, [...above, path]);
    done.add(path);
  };
  for (const path of Object.keys(outputs)) visit(path, []);
}
