// SPDX-License-Identifier: Apache-2.0

export type Confidence = "high" | "medium" | "low";

/**
 * Where a marker was met: `seen` in commits of public repositories (985,400 commits of 58 measured) · `pull-request`
 * bodies that become squash messages · `listed` in public registries or a tool's own instructions · `kernel` its
 * coding-assistants document · `entire` that recorder's source · `specification` ours · `assumed` not met yet: a spelling near one that was.
 */
export type MarkerSource =
  | "seen"
  | "pull-request"
  | "listed"
  | "kernel"
  | "entire"
  | "specification"
  | "assumed";

/**
 * How a pattern is compared. Never a regular expression, so that no row of the registry can be slow or too wide:
 * - `email`: a whole address, case-insensitive. A vendor's domain alone is nobody's mark: people work there.
 * - `app-slug`: `<digits>+<slug>@users.noreply.github.com`, digits optional; the slug counts, never the number.
 * - `session-key`, `vendor-key`: a trailer key that only this tool writes.
 * - `footer`: the line's words from its first letter on, markup aside.
 * - `session-link`: the line's start; `*` stands for one or more characters that are not blank.
 * - `branch`: the branch name's start; `*` as above, `#` for twelve or more digits.
 * - `name-suffix`: `Person (word)` or `Person + Word`.
 * - `title-prefix`: the title's start.
 * - `agent-path`: `<rig>/<role>/<name>` where a person's name is expected.
 */
export type MarkerKind =
  | "email"
  | "app-slug"
  | "session-key"
  | "vendor-key"
  | "footer"
  | "session-link"
  | "branch"
  | "name-suffix"
  | "title-prefix"
  | "agent-path";

/** Kind, pattern, confidence, source, and an example where the pattern is not its own. */
export type MarkerRow = readonly [MarkerKind, string, Confidence, MarkerSource, string?];

export interface ToolDefinition {
  readonly tool: string;
  readonly vendor: string;
  /** Folded names that identify the tool wherever a name stands, whatever the mailbox. The tool's own id is one. */
  readonly names: readonly string[];
  /** Names that people or things bear too: they count in a claim, never as the display name of an unknown mailbox. */
  readonly ambiguous: readonly string[];
  readonly markers: readonly MarkerRow[];
}

/**
 * How a key's value is read: `own` this standard · `claim` AI only if the value resolves to a tool, model or AI ·
 * `ai-claim` AI whatever the value · `ai-scope` the same without a tool in the value · `presence` the key alone ·
 * `agent-path` · `co-author`, `sign-off`, `role` an identity · `prose` a weak sign if the value resolves ·
 * `disclosure` a weak sign whatever the value, unless it denies.
 */
export type KeyReading =
  | "own"
  | "claim"
  | "ai-claim"
  | "ai-scope"
  | "presence"
  | "agent-path"
  | "co-author"
  | "sign-off"
  | "role"
  | "prose"
  | "disclosure";

export interface KeyDefinition {
  readonly key: string;
  readonly reading: KeyReading;
  readonly convention: string;
  readonly confidence: Confidence;
  readonly source: MarkerSource;
}

export interface ModelFamily {
  readonly family: string;
  readonly tool: string;
  readonly vendor: string;
  readonly words: readonly string[];
}

export interface BotDefinition {
  readonly bot: string;
  readonly slugs: readonly string[];
  readonly names: readonly string[];
  readonly emails: readonly string[];
  readonly source: MarkerSource;
}

export interface ServiceDefinition {
  readonly service: string;
  readonly emails: readonly string[];
  readonly slugs: readonly string[];
  readonly source: MarkerSource;
}
