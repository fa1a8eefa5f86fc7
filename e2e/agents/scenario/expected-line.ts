// SPDX-License-Identifier: Apache-2.0

/**
 * Who must stand behind a line. `edited`: the agent, and the author changed it afterwards. `unwatched`: the author, whom nobody watched
 * unless something of an agent's was still waiting.
 */
export type Writer = "agent" | "sub-agent" | "edited" | "author" | "unwatched" | "unknown";

export function isByAgent(writer: Writer): boolean {
  return writer === "agent" || writer === "sub-agent" || writer === "edited";
}

export interface ExpectedLine {
  /** The step that wrote it. */
  readonly step: string;
  readonly writer: Writer;
  readonly text: string;
}

export type ExpectedFiles = Readonly<Record<string, readonly ExpectedLine[]>>;

export const base = (text: string): ExpectedLine => ({ step: "base", writer: "unknown", text });
export const agent = (step: string, text: string): ExpectedLine => ({ step, writer: "agent", text });
export const author = (step: string, text: string): ExpectedLine => ({ step, writer: "author", text });
