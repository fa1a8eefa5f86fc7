// SPDX-License-Identifier: Apache-2.0
import type { AiShare, ImpactResource, ImpactUnparsed } from "../../infrastructure/index.ts";
import type { CommitState } from "../../trailers/assistance.ts";

/** What expressions see: plain values, documented in docs/policy.md, typed for CEL in fact-types.ts. */
export interface PolicyFacts {
  readonly change: ChangeView;
}

export interface AiView {
  readonly assisted: boolean;
  readonly tools: readonly string[];
  readonly models: readonly string[];
  readonly vendors: readonly string[];
  readonly extents: readonly string[];
  readonly conventions: readonly string[];
  readonly evidence: readonly string[];
}

/** Lines that a change or a part of it adds; null where nobody counted, since the policy does not ask. */
export interface AiLinesView {
  /** AI lines: those that records name, and of commits that name an AI without saying which lines, all that nobody is known to have written. */
  readonly lines: number | null;
  /** Per cent of the added lines, rounded up. */
  readonly share: number | null;
}

export interface ClassLinesView extends AiLinesView {
  readonly name: string;
}

export interface ChangeView {
  readonly target: string;
  readonly base: string;
  readonly head: string;
  readonly mergeBase: string;
  readonly commitCount: number;
  readonly ai: AiView &
    AiLinesView & { readonly commitCount: number; readonly classes: readonly ClassLinesView[] };
  /** Lines that the commits add, each against its parents; null where nobody counted. */
  readonly addedLines: number | null;
  /** Per cent of the added lines whose writer is known, AI or human, rounded down; null where nobody counted. */
  readonly coverage: number | null;
  readonly states: readonly CommitState[];
  readonly classes: readonly string[];
  readonly paths: readonly string[];
  readonly files: readonly FileView[];
  /** Infrastructure that the change touches; null where nobody looked. */
  readonly resources: readonly ResourceView[] | null;
  /** Files that count as infrastructure without being understood; null where nobody looked. */
  readonly unparsed: readonly ImpactUnparsed[] | null;
  /** Principal ids of everybody with a hand in the change whom the policy knows. */
  readonly authors: readonly string[];
  /** E-mails, else logins or names, of those it does not know. */
  readonly unknownAuthors: readonly string[];
  readonly commits: readonly CommitView[];
  readonly policyChanged: boolean;
}

export interface ResourceView
  extends Pick<
    ImpactResource,
    "path" | "kind" | "type" | "name" | "category" | "action" | "attributes" | "tested"
  > {
  /** Where it stood before, where that is another file; empty elsewhere. */
  readonly oldPath: string;
  /** Codes. */
  readonly dangers: readonly ImpactResource["dangers"][number]["code"][];
  /** In the order of the codes, a line each. */
  readonly reasons: readonly string[];
  readonly ai: AiShare;
}

export interface FileView {
  readonly path: string;
  readonly status: string;
  readonly mode: string;
  readonly classes: readonly string[];
  readonly ai: AiLinesView;
  readonly addedLines: number | null;
}

export interface PersonView {
  readonly name: string;
  readonly email: string;
  /** Id of the person in the policy; empty where the policy knows nobody by this identity. */
  readonly principal: string;
  readonly kind: "human" | "bot" | "agent" | "";
}

export interface CommitView {
  readonly id: string;
  readonly title: string;
  readonly state: CommitState;
  readonly isMerge: boolean;
  readonly ai: AiView & AiLinesView;
  readonly addedLines: number | null;
  readonly coverage: number | null;
  readonly author: PersonView;
  readonly committer: PersonView;
  readonly coAuthors: readonly { readonly name: string; readonly email: string }[];
  readonly signedOffBy: readonly { readonly name: string; readonly email: string; readonly isAi: boolean }[];
  readonly signedOffByAuthor: boolean;
  /** Codes of warnings. */
  readonly warnings: readonly string[];
  readonly classes: readonly string[];
  readonly paths: readonly string[];
  readonly viaSignOff: boolean;
}
