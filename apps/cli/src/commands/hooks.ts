// SPDX-License-Identifier: Apache-2.0
import { buildCommand, buildRouteMap } from "@stricli/core";
import { type CliContext, lazily } from "../cli-context.ts";
import { COMMON_FLAGS } from "../common-flags.ts";
import type { HooksFlags } from "../hooks/run-hooks-install.ts";

const SIDE_FLAGS = {
  client: {
    kind: "boolean",
    brief: "commit-msg and pre-push, for a person's clone",
    default: false,
    withNegated: false,
  },
  server: {
    kind: "boolean",
    brief: "pre-receive and post-receive, for a server (default for a bare repository)",
    default: false,
    withNegated: false,
  },
} as const;

const installCommand = buildCommand<HooksFlags, [], CliContext>({
  loader: lazily(async () => (await import("../hooks/run-hooks-install.ts")).runHooksInstall),
  parameters: { flags: { ...COMMON_FLAGS, ...SIDE_FLAGS } },
  docs: {
    brief: "Install Git hooks; hooks that are there stay and run first",
    fullDescription: [
      "Writes the hooks where Git looks for them (core.hooksPath is honoured). May be repeated.",
      "",
      "EXAMPLES",
      "  countersign hooks install",
      "  countersign hooks install --server --repo /srv/git/project.git",
    ].join("\n"),
  },
});

const uninstallCommand = buildCommand<HooksFlags, [], CliContext>({
  loader: lazily(async () => (await import("../hooks/run-hooks-install.ts")).runHooksUninstall),
  parameters: { flags: { ...COMMON_FLAGS, ...SIDE_FLAGS } },
  docs: { brief: "Remove our Git hooks and put back exactly what was there" },
});

export const hooksRoutes = buildRouteMap<string, CliContext>({
  routes: { install: installCommand, uninstall: uninstallCommand },
  docs: { brief: "Install or remove Git hooks" },
});
