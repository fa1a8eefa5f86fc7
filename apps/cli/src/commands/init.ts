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
      all: {
        kind: "boolean",
        brief: "With --uninstall: agents' hooks go although other repositories record with them",
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
      policy: {
        kind: "parsed",
        parse: parseText,
        placeholder: "PROFILE",
        brief: "Also write .countersign/policy.yml from this profile, unless there is one",
        optional: true,
      },
    },
  },
  docs: {
    brief: "Install the recorder: Git's hooks, and those of every coding agent found here",
    fullDescription: [
      "From then on what agents write is recorded as it happens, and becomes the trailer, the note and the record of its commit.",
      "Running it again changes nothing. Git's hooks belong to this repository, and hooks that are there run first; agents' hooks are",
      "yours, serve all repositories, and go with the last one that uses them. Every file is put back as it was, byte for byte.",
      "",
      "EXAMPLES",
      "  countersign init --dry-run                   what would be written, and where",
      "  countersign init                             Git's hooks and every agent found here",
      "  countersign init --agents claude-code,codex  these agents only",
      "  countersign init --no-agents                 Git's hooks only",
      "  countersign init --policy amazon             and a policy to start from",
      "  countersign init --uninstall                 take it away again",
      "  countersign init --uninstall --all           agents' hooks too, while other repositories use them",
    ].join("\n"),
  },
});
