// SPDX-License-Identifier: Apache-2.0
// The corpus is data that a benchmark believes: a slip in it would be counted as a fault of the classifier's, or hide one.
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { readCorpus } from "./read-corpus.ts";

const KINDS =
  "terraform cloudformation pulumi kubernetes helm kustomize iam-policy mesh dockerfile workflow ansible";
const CATEGORIES = "iam network routing failover data secrets compute pipeline other";
const ACTIONS = "create update delete replace rename";
const DANGERS =
  "privilege-widened wildcard-action wildcard-principal cidr-opened rule-order-changed route-changed failover-changed protection-off capacity-removed data-store-replaced secret-exposed isolation-lost untrusted-code audit-off";
const corpus = readCorpus();
const labelled = corpus.filter((one) => !one.benign);

describe("the corpus of infrastructure changes", () => {
  it("has at least 150 labelled changes and 60 look-alikes, each with a name of its own and a label that is explained", () => {
    expect(labelled.length).toBeGreaterThanOrEqual(150);
    expect(corpus.length - labelled.length).toBeGreaterThanOrEqual(60);
    expect(new Set(corpus.map((one) => one.id)).size).toBe(corpus.length);
    expect(corpus.filter((one) => one.why.length < 6 || one.source.length < 4).map((one) => one.id)).toEqual(
      [],
    );
  });

  it("uses the words of the agreement, and every one of them", () => {
    const all = corpus.flatMap((one) => one.expect);
    expect(wordsOf(all.map((each) => each.kind))).toEqual(wordsOf(KINDS.split(" ")));
    expect(wordsOf(all.map((each) => each.category))).toEqual(wordsOf(CATEGORIES.split(" ")));
    expect(wordsOf(all.map((each) => each.action))).toEqual(wordsOf(ACTIONS.split(" ")));
    expect(wordsOf(all.flatMap((each) => each.dangers))).toEqual(wordsOf(DANGERS.split(" ")));
    expect(wordsOf(all.flatMap((each) => each.also)).filter((each) => !DANGERS.includes(each))).toEqual([]);
  });

  it("gives no look-alike a danger, changes something in each case, and names what the label is about", () => {
    expect(corpus.filter((one) => one.benign && one.expect.some((each) => each.dangers.length > 0))).toEqual(
      [],
    );
    expect(corpus.filter((one) => isSame(one.before, one.after)).map((one) => one.id)).toEqual([]);
    expect(labelled.filter((one) => one.expect.length === 0).map((one) => one.id)).toEqual([]);
    const unheardOf = corpus.flatMap((one) => {
      const text = [...one.before, ...one.after].flat().join("\n");
      return one.expect.filter((each) => !text.includes(each.name)).map((each) => `${one.id}: ${each.name}`);
    });
    expect(unheardOf).toEqual([]);
  });

  it("holds JSON that is JSON and YAML that is YAML, but for what is a template", () => {
    const broken = corpus.flatMap((one) =>
      [...one.before, ...one.after]
        .filter(([path, text]) => !isWellFormed(path, text))
        .map(([path]) => `${one.id}: ${path}`),
    );
    expect(broken).toEqual([]);
  });

  it("holds HCL whose brackets match, but for the case that is about a broken file", () => {
    const broken = corpus
      .filter((one) =>
        [...one.before, ...one.after].some(
          ([path, text]) => /\.(?:tf|tofu|tfvars)$/.test(path) && !hasMatchingBrackets(text),
        ),
      )
      .map((one) => one.id);
    expect(broken).toEqual(["tf-broken-file"]);
  });
});

function wordsOf(values: readonly string[]): string[] {
  return [...new Set(values)].sort();
}

function isSame(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...one].every(([path, text]) => other.get(path) === text);
}

function isWellFormed(path: string, text: string): boolean {
  if (path.endsWith(".json")) return isJson(text);
  if (!/\.ya?ml$/.test(path) || path.includes("/templates/")) return true;
  return parseAllDocuments(text, { logLevel: "silent" }).every((document) => document.errors.length === 0);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Strings and comments apart; heredocs hold texts whose brackets match too. */
function hasMatchingBrackets(text: string): boolean {
  const open: string[] = [];
  const bare = text.replace(/"(?:\\.|[^"\\])*"/g, "").replace(/#[^\n]*/g, "");
  for (const char of bare) {
    if ("{[(".includes(char)) open.push(char);
    else if ("}])".includes(char) && open.pop() !== "{[("["}])".indexOf(char)]) return false;
  }
  return open.length === 0;
}
