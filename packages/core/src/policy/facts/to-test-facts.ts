// SPDX-License-Identifier: Apache-2.0
import type { Assistance } from "../../trailers/assistance.ts";
import type { ChangedFile, ChangeFacts, CommitFacts, Contributor } from "../change.ts";
import type { Policy } from "../policy.ts";
import type { CommitView, PolicyFacts } from "./policy-facts.ts";

const NULL_ID = "0".repeat(40);

/** The facts behind the view that a test describes, for the rules that look at facts and not at expressions. */
export function toTestFacts({ change }: PolicyFacts, policy: Policy, author: string): ChangeFacts {
  const files = change.files.map(({ path, mode, classes }) => toFile(path, classes, mode));
  const known = new Set(files.map((file) => file.path));
  const classed = change.classes.filter((name) => !files.some((file) => file.classes.includes(name)));
  // A test may name classes without files; rules find classes in files, so a file stands in for them.
  const stoodIn = classed.length === 0 ? [] : [toFile("a-file", classed)];
  const policyFile =
    change.policyChanged && !change.classes.includes("policy")
      ? [toFile(".countersign/policy.yml", ["policy"])]
      : [];
  return {
    record: {
      version: 1,
      repository: policy.repository,
      target: change.target,
      mergeBase: change.mergeBase,
      mergeBaseTree: NULL_ID,
      headTree: NULL_ID,
      contentDigest: "0".repeat(64),
      policyDigest: policy.digest,
      objectFormat: "sha1",
    },
    base: change.base,
    head: change.head,
    mergeBase: change.mergeBase,
    commits: change.commits.map(toCommitFacts),
    files: [...files, ...stoodIn.filter((file) => !known.has(file.path)), ...policyFile],
    contributors: toContributors(change, author),
    versions: [],
    openOverrides: [],
    claims: [],
    problems: [],
  };
}

function toContributors(change: PolicyFacts["change"], author: string): readonly Contributor[] {
  const isSilent = change.authors.length === 0 && change.unknownAuthors.length === 0;
  const base = {
    as: ["author"],
    isService: false,
    commits: change.commits.map((commit) => commit.id),
  } as const;
  const known = (isSilent ? [author] : change.authors).map((login) => ({
    ...base,
    identity: { name: "", email: "" },
    login,
  }));
  const unknown = change.unknownAuthors.map((email) => ({
    ...base,
    identity: { name: "", email },
    login: null,
  }));
  return [...known, ...unknown];
}

function toCommitFacts(view: CommitView): CommitFacts {
  const tools = view.ai.tools.length === 0 && view.state === "signalled" ? ["unspecified"] : view.ai.tools;
  return {
    id: view.id,
    tree: NULL_ID,
    parents: view.isMerge ? [NULL_ID, NULL_ID] : [NULL_ID],
    title: view.title,
    author: view.author,
    committer: view.committer,
    coAuthors: view.coAuthors,
    signedOffBy: view.signedOffBy,
    authoredAt: 0,
    committedAt: 0,
    state: view.state,
    assistance: tools.map((tool) => toAssistance(view, tool)),
    warnings: view.warnings.map((code) => ({ code, message: code })),
    viaSignOff: view.viaSignOff,
    files: view.paths.map((path) => toFile(path, view.classes)),
  };
}

function toAssistance(view: CommitView, tool: string): Assistance {
  const evidence = view.state === "signalled" ? "none" : "declared";
  return {
    tool,
    vendor: null,
    model: view.ai.models[0] ?? null,
    modelRaw: null,
    extent: null,
    convention: view.ai.conventions[0] ?? "ai-assisted",
    evidence,
    line: null,
  };
}

function toFile(path: string, classes: readonly string[], mode = "100644"): ChangedFile {
  return { path, status: "modified", oldMode: mode, newMode: mode, oldId: NULL_ID, newId: NULL_ID, classes };
}
