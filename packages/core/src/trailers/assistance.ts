// SPDX-License-Identifier: Apache-2.0

/** How a claim is known, best first. DESIGN: observed > derived > inferred > declared > none. */
export type EvidenceGrade = "observed" | "derived" | "inferred" | "declared" | "none";

/** What the tool did: AI text as written, AI text a human changed afterwards, or human text on AI advice. */
export type Extent = "generated" | "edited" | "advised";

/** One claim that a tool took part in a commit. */
export interface Assistance {
  /**
   * Registry name in kebab-case, such as `claude-code`; `ai` where an AI is claimed without a name, `unspecified`
   * where only a recorder's mark stands, which names no tool.
   */
  readonly tool: string;
  readonly vendor: string | null;
  /** Normalised model name, such as `claude-opus-4-8`. */
  readonly model: string | null;
  /** The model exactly as it was written. */
  readonly modelRaw: string | null;
  /** Null where the claim does not say. */
  readonly extent: Extent | null;
  /** Which convention carried the claim: `ai-assisted`, `co-authored-by`, `author`, `footer`, `branch-name`, … */
  readonly convention: string;
  readonly evidence: EvidenceGrade;
  /** 1-based line of the message, null where the claim stands outside it (author, committer, branch, note). */
  readonly line: number | null;
}

/** Something about a commit that a person should know or mend; `code` is stable, `message` is for people. */
export interface Warning {
  readonly code: string;
  readonly message: string;
}

/**
 * - `recorded`: a recorder's evidence names AI.
 * - `declared`: the commit names AI (trailer, co-author, author identity, footer).
 * - `signalled`: weak signs of AI (branch name, …), nothing declared.
 * - `cleared`: a recorder saw no AI, or the message says `AI-Assisted: none`.
 * - `unknown`: no evidence either way; never counted as human.
 */
export type CommitState = "recorded" | "declared" | "signalled" | "cleared" | "unknown";
