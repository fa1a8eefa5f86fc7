// SPDX-License-Identifier: Apache-2.0
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTeamFinder } from "./find-teams.ts";
import { compileOwnerPattern } from "./owner-pattern.ts";
import { MOST_OWNER_RULES, parseCodeowners } from "./parse-codeowners.ts";

const teams = (text: string, ...paths: string[]) => createTeamFinder(parseCodeowners(text).rules)(paths);

describe("patterns of CODEOWNERS, as GitHub's documentation has them", () => {
  it.each([
    ["*", ["a", "a/b/c.txt", ".github/x"], []],
    ["*.js", ["a.js", "x/y/a.js", "x.js/inside"], ["a.jsx", "js"]],
    ["/build/logs/", ["build/logs/a", "build/logs/x/y"], ["build/logs", "x/build/logs/a"]],
    ["docs/*", ["docs/getting-started.md"], ["docs/build-app/troubleshooting.md", "x/docs/a"]],
    ["apps/", ["apps/a", "x/apps/y/z"], ["apps", "myapps/a"]],
    ["/docs/", ["docs/a", "docs/b/c"], ["x/docs/a"]],
    ["/scripts/", ["scripts/run"], ["scripts"]],
    ["**/logs", ["logs", "build/logs", "deeply/nested/logs/a"], ["build/logs2", "catalogs"]],
    ["/apps/github", ["apps/github", "apps/github/a/b"], ["apps/github2", "x/apps/github"]],
    ["docs", ["docs", "docs/a", "x/docs/a"], ["mydocs/a"]],
    ["a/**/b", ["a/b", "a/x/b", "a/x/y/b/z"], ["x/a/b", "ab"]],
    ["a/**", ["a/b", "a/b/c"], ["a", "x/a/b"]],
    ["/*", ["a"], ["a/b"]],
    ["/*.md", ["README.md"], ["docs/README.md"]],
    ["with\\ blank.txt", ["with blank.txt", "x/with blank.txt"], ["with", "blank.txt"]],
    ["a?c", ["abc", "x/a-c/y"], ["ac", "abbc", "a/c"]],
    ["Docs", ["Docs/a"], ["docs/a"]],
    ["\\*", ["*", "x/*"], ["a"]],
  ])("%s", (pattern, matching, others) => {
    const matches = compileOwnerPattern(pattern);
    expect([...matching, ...others].filter((path) => matches?.(path))).toEqual(matching);
  });

  it.each(["!a", "a[bc]", "/", "//", "a/***", "x".repeat(1001)])("has no %s", (pattern) => {
    expect(compileOwnerPattern(pattern)).toBeUndefined();
  });

  const name = fc.stringMatching(/^[a-c.]{1,4}$/);
  const path = fc.array(name, { minLength: 1, maxLength: 5 });

  it("a path as a pattern matches itself and what is below, wherever a bare name stands", () => {
    fc.assert(
      fc.property(path, path, (one, below) => {
        const text = one.join("/");
        expect(compileOwnerPattern(`/${text}`)?.(text)).toBe(true);
        expect(compileOwnerPattern(`/${text}`)?.(`${text}/${below.join("/")}`)).toBe(true);
        expect(compileOwnerPattern(`/${text}/`)?.(text)).toBe(false);
        expect(compileOwnerPattern(one[0] ?? "")?.([...below, ...one].join("/"))).toBe(true);
        expect(compileOwnerPattern(`**/${text}`)?.([...below, ...one].join("/"))).toBe(true);
      }),
    );
  });

  it("answers as the same pattern written as a regular expression", () => {
    const part = fc.stringMatching(/^[ab*?]{1,3}$/).filter((text) => !text.includes("**"));
    const parts = fc.array(fc.oneof(part, fc.constant("**")), { minLength: 1, maxLength: 4 });
    const short = fc.array(fc.stringMatching(/^[ab]{1,3}$/), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(parts, fc.boolean(), short, (wanted, isFolder, names) => {
        const pattern = `/${wanted.join("/")}${isFolder ? "/" : ""}`;
        expect(compileOwnerPattern(pattern)?.(names.join("/"))).toBe(
          toRegExp(wanted, isFolder).test(names.join("/")),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it("takes no time that a hostile file could choose", () => {
    const before = process.cpuUsage();
    const matches = compileOwnerPattern(`${"*a".repeat(400)}b/${"**/".repeat(60)}x`);
    for (let n = 0; n < 20; n++) expect(matches?.(`${"a".repeat(4000)}/`.repeat(40))).toBe(false);
    expect(process.cpuUsage(before).user).toBeLessThan(5_000_000);
  });
});

/** Written from the rules once more: parts with their slashes, and an end by whether a folder is meant. */
function toRegExp(parts: readonly string[], isFolder: boolean): RegExp {
  const glob = (part: string) => part.replaceAll("*", "[^/]*").replaceAll("?", "[^/]");
  let source = "^";
  for (const [at, part] of parts.entries()) {
    const isLast = at === parts.length - 1;
    if (part === "**") source += isLast ? "[^/]+(?:/[^/]+)*" : "(?:[^/]+/)*";
    else source += glob(part) + (isLast ? "" : "/");
  }
  const last = parts.at(-1);
  return new RegExp(source + (isFolder ? "/.+$" : last === "*" ? "$" : "(?:/.+)?$"));
}

describe("a CODEOWNERS file", () => {
  const FILE = [
    "# who owns what",
    "*            @acme/platform",
    "*.tf  @acme/cloud @acme/security   # both of them",
    "/web/        @acme/web alice@acme.example",
    "/web/legal/",
    "/tools/      @bob",
  ].join("\r\n");

  it("names teams by the last line that matches, people together, and what nobody owns", () => {
    expect(teams(FILE, "README.md")).toEqual(["@acme/platform"]);
    expect(teams(FILE, "infra/iam.tf", "infra/x.tf")).toEqual(["@acme/cloud", "@acme/security"]);
    expect(teams(FILE, "web/a.html", "web/legal/b.html")).toEqual(["(people)", "(unowned)", "@acme/web"]);
    expect(teams(FILE, "tools/x.tf")).toEqual(["(people)"]);
    expect(teams("/web/ @acme/web", "x")).toEqual(["(unowned)"]);
    expect(teams("* @group/sub/team @@maintainers", "x")).toEqual(["@@maintainers", "@group/sub/team"]);
  });

  it("says which lines it has to leave out", () => {
    const text = "* @acme/a\n!x @acme/b\n[Section]\n  \nx not-an-owner\ny[12] @acme/c\n# z @acme/d\n";
    expect(parseCodeowners(text)).toMatchObject({ rules: [{ owners: ["@acme/a"] }], skipped: [2, 3, 5, 6] });
  });

  it("is bounded", () => {
    const { rules, skipped } = parseCodeowners("* @acme/a\n".repeat(MOST_OWNER_RULES + 3));
    expect([rules.length, skipped.length]).toEqual([MOST_OWNER_RULES, 3]);
  });

  it("never throws, and answers every path with at least one team", () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string(), { minLength: 1 }), (text, paths) => {
        expect(teams(text, ...paths).length).toBeGreaterThan(0);
      }),
    );
  });
});
