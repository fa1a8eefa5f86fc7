// SPDX-License-Identifier: Apache-2.0
import type { EvidenceGrade } from "../trailers/assistance.ts";

/** One agent as it worked in one conversation with one model; a model switch makes another. */
export interface AgentRef {
  /** Registry name in kebab-case, such as `claude-code`. */
  readonly tool: string;
  /** The agent's own id of the conversation; empty where it gives none. */
  readonly session: string;
  /** The model exactly as the agent names it; null where nobody said. */
  readonly model: string | null;
}

/**
 * Who wrote a line. `unknown` is never counted as human: it is what nobody saw being written.
 * An `ai` line that somebody changed afterwards stays `ai` with extent `edited`.
 */
export type Origin =
  | {
      readonly kind: "ai";
      readonly agent: AgentRef;
      readonly extent: "generated" | "edited";
      readonly evidence: EvidenceGrade;
    }
  | {
      readonly kind: "human";
      readonly evidence: EvidenceGrade;
      /** Fingerprint of the line, no AI's that was known, that this one is a changed form of: whoever knows that one knows better. */
      readonly over?: string;
    }
  | { readonly kind: "unknown" };

export const UNKNOWN: Origin = { kind: "unknown" };

export function isSameAgent(a: AgentRef, b: AgentRef): boolean {
  return a.tool === b.tool && a.session === b.session && a.model === b.model;
}

/** Whether they say the same of who wrote a line; what a person had changed to get there is no part of it. */
export function isSameOrigin(a: Origin, b: Origin): boolean {
  if (a.kind === "ai" && b.kind === "ai")
    return a.extent === b.extent && a.evidence === b.evidence && isSameAgent(a.agent, b.agent);
  if (a.kind === "human" && b.kind === "human") return a.evidence === b.evidence;
  return a.kind === b.kind;
}
