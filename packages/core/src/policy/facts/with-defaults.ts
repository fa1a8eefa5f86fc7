// SPDX-License-Identifier: Apache-2.0
import type { AiShare } from "../../infrastructure/index.ts";
import { classifyPath } from "../classify/classify-path.ts";
import type { Policy } from "../policy.ts";
import { toAiLines } from "./line-facts.ts";
import type {
  AiLinesView,
  AiView,
  ChangeView,
  CommitView,
  FileView,
  PersonView,
  PolicyFacts,
  ResourceView,
} from "./policy-facts.ts";

type Partly<T> = T extends readonly (infer E)[]
  ? readonly Partly<E>[]
  : T extends object
    ? { readonly [K in keyof T]?: Partly<T[K]> }
    : T;

/** Facts as a test of a policy states them: whatever it leaves out follows from the rest, or is as harmless as can be. */
export type PartialChange = Partly<ChangeView>;

const TEST_AUTHOR = { name: "Author", email: "author@test.invalid", principal: "", kind: "" } as const;

/**
 * Completes the facts of a test. Classes follow from paths, the change's AI facts from its commits, and without
 * commits there is one that carries what is said of the change: a change without commits lands nothing, and rules for
 * each commit would pass for the wrong reason. The caller has checked the shape (findFactProblems).
 */
export function withDefaults(
  partial: PartialChange | Readonly<Record<string, unknown>>,
  policy: Pick<Policy, "classes">,
): PolicyFacts {
  const given = partial as PartialChange;
  const commits = (given.commits ?? [loneCommit(given)]).map((commit, i) => toCommit(commit, i, policy));
  const files = toFiles(given, commits, policy);
  const classes =
    given.classes ??
    sorted([...files.flatMap((file) => file.classes), ...commits.flatMap((commit) => commit.classes)]);
  const assisted = commits.filter((commit) => commit.ai.assisted);
  const ai = toAi(given.ai ?? {}, unionOfAi(commits));
  const addedLines = given.addedLines ?? sum(commits.map((commit) => commit.addedLines));
  const lines = given.ai?.lines ?? sum(commits.map((commit) => commit.ai.lines));
  return {
    change: {
      target: given.target ?? "refs/heads/main",
      base: given.base ?? testId(0xb),
      head: given.head ?? commits.at(-1)?.id ?? testId(0xb),
      mergeBase: given.mergeBase ?? testId(0xb),
      commitCount: given.commitCount ?? commits.length,
      ai: {
        ...ai,
        lines,
        share: given.ai?.share ?? toShare(lines, addedLines),
        commitCount: given.ai?.commitCount ?? assisted.length,
        classes: (given.ai?.classes ?? []).map((each) => ({ name: each.name ?? "", ...toLines(each, 0) })),
      },
      addedLines,
      coverage: given.coverage ?? Math.min(100, ...commits.map((commit) => commit.coverage ?? 100)),
      states: given.states ?? sorted(commits.map((commit) => commit.state)),
      classes,
      paths:
        given.paths ??
        sorted([...files.map((file) => file.path), ...commits.flatMap((commit) => commit.paths)]),
      files,
      resources: (given.resources ?? []).map(toResource),
      unparsed: (given.unparsed ?? []).map(({ path = "a-file", reason = "not understood", ai }) => ({
        path,
        reason,
        ai: toShareOf(ai),
      })),
      authors: given.authors ?? [],
      unknownAuthors: given.unknownAuthors ?? [],
      commits,
      policyChanged: given.policyChanged ?? classes.includes("policy"),
    },
  };
}

function loneCommit(given: PartialChange): Partly<CommitView> {
  const state = given.states?.[0];
  return {
    ...(given.ai !== undefined && { ai: given.ai }),
    ...(given.addedLines !== undefined && { addedLines: given.addedLines }),
    ...(given.classes !== undefined && { classes: given.classes }),
    ...(state !== undefined && { state }),
    paths: given.paths ?? (given.files ?? []).flatMap((file) => file.path ?? []),
  };
}

function toCommit(given: Partly<CommitView>, index: number, policy: Pick<Policy, "classes">): CommitView {
  const isStated = given.state === "recorded" || given.state === "declared";
  const ai = toAi(given.ai ?? {}, { ...NO_AI, assisted: isStated });
  const author = toPerson(given.author ?? {});
  const paths = given.paths ?? [];
  return {
    id: given.id ?? testId(index + 1),
    title: given.title ?? "a commit",
    state: given.state ?? (ai.assisted ? "declared" : "cleared"),
    isMerge: given.isMerge ?? false,
    ai: { ...ai, ...toLines(given.ai ?? {}, given.addedLines ?? 0) },
    addedLines: given.addedLines ?? 0,
    coverage: given.coverage ?? 100,
    author,
    committer: given.committer === undefined ? author : toPerson(given.committer),
    coAuthors: (given.coAuthors ?? []).map((each) => ({ name: each.name ?? "", email: each.email ?? "" })),
    signedOffBy: (given.signedOffBy ?? []).map((each) => ({
      name: each.name ?? "",
      email: each.email ?? "",
      isAi: each.isAi ?? false,
    })),
    signedOffByAuthor: given.signedOffByAuthor ?? false,
    warnings: given.warnings ?? [],
    classes: given.classes ?? sorted(paths.flatMap((path) => classifyPath(policy, path))),
    paths,
    viaSignOff: given.viaSignOff ?? false,
  };
}

/** A resource of which a test says only what its rule asks. */
function toResource(given: Partly<ResourceView>): ResourceView {
  const dangers = given.dangers ?? [];
  return {
    path: given.path ?? "main.tf",
    oldPath: given.oldPath ?? "",
    kind: given.kind ?? "terraform",
    type: given.type ?? "a_type",
    name: given.name ?? "a-name",
    category: given.category ?? "other",
    action: given.action ?? "update",
    attributes: given.attributes ?? [],
    dangers,
    reasons: given.reasons ?? dangers.map((code) => code),
    tested: given.tested ?? "yes",
    ai: toShareOf(given.ai),
  };
}

/** At least as many lines as are the AI's. */
function toShareOf(given: Partly<AiShare> = {}): AiShare {
  const lines = given.lines ?? 0;
  return { lines, of: given.of ?? lines };
}

function toFiles(
  given: PartialChange,
  commits: readonly CommitView[],
  policy: Pick<Policy, "classes">,
): readonly FileView[] {
  const paths = given.paths ?? sorted(commits.flatMap((commit) => commit.paths));
  const files: readonly Partly<FileView>[] = given.files ?? paths.map((path) => ({ path }));
  return files.map((file) => {
    const path = file.path ?? "a-file";
    return {
      path,
      status: file.status ?? "modified",
      mode: file.mode ?? "100644",
      classes: file.classes ?? classifyPath(policy, path),
      ai: toLines(file.ai ?? {}, file.addedLines ?? 0),
      addedLines: file.addedLines ?? 0,
    };
  });
}

/** No AI lines unless the test says so; the share follows from both numbers. */
function toLines(given: Partly<AiLinesView>, addedLines: number | null): AiLinesView {
  const lines = given.lines ?? 0;
  return { lines, share: given.share ?? toShare(lines, addedLines) };
}

function toShare(lines: number | null, addedLines: number | null): number {
  return toAiLines({ ai: lines ?? 0, added: addedLines ?? 0, known: 0 }).share ?? 0;
}

function sum(values: readonly (number | null)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}

const NO_AI: AiView = {
  assisted: false,
  tools: [],
  models: [],
  vendors: [],
  extents: [],
  conventions: [],
  evidence: [],
};

/** A tool that is named took part, whether or not the test says `assisted`. */
function toAi(given: Partly<AiView & AiLinesView>, otherwise: AiView): AiView {
  const names = given.tools ?? given.models ?? given.vendors ?? given.conventions ?? [];
  const isNamed = names.length > 0 || (given.lines ?? 0) > 0;
  return {
    assisted: given.assisted ?? (isNamed || otherwise.assisted),
    tools: given.tools ?? otherwise.tools,
    models: given.models ?? otherwise.models,
    vendors: given.vendors ?? otherwise.vendors,
    extents: given.extents ?? otherwise.extents,
    conventions: given.conventions ?? otherwise.conventions,
    evidence: given.evidence ?? otherwise.evidence,
  };
}

function unionOfAi(commits: readonly CommitView[]): AiView {
  const union = (pick: (ai: AiView) => readonly string[]) =>
    sorted(commits.flatMap((commit) => pick(commit.ai)));
  return {
    assisted: commits.some((commit) => commit.ai.assisted),
    tools: union((ai) => ai.tools),
    models: union((ai) => ai.models),
    vendors: union((ai) => ai.vendors),
    extents: union((ai) => ai.extents),
    conventions: union((ai) => ai.conventions),
    evidence: union((ai) => ai.evidence),
  };
}

function toPerson(given: Partly<PersonView>): PersonView {
  return { ...TEST_AUTHOR, ...given };
}

function testId(number: number): string {
  return number.toString(16).padStart(40, "0");
}

function sorted<T extends string>(values: readonly T[]): readonly T[] {
  return [...new Set(values)].sort();
}
