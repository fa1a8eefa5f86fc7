// SPDX-License-Identifier: Apache-2.0
import type { Identity, RepoPath } from "../../ids/index.ts";
import type { ImpactResource } from "../../infrastructure/index.ts";
import type { Assistance } from "../../trailers/assistance.ts";
import { isAiIdentity, isServiceIdentity } from "../../trailers/index.ts";
import type { ChangeFacts, CommitFacts } from "../change.ts";
import type { Person, Policy } from "../policy.ts";
import { toAuthorSet } from "../sign-offs/author-set.ts";
import { findPrincipalByContributor, foldName } from "../sign-offs/find-principal.ts";
import { countLines, type LineCount, sumLines, toAiLines, toClassLines, toCoverage } from "./line-facts.ts";
import type {
  AiView,
  ChangeView,
  CommitView,
  FileView,
  PersonView,
  PolicyFacts,
  ResourceView,
} from "./policy-facts.ts";

/** Code of the warning for a claim of no AI beside signs of AI; such a commit counts as AI-assisted (T09). */
export const CONTRADICTION = "contradictory-claim";

/** The facts as expressions see them. */
export function toPolicyFacts(facts: ChangeFacts, policy: Policy): PolicyFacts {
  const people = new Map<string, Person | undefined>();
  const commits = facts.commits.map((commit) =>
    toCommitView(commit, (identity) => findPerson(policy, identity, people)),
  );
  return { change: toChangeView(facts, policy, commits) };
}

function toChangeView(facts: ChangeFacts, policy: Policy, commits: readonly CommitView[]): ChangeView {
  const authors = toAuthorSet(policy, facts);
  const classes = sorted(facts.files.flatMap((file) => file.classes));
  const claims = [...facts.commits.flatMap((commit) => commit.assistance), ...facts.claims];
  const isClaimed = facts.claims.some(isEvidence);
  const lines = countChange(facts.commits);
  const total = lines === null ? null : sumLines(lines.values());
  return {
    target: facts.record.target,
    base: facts.base,
    head: facts.head,
    mergeBase: facts.mergeBase,
    commitCount: commits.length,
    ai: {
      ...toAiView(claims, isClaimed || commits.some((commit) => commit.ai.assisted)),
      ...toAiLines(total),
      commitCount: commits.filter((commit) => commit.ai.assisted).length,
      classes: lines === null ? [] : toClassLines(facts.files, lines),
    },
    addedLines: total?.added ?? null,
    coverage: toCoverage(total),
    states: sorted(commits.map((commit) => commit.state)),
    classes,
    paths: facts.files.map((file) => file.path),
    files: facts.files.map(({ path, status, oldMode, newMode, classes: own }) => ({
      path,
      status,
      mode: status === "deleted" ? oldMode : newMode,
      classes: own,
      ...toFileLines(lines, path),
    })),
    resources: facts.impact?.resources.map(toResourceView) ?? null,
    unparsed: facts.impact?.unparsed ?? null,
    authors: [...authors.known.keys()].sort(),
    unknownAuthors: sorted(
      authors.unknown.map(({ identity, login }) => identity.email || (login ?? identity.name)),
    ),
    commits,
    policyChanged: classes.includes("policy"),
  };
}

function toResourceView({
  path,
  oldPath,
  kind,
  type,
  name,
  category,
  action,
  attributes,
  dangers,
  tested,
  ai,
}: ImpactResource): ResourceView {
  const [codes, reasons] = [dangers.map(({ code }) => code), dangers.map(({ reason }) => reason)];
  return {
    path,
    oldPath: oldPath ?? "",
    kind,
    type,
    name,
    category,
    action,
    attributes,
    dangers: codes,
    reasons,
    tested,
    ai,
  };
}

/** By path over all commits; null where the policy asks for no lines. What a sign-off brings in beside is the same lines again. */
function countChange(commits: readonly CommitFacts[]): ReadonlyMap<RepoPath, LineCount> | null {
  const counted = commits
    .map((commit) => countLines(commit, isAssisted(commit)))
    .filter((one) => one !== null);
  if (counted.length === 0) return null;
  const byPath = new Map<RepoPath, LineCount>();
  for (const [path, count] of counted.flatMap((one) => [...one])) {
    const known = byPath.get(path);
    byPath.set(path, known === undefined ? count : sumLines([known, count]));
  }
  return byPath;
}

function toFileLines(
  lines: ReadonlyMap<RepoPath, LineCount> | null,
  path: RepoPath,
): Pick<FileView, "ai" | "addedLines"> {
  const count = lines === null ? null : (lines.get(path) ?? { added: 0, ai: 0, known: 0 });
  return { ai: toAiLines(count), addedLines: count?.added ?? null };
}

/** Whether an AI had a hand in a commit, by record, by claim or by a contradicted denial of it. */
export function isAssisted(commit: CommitFacts): boolean {
  const isStated = commit.state === "recorded" || commit.state === "declared";
  const isContradicted = commit.warnings.some((warning) => warning.code === CONTRADICTION);
  return isStated || isContradicted || commit.assistance.some(isEvidence);
}

function toCommitView(commit: CommitFacts, personOf: (identity: Identity) => Person | undefined): CommitView {
  const warnings = sorted(commit.warnings.map((warning) => warning.code));
  const assisted = isAssisted(commit);
  const counts = countLines(commit, assisted);
  const lines = counts === null ? null : sumLines(counts.values());
  return {
    id: commit.id,
    title: commit.title,
    state: commit.state,
    isMerge: commit.parents.length > 1,
    ai: { ...toAiView(commit.assistance, assisted), ...toAiLines(lines) },
    addedLines: lines?.added ?? null,
    coverage: toCoverage(lines),
    author: toPersonView(commit.author, personOf),
    committer: toPersonView(commit.committer, personOf),
    coAuthors: commit.coAuthors.map(({ name, email }) => ({ name, email })),
    signedOffBy: commit.signedOffBy.map(({ name, email }) => ({
      name,
      email,
      isAi: isAiSigner({ name, email }),
    })),
    signedOffByAuthor: isSignedOffByAuthor(commit, personOf),
    warnings,
    classes: sorted(commit.files.flatMap((file) => file.classes)),
    paths: commit.files.map((file) => file.path),
    viaSignOff: commit.viaSignOff,
  };
}

/** A weak sign, such as a branch name, is no evidence; it makes the state `signalled` and is that rule's business. */
function isEvidence(claim: Assistance): boolean {
  return claim.evidence !== "none";
}

function toAiView(claims: readonly Assistance[], assisted: boolean): AiView {
  const known = claims.filter(isEvidence);
  const texts = (values: readonly (string | null)[]) => sorted(values.filter((value) => value !== null));
  return {
    assisted,
    tools: texts(known.map((claim) => claim.tool)),
    models: texts(known.map((claim) => claim.model)),
    vendors: texts(known.map((claim) => claim.vendor)),
    extents: texts(known.map((claim) => claim.extent)),
    conventions: texts(known.map((claim) => claim.convention)),
    evidence: texts(known.map((claim) => claim.evidence)),
  };
}

/**
 * A human Signed-off-by of the commit's author: same e-mail, or same person of the policy. A matching name alone is
 * not enough, since anybody may bear it; an AI's or a bot's signature certifies nothing (T60).
 */
function isSignedOffByAuthor(
  commit: CommitFacts,
  personOf: (identity: Identity) => Person | undefined,
): boolean {
  const author = personOf(commit.author);
  if (!isHuman(commit.author, author)) return false;
  const email = foldName(commit.author.email);
  return commit.signedOffBy.some((signer) => {
    const person = personOf(signer);
    if (!isHuman(signer, person) || signer.name.trim() === "") return false;
    return (
      (email !== "" && foldName(signer.email) === email) || (author !== undefined && person?.id === author.id)
    );
  });
}

function isHuman(identity: Identity, person: Person | undefined): boolean {
  return (person === undefined || person.kind === "human") && isServiceIdentity(identity) === undefined;
}

/** `A. Person (tool)` is a person who used a tool, and may sign. */
function isAiSigner(identity: Identity): boolean {
  const ai = isAiIdentity(identity);
  return ai !== undefined && ai.by !== "suffix";
}

function toPersonView(identity: Identity, personOf: (identity: Identity) => Person | undefined): PersonView {
  const person = personOf(identity);
  return {
    name: identity.name,
    email: identity.email,
    principal: person?.id ?? "",
    kind: person?.kind ?? "",
  };
}

/** By e-mail, each looked up once: a thousand commits have a handful of authors. */
function findPerson(
  policy: Policy,
  identity: Identity,
  known: Map<string, Person | undefined>,
): Person | undefined {
  const { email } = identity;
  if (!known.has(email)) {
    known.set(
      email,
      findPrincipalByContributor(policy, {
        identity,
        login: null,
        as: ["author"],
        isService: false,
        commits: [],
      }),
    );
  }
  return known.get(email);
}

function sorted<T extends string>(values: readonly T[]): readonly T[] {
  return [...new Set(values)].sort();
}
