// SPDX-License-Identifier: Apache-2.0
import { buildCommand } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS, parseText } from "../common-flags.ts";
import type { InitFlags } from "../init/run-init.ts";

export const initCommand = buildCommand<InitFlags, [], CliContext>({
  loader: lazily(async () => (await import("../init/run-init.ts")).runInit),
  parameters: {
    flags: {
      ...COMMON_FLAGS,
      uninstall: {
        kind: "boolean",
        brief: "Take everything away again; every file is restored as it was",
        default: false,
        withNegated: false,
      },
      dryRun: { kind: "boolean", brief: "Only say what would be done", default: false, withNegated: false },
      noAgents: { kind: "boolean", brief: "Git's hooks only", default: false, withNegated: false },
      agents: {
        kind: "parsed",
        parse: parseText,
        placeholder: "NAMES",
        brief: "These agents, separated by commas, instead of those that are found",
        optional: true,
      },
    },
  },
  docs: {
    brief: "Installs the recorder: Git's hooks and those of every coding agent found here",
    fullDescription: [
      "Afterwards what agents write is recorded as it happens, and becomes the trailer, the note and the record of its commit.",
      "Running it again changes nothing. Agents' hooks are the user's and serve all repositories; Git's belong to this one.",
      "",
      "Examples:",
      "  countersign init",
      "  countersign init --dry-run",
      "  countersign init --agents claude-code,codex",
      "  countersign init --uninstall",
    ].join("\n"),
  },
});
