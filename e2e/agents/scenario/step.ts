// SPDX-License-Identifier: Apache-2.0

/** What the scripted model makes an agent do, in words of no agent. Paths start at the top of the work tree. */
export type Act =
  | { readonly kind: "read"; readonly file: string }
  | { readonly kind: "write"; readonly file: string; readonly content: string }
  | { readonly kind: "edit"; readonly file: string; readonly old: string; readonly new: string }
  | { readonly kind: "shell"; readonly command: string }
  /** Hands a task to a sub-agent, whose conversation plays acts of its own. */
  | { readonly kind: "delegate"; readonly task: string };

/** What a person does to a file with an editor of their own while the agent waits for the model. */
export type AuthorEdit =
  | { readonly file: string; readonly append: string }
  | { readonly file: string; readonly old: string; readonly new: string };

export interface Step {
  /** Column of the result; several steps may share one. */
  readonly name: string;
  /** Done by the author before the agent gets its next order. */
  readonly author?: readonly AuthorEdit[];
  readonly act: Act;
}
