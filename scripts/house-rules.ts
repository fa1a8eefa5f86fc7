// SPDX-License-Identifier: Apache-2.0
// Rules that recur in review and that no linter has. Each is data: where it holds, what it looks for, what to do instead.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

const MAX_LINES = 300;
const MAX_TEST_LINES = 400;
const SOURCE = /\.(?:ts|mts|mjs|cjs|js|sh)$/;
const CORE = /^packages\/core\/src\/(?!.*\.(?:test|fixture)\.ts$)/;
const SKIPPED = new Set(["node_modules", "dist", ".git", "coverage", ".cache"]);

/** `pattern` is tried on every line with comments and strings in it, `code` on the line without them. */
interface HouseRule {
  readonly name: string;
  /** Files it holds in. */
  readonly where: RegExp;
  readonly pattern?: RegExp;
  readonly code?: RegExp;
  readonly instead: string;
}

const RULES: readonly HouseRule[] = [
  {
    name: "no-module-mocks",
    where: /\.ts$/,
    code: /\bvi\.(?:mock|doMock|hoisted)\b/,
    instead: "pass a fake, or use the real thing",
  },
  {
    name: "core-is-synchronous",
    where: CORE,
    code: /\b(?:async|await)\b|\bPromise\b/,
    instead: "gather in an adapter, decide in core",
  },
  {
    name: "core-has-no-clock",
    where: CORE,
    code: /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\b|\bsetTimeout\b/,
    instead: "take the moment as an argument",
  },
  {
    name: "core-has-no-chance",
    where: CORE,
    code: /\bMath\.random\b|\bgetRandomValues\b|\brandomUUID\b/,
    instead: "take the nonce as an argument",
  },
  {
    name: "core-has-no-process",
    where: CORE,
    code: /\bprocess\.|\bglobalThis\b|\bconsole\./,
    instead: "take the value as an argument",
  },
  {
    name: "no-exported-variables",
    where: /\.ts$/,
    code: /^\s*export (?:let|var)\b/,
    instead: "export a function: a chunk of the program gives others its values, once",
  },
  {
    name: "no-machine-paths",
    where: /./,
    pattern: /(?<![\w.~*/-])\/(?:work|root|home\/(?!runner\b|git\b))[/\w]/,
    instead: "a relative path, or a temporary folder",
  },
  {
    name: "no-registry-hosts",
    where: /./,
    pattern: /registry\.npmjs\.org|registry\.yarnpkg\.com|npm\.pkg\.github\.com/,
    instead: "leave the registry to npm's own configuration",
  },
];

/** A line may opt out where the rule is not meant: `house: <rule> <reason>`. */
const EXEMPT = /house: ([\w-]+) \S+/;

/** Every breach in one file, as `path:line: rule: what to do`. */
export function checkFile(path: string, text: string): string[] {
  const lines = text.split("\n");
  const isSource = SOURCE.test(path);
  const limit = path.endsWith(".test.ts") ? MAX_TEST_LINES : MAX_LINES;
  const spdx = lines[0]?.startsWith("#!") ? lines[1] : lines[0];
  return [
    ...(isSource && !/SPDX-License-Identifier: Apache-2\.0/.test(spdx ?? "") && !path.endsWith(".d.ts")
      ? [`${path}:1: spdx: begin with "// SPDX-License-Identifier: Apache-2.0"`]
      : []),
    ...(isSource && lines.length > limit && !/^(?:\/\/|#) long: \S/m.test(text)
      ? [
          `${path}:${limit}: file-length: ${lines.length} lines; split it, or say why with "// long: <reason>"`,
        ]
      : []),
    ...lines.flatMap((line, i) => checkLine(path, line, i + 1)),
  ];
}

function checkLine(path: string, line: string, number: number): string[] {
  const exempt = EXEMPT.exec(line)?.[1];
  const code = stripText(line);
  return RULES.filter(({ name, where, pattern, code: codePattern }) => {
    if (name === exempt || !where.test(path)) return false;
    return pattern?.test(line) === true || codePattern?.test(code) === true;
  }).map(({ name, instead }) => `${path}:${number}: ${name}: ${instead}`);
}

/** The line without its comment and the text of its strings: words in prose are not code. */
function stripText(line: string): string {
  if (/^\s*(?:\*|\/\*|\/\/)/.test(line)) return "";
  return line
    .replace(
      /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\$]|\\.)*`|\/(?![*/\s])(?:[^/\\\n]|\\.)+\/[a-z]*/g,
      '""',
    )
    .replace(/\/\/.*$|\/\*.*?\*\//g, "");
}

/** Files of the repository that rules look at; a lockfile's addresses are npm's. */
function listFiles(root: string, folder: string = root): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : listFiles(root, path);
    const name = relative(root, path).replaceAll("\\", "/");
    return entry.isFile() &&
      /\.(?:[cm]?[jt]s|sh|md|ya?ml|json|cjs)$|^\.ci\//.test(name) &&
      name !== "package-lock.json"
      ? [name]
      : [];
  });
}

export function checkHouseRules(root: string): {
  readonly files: number;
  readonly breaches: readonly string[];
} {
  const files = listFiles(root);
  const breaches = files.flatMap((name) => checkFile(name, readFileSync(join(root, name), "utf8")));
  return { files: files.length, breaches };
}
