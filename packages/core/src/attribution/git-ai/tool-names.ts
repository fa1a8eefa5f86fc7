// SPDX-License-Identifier: Apache-2.0

/** Our registry's name and git-ai's, where they differ. The first of several is the one that is written. */
const NAMES: readonly (readonly [tool: string, gitAi: string])[] = [
  ["claude-code", "claude"],
  ["claude-code", "claude-web"],
  ["gemini-cli", "gemini"],
  ["continue", "continue-cli"],
  ["github-copilot", "github-copilot-cli"],
  ["github-copilot", "github-copilot-agent"],
  ["github-copilot", "copilot"],
  ["codex", "codex-cloud"],
  ["cursor", "cursor-agent"],
];
const SAME_IN_BOTH = new Set(["github-copilot", "codex", "cursor"]);

const WRITTEN = new Map(NAMES.toReversed().filter(([tool]) => !SAME_IN_BOTH.has(tool)));
const READ = new Map(NAMES.map(([tool, gitAi]) => [gitAi, tool]));

export function toGitAiTool(tool: string): string {
  return WRITTEN.get(tool) ?? tool;
}

/** Registry name; a tool that we do not know keeps its own name in kebab-case, `unspecified` where nothing is left. */
export function fromGitAiTool(gitAi: string): string {
  const folded = gitAi
    .slice(0, 64)
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return READ.get(folded) ?? (folded === "" ? "unspecified" : folded);
}
